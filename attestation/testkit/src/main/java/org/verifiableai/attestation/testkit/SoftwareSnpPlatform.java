package org.verifiableai.attestation.testkit;

import java.security.SecureRandom;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.guest.ReportSource;

/**
 * A processor made of software with one guest on it: it writes reports as the firmware does and signs them with its VCEK
 * or VLEK. Immutable and thread-safe; each {@code with} method gives a platform that differs in one thing, also in ways
 * that no firmware would allow.
 *
 * <p>It is trusted only where the roots of its {@link SoftwareAmd} are.
 */
public final class SoftwareSnpPlatform implements ReportSource {

    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int VERSION = 0x000;
    private static final int POLICY = 0x008;
    private static final int VMPL = 0x030;
    private static final int SIGNATURE_ALGO = 0x034;
    private static final int CURRENT_TCB = 0x038;
    private static final int PLATFORM_INFO = 0x040;
    private static final int KEY_INFO = 0x048;
    private static final int REPORT_DATA = 0x050;
    private static final int REPORT_DATA_SIZE = 64;
    private static final int MEASUREMENT = 0x090;
    private static final int HOST_DATA = 0x0C0;
    private static final int REPORT_ID = 0x140;
    private static final int REPORT_ID_MA = 0x160;
    private static final int REPORTED_TCB = 0x180;
    private static final int CPUID = 0x188;
    private static final int CHIP_ID = 0x1A0;
    private static final int COMMITTED_TCB = 0x1E0;
    private static final int CURRENT_VERSION = 0x1E8;
    private static final int COMMITTED_VERSION = 0x1EC;
    private static final int LAUNCH_TCB = 0x1F0;
    private static final int SIGNED_SIZE = 0x2A0;
    private static final int R = 0x2A0;
    private static final int S = 0x2E8;
    private static final int SCALAR_SIZE = 48;
    private static final int VLEK_KEY_INFO = 1 << 2;
    private static final int CHIP_ID_SIZE = 64;
    private static final int TURIN_CHIP_ID_SIZE = 8;

    private static final long ORDINARY_POLICY = 0x30000;
    private static final long ORDINARY_PLATFORM_INFO = 0x25;

    private final SoftwareAmd amd;
    private final SoftwareKey key;
    private final Bytes template;
    private final Bytes vek;
    private final List<Bytes> authorities;
    private final List<Bytes> revocationLists;

    private SoftwareSnpPlatform(
            SoftwareAmd amd,
            SoftwareKey key,
            Bytes template,
            Bytes vek,
            List<Bytes> authorities,
            List<Bytes> revocationLists) {
        this.amd = amd;
        this.key = key;
        this.template = template;
        this.vek = vek;
        this.authorities = List.copyOf(authorities);
        this.revocationLists = List.copyOf(revocationLists);
    }

    static SoftwareSnpPlatform withVcek(SoftwareAmd amd, TcbVersion tcb) {
        SoftwareKey key = SoftwareKey.generate();
        Bytes hwId = random(amd.productLine() == ProductLine.TURIN ? TURIN_CHIP_ID_SIZE : CHIP_ID_SIZE);
        return new SoftwareSnpPlatform(
                amd,
                key,
                write(ordinary(amd.productLine(), tcb), CHIP_ID, hwId),
                amd.vcek(key, tcb, hwId),
                List.of(amd.ask(), amd.ark()),
                List.of(amd.emptyRevocationList()));
    }

    static SoftwareSnpPlatform withVlek(SoftwareAmd amd, TcbVersion tcb, String cspId) {
        SoftwareKey key = SoftwareKey.generate();
        return new SoftwareSnpPlatform(
                amd,
                key,
                write(ordinary(amd.productLine(), tcb), KEY_INFO, littleEndian(VLEK_KEY_INFO, 4)),
                amd.vlek(key, tcb, cspId),
                List.of(amd.asvk(), amd.ark()),
                List.of(amd.emptyRevocationList()));
    }

    /**
     * Writes and signs a report.
     *
     * @param reportData 64 bytes
     * @throws IllegalArgumentException if {@code reportData} is of another length
     */
    @Override
    public SnpEvidence report(Bytes reportData) {
        if (reportData.size() != REPORT_DATA_SIZE) {
            throw new IllegalArgumentException(
                    "report data must be of " + REPORT_DATA_SIZE + " bytes, found " + reportData.size());
        }
        return new SnpEvidence(sign(write(template, REPORT_DATA, reportData)), vek, authorities, revocationLists);
    }

    /** Puts this platform's signature over the signed part of {@code report} into its place. */
    public Bytes sign(Bytes report) {
        Bytes signature = key.sign(report.slice(0, SIGNED_SIZE));
        return write(
                write(report, R, signature.slice(0, SCALAR_SIZE).reversed()),
                S,
                signature.slice(SCALAR_SIZE, 2 * SCALAR_SIZE).reversed());
    }

    /** The measurement that its reports carry. */
    public Bytes measurement() {
        return template.slice(MEASUREMENT, MEASUREMENT + 48);
    }

    /** With any bytes at any offset of the report. */
    public SoftwareSnpPlatform with(int offset, Bytes bytes) {
        return new SoftwareSnpPlatform(amd, key, write(template, offset, bytes), vek, authorities, revocationLists);
    }

    /** With this VERSION. */
    public SoftwareSnpPlatform withVersion(int version) {
        return with(VERSION, littleEndian(version, 4));
    }

    /** With this guest policy. */
    public SoftwareSnpPlatform withPolicy(long policy) {
        return with(POLICY, littleEndian(policy, 8));
    }

    /** With a request from this VMPL. */
    public SoftwareSnpPlatform withVmpl(int vmpl) {
        return with(VMPL, littleEndian(vmpl, 4));
    }

    /** With this MEASUREMENT, 48 bytes. */
    public SoftwareSnpPlatform withMeasurement(Bytes measurement) {
        return with(MEASUREMENT, measurement);
    }

    /** With this HOST_DATA, 32 bytes. */
    public SoftwareSnpPlatform withHostData(Bytes hostData) {
        return with(HOST_DATA, hostData);
    }

    /** With this REPORTED_TCB; the certificate stays as it is. */
    public SoftwareSnpPlatform withReportedTcb(TcbVersion tcb) {
        return with(REPORTED_TCB, tcb.toBytes(amd.productLine()));
    }

    /** With this COMMITTED_TCB. */
    public SoftwareSnpPlatform withCommittedTcb(TcbVersion tcb) {
        return with(COMMITTED_TCB, tcb.toBytes(amd.productLine()));
    }

    /** With this LAUNCH_TCB. */
    public SoftwareSnpPlatform withLaunchTcb(TcbVersion tcb) {
        return with(LAUNCH_TCB, tcb.toBytes(amd.productLine()));
    }

    /** With the certificate of another platform, and so of another chip and key. */
    public SoftwareSnpPlatform withCertificateOf(SoftwareSnpPlatform other) {
        return new SoftwareSnpPlatform(amd, key, template, other.vek, authorities, revocationLists);
    }

    /** With the key of another platform, while the certificate stays. */
    public SoftwareSnpPlatform withKeyOf(SoftwareSnpPlatform other) {
        return new SoftwareSnpPlatform(amd, other.key, template, vek, authorities, revocationLists);
    }

    /** With these certificates above the VEK, DER. */
    public SoftwareSnpPlatform withAuthorities(List<Bytes> certificates) {
        return new SoftwareSnpPlatform(amd, key, template, vek, certificates, revocationLists);
    }

    /** With these revocation lists, DER. */
    public SoftwareSnpPlatform withRevocationLists(List<Bytes> lists) {
        return new SoftwareSnpPlatform(amd, key, template, vek, authorities, lists);
    }

    private static Bytes ordinary(ProductLine line, TcbVersion tcb) {
        Bytes raw = Bytes.zeros(SnpReport.SIZE);
        raw = write(raw, VERSION, littleEndian(line == ProductLine.TURIN ? 5 : 3, 4));
        raw = write(raw, POLICY, littleEndian(ORDINARY_POLICY, 8));
        raw = write(raw, SIGNATURE_ALGO, littleEndian(1, 4));
        raw = write(raw, PLATFORM_INFO, littleEndian(ORDINARY_PLATFORM_INFO, 8));
        raw = write(raw, MEASUREMENT, Bytes.utf8("a guest made of software").sha384());
        raw = write(raw, REPORT_ID, random(32));
        raw = write(raw, REPORT_ID_MA, Bytes.fromHex("ff".repeat(32)));
        raw = write(raw, CPUID, cpuId(line));
        for (int offset : new int[] {CURRENT_TCB, REPORTED_TCB, COMMITTED_TCB, LAUNCH_TCB}) {
            raw = write(raw, offset, tcb.toBytes(line));
        }
        for (int offset : new int[] {CURRENT_VERSION, COMMITTED_VERSION}) {
            raw = write(raw, offset, Bytes.of((byte) 40, (byte) 55, (byte) 1));
        }
        return raw;
    }

    /** Family, model and stepping of a processor that is on sale. */
    private static Bytes cpuId(ProductLine line) {
        return switch (line) {
            case MILAN -> Bytes.fromHex("190101");
            case GENOA -> Bytes.fromHex("191101");
            case TURIN -> Bytes.fromHex("1a0201");
        };
    }

    private static Bytes write(Bytes target, int offset, Bytes bytes) {
        return target.slice(0, offset).concat(bytes, target.slice(offset + bytes.size(), target.size()));
    }

    private static Bytes littleEndian(long value, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return Bytes.of(bytes);
    }

    private static Bytes random(int size) {
        byte[] bytes = new byte[size];
        RANDOM.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
