package org.verifiableai.attestation.testkit;

import java.security.SecureRandom;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.CertificateTable;
import org.verifiableai.attestation.snp.FirmwareVersion;
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
    private static final int GUEST_SVN = 0x004;
    private static final int POLICY = 0x008;
    private static final int FAMILY_ID = 0x010;
    private static final int IMAGE_ID = 0x020;
    private static final int VMPL = 0x030;
    private static final int SIGNATURE_ALGO = 0x034;
    private static final int CURRENT_TCB = 0x038;
    private static final int PLATFORM_INFO = 0x040;
    private static final int KEY_INFO = 0x048;
    private static final int REPORT_DATA = 0x050;
    private static final int REPORT_DATA_SIZE = 64;
    private static final int MEASUREMENT = 0x090;
    private static final int HOST_DATA = 0x0C0;
    private static final int ID_KEY_DIGEST = 0x0E0;
    private static final int AUTHOR_KEY_DIGEST = 0x110;
    private static final int REPORT_ID = 0x140;
    private static final int REPORT_ID_MA = 0x160;
    private static final int REPORTED_TCB = 0x180;
    private static final int CPUID = 0x188;
    private static final int CHIP_ID = 0x1A0;
    private static final int COMMITTED_TCB = 0x1E0;
    private static final int CURRENT_VERSION = 0x1E8;
    private static final int COMMITTED_VERSION = 0x1EC;
    private static final int LAUNCH_TCB = 0x1F0;
    private static final int LAUNCH_MIT_VECTOR = 0x1F8;
    private static final int CURRENT_MIT_VECTOR = 0x200;
    private static final int SIGNED_SIZE = 0x2A0;
    private static final int R = 0x2A0;
    private static final int S = 0x2E8;
    private static final int SCALAR_SIZE = 48;
    private static final int AUTHOR_KEY_EN = 1;
    private static final int VLEK_KEY_INFO = 1 << 2;
    private static final int DIGEST_SIZE = 48;
    private static final int REPORT_ID_SIZE = 32;
    private static final int CHIP_ID_SIZE = 64;
    private static final int TURIN_CHIP_ID_SIZE = 8;

    private static final long ORDINARY_POLICY = 0x30000;
    private static final long ORDINARY_PLATFORM_INFO = 0x25;
    private static final FirmwareVersion ORDINARY_FIRMWARE = new FirmwareVersion(1, 55, 40);

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
        Bytes report = write(template, REPORT_DATA, sized("report data", reportData, REPORT_DATA_SIZE));
        return new SnpEvidence(sign(report), vek, authorities, revocationLists);
    }

    /**
     * The certificate table that the host of this platform hands to the guest beside a report: VCEK or VLEK, the first
     * certificate above it that is not the root's, the root's, and the first revocation list, as far as they are there.
     */
    public CertificateTable certificateTable() {
        CertificateTable.Builder table = CertificateTable.builder();
        boolean vlek = (template.unsigned(KEY_INFO) & VLEK_KEY_INFO) != 0;
        table.entry(vlek ? CertificateTable.VLEK : CertificateTable.VCEK, vek);
        authorities.stream().filter(c -> !c.equals(amd.ark())).findFirst().ifPresent(table::ask);
        authorities.stream().filter(c -> c.equals(amd.ark())).findFirst().ifPresent(table::ark);
        revocationLists.stream().findFirst().ifPresent(table::crl);
        return table.build();
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
        return template.slice(MEASUREMENT, MEASUREMENT + DIGEST_SIZE);
    }

    /** The CHIP_ID that its reports carry. */
    public Bytes chipId() {
        return template.slice(CHIP_ID, CHIP_ID + CHIP_ID_SIZE);
    }

    /** The REPORT_ID that its reports carry. */
    public Bytes reportId() {
        return template.slice(REPORT_ID, REPORT_ID + REPORT_ID_SIZE);
    }

    /**
     * With any bytes at any offset of the report; they are signed like the rest where they lie before the signature. For
     * what no other method does, such as reserved bytes and the fields of a version to come.
     */
    public SoftwareSnpPlatform with(int offset, Bytes bytes) {
        return new SoftwareSnpPlatform(amd, key, write(template, offset, bytes), vek, authorities, revocationLists);
    }

    /**
     * With this VERSION, known or not. The other fields stay where they are, so that version 2 still names a processor:
     * see {@link #withoutCpu()}.
     */
    public SoftwareSnpPlatform withVersion(int version) {
        return with(VERSION, littleEndian(version, 4));
    }

    /** With this GUEST_SVN, an unsigned 32-bit number. */
    public SoftwareSnpPlatform withGuestSvn(long svn) {
        return with(GUEST_SVN, littleEndian(svn, 4));
    }

    /** With this guest policy, any bits. */
    public SoftwareSnpPlatform withPolicy(long policy) {
        return with(POLICY, littleEndian(policy, 8));
    }

    /** With this FAMILY_ID, 16 bytes. */
    public SoftwareSnpPlatform withFamilyId(Bytes id) {
        return with(FAMILY_ID, sized("family id", id, 16));
    }

    /** With this IMAGE_ID, 16 bytes. */
    public SoftwareSnpPlatform withImageId(Bytes id) {
        return with(IMAGE_ID, sized("image id", id, 16));
    }

    /** With a request from this VMPL; -1 for a request of the host. */
    public SoftwareSnpPlatform withVmpl(int vmpl) {
        return with(VMPL, littleEndian(vmpl, 4));
    }

    /** With this CURRENT_TCB. */
    public SoftwareSnpPlatform withCurrentTcb(TcbVersion tcb) {
        return with(CURRENT_TCB, tcb.toBytes(amd.productLine()));
    }

    /** With this PLATFORM_INFO, any bits. */
    public SoftwareSnpPlatform withPlatformInfo(long platformInfo) {
        return with(PLATFORM_INFO, littleEndian(platformInfo, 8));
    }

    /** With this KEY_INFO, any bits; the key that signs stays. */
    public SoftwareSnpPlatform withKeyInfo(int keyInfo) {
        return with(KEY_INFO, littleEndian(keyInfo, 4));
    }

    /** With this MEASUREMENT, 48 bytes. */
    public SoftwareSnpPlatform withMeasurement(Bytes measurement) {
        return with(MEASUREMENT, sized("measurement", measurement, DIGEST_SIZE));
    }

    /** With this HOST_DATA, 32 bytes. */
    public SoftwareSnpPlatform withHostData(Bytes hostData) {
        return with(HOST_DATA, sized("host data", hostData, 32));
    }

    /** With a launch under an ID block whose key has this digest, 48 bytes. */
    public SoftwareSnpPlatform withIdKey(Bytes digest) {
        return with(ID_KEY_DIGEST, sized("id key digest", digest, DIGEST_SIZE));
    }

    /** With an author key of this digest, 48 bytes, and AUTHOR_KEY_EN set. */
    public SoftwareSnpPlatform withAuthorKey(Bytes digest) {
        return with(AUTHOR_KEY_DIGEST, sized("author key digest", digest, DIGEST_SIZE))
                .with(KEY_INFO, Bytes.of((byte) (template.get(KEY_INFO) | AUTHOR_KEY_EN)));
    }

    /** With this REPORT_ID, 32 bytes: as another guest, or the same one later. */
    public SoftwareSnpPlatform withReportId(Bytes id) {
        return with(REPORT_ID, sized("report id", id, REPORT_ID_SIZE));
    }

    /** With another guest like this one, or the same one launched anew: the firmware drew another REPORT_ID. */
    public SoftwareSnpPlatform reboot() {
        return withReportId(random(REPORT_ID_SIZE));
    }

    /** With this REPORT_ID_MA, 32 bytes: with a migration agent. */
    public SoftwareSnpPlatform withReportIdMa(Bytes id) {
        return with(REPORT_ID_MA, sized("report id of the migration agent", id, REPORT_ID_SIZE));
    }

    /** With this REPORTED_TCB; the certificate stays as it is. */
    public SoftwareSnpPlatform withReportedTcb(TcbVersion tcb) {
        return with(REPORTED_TCB, tcb.toBytes(amd.productLine()));
    }

    /** With a processor of this combined family, model and stepping. */
    public SoftwareSnpPlatform withCpu(int family, int model, int stepping) {
        return with(CPUID, Bytes.of((byte) family, (byte) model, (byte) stepping));
    }

    /** With a report that does not say which processor made it, as those of version 2. */
    public SoftwareSnpPlatform withoutCpu() {
        return with(CPUID, Bytes.zeros(3));
    }

    /** With this CHIP_ID, 64 bytes; the certificate stays as it is. All zeros for a host that masks it. */
    public SoftwareSnpPlatform withChipId(Bytes chipId) {
        return with(CHIP_ID, sized("chip id", chipId, CHIP_ID_SIZE));
    }

    /** With this COMMITTED_TCB. */
    public SoftwareSnpPlatform withCommittedTcb(TcbVersion tcb) {
        return with(COMMITTED_TCB, tcb.toBytes(amd.productLine()));
    }

    /** With this firmware running. */
    public SoftwareSnpPlatform withCurrentFirmware(FirmwareVersion version) {
        return with(CURRENT_VERSION, bytes(version));
    }

    /** With this firmware committed. */
    public SoftwareSnpPlatform withCommittedFirmware(FirmwareVersion version) {
        return with(COMMITTED_VERSION, bytes(version));
    }

    /** With this LAUNCH_TCB. */
    public SoftwareSnpPlatform withLaunchTcb(TcbVersion tcb) {
        return with(LAUNCH_TCB, tcb.toBytes(amd.productLine()));
    }

    /** With this LAUNCH_MIT_VECTOR, which only reports of version 5 have. */
    public SoftwareSnpPlatform withLaunchMitigations(long vector) {
        return with(LAUNCH_MIT_VECTOR, littleEndian(vector, 8));
    }

    /** With this CURRENT_MIT_VECTOR, which only reports of version 5 have. */
    public SoftwareSnpPlatform withCurrentMitigations(long vector) {
        return with(CURRENT_MIT_VECTOR, littleEndian(vector, 8));
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
            raw = write(raw, offset, bytes(ORDINARY_FIRMWARE));
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

    /** Build, minor, major: the order of the bytes. */
    private static Bytes bytes(FirmwareVersion version) {
        return Bytes.of((byte) version.build(), (byte) version.minor(), (byte) version.major());
    }

    private static Bytes sized(String name, Bytes bytes, int size) {
        if (bytes.size() != size) {
            throw new IllegalArgumentException(name + " must be of " + size + " bytes, found " + bytes.size());
        }
        return bytes;
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
