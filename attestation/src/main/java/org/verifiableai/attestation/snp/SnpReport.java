package org.verifiableai.attestation.snp;

import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * An ATTESTATION_REPORT (ABI, table of the attestation report), read and not yet trusted: its bytes as received, and a
 * typed look at each field. Immutable.
 *
 * <p>Integers are little-endian in the report. What a value of this type says is what somebody wrote; only a
 * {@code Verified<SnpReport>} says that an AMD processor wrote it.
 */
public final class SnpReport {

    /** The length of a report, 1184 bytes in every version. */
    public static final int SIZE = 0x4A0;

    /** The signed bytes are those before this offset, 672 of them. */
    static final int SIGNED_SIZE = 0x2A0;

    private static final int MIN_VERSION = 2;
    private static final int MAX_VERSION = 5;
    private static final int FIRST_VERSION_WITH_CPUID = 3;
    private static final int FIRST_VERSION_WITH_MITIGATION_VECTORS = 5;
    private static final int ECDSA_P384_SHA384 = 1;
    private static final int SCALAR_SIZE = 48;
    private static final int SCALAR_FIELD_SIZE = 72;
    private static final int R = 0x2A0;
    private static final int S = R + SCALAR_FIELD_SIZE;
    private static final int AUTHOR_KEY_EN = 1;
    private static final int MASK_CHIP_KEY = 1 << 1;
    private static final int KEY_INFO_KNOWN_BITS = 0b11111;

    private final Bytes raw;

    private SnpReport(Bytes raw) {
        this.raw = raw;
    }

    /**
     * The processor that made a report: the combined values of CPUID.
     *
     * @param family such as 19h
     * @param model such as 01h
     * @param stepping such as 1
     */
    public record CpuId(int family, int model, int stepping) {

        private static final HexFormat HEX = HexFormat.of();

        @Override
        public String toString() {
            return "family " + HEX.toHexDigits((byte) family) + "h model " + HEX.toHexDigits((byte) model)
                    + "h stepping " + stepping;
        }
    }

    /**
     * Reads a report of version 2, 3, 4 or 5. Version 4 has the layout of 3. Later versions are refused by name: their
     * fields may lie elsewhere.
     *
     * @throws MalformedEvidenceException if {@code raw} is not {@link #SIZE} bytes long, is of another version, names a
     *     signature algorithm other than ECDSA P-384 with SHA-384, sets a reserved bit of KEY_INFO, or pads its signature
     *     with anything but zeros
     */
    public static SnpReport parse(Bytes raw) throws MalformedEvidenceException {
        SnpReport report = sized(raw);
        if (!report.isKnown()) {
            throw new MalformedEvidenceException(
                    "VERSION", 0x000, "2, 3, 4 or 5", "unsupported version " + report.u32(0x000));
        }
        report.checkSignatureFields();
        if ((report.keyInfo() & ~KEY_INFO_KNOWN_BITS) != 0) {
            throw new MalformedEvidenceException(
                    "KEY_INFO", 0x048, "zero in bits 31 to 5", "0x" + Long.toHexString(report.keyInfo()));
        }
        return report;
    }

    /**
     * Reads a report of any version from 2 on for its signature alone. What the other accessors give may be nonsense, so
     * that this never leaves the verifier.
     */
    static SnpReport parseSignatureOnly(Bytes raw) throws MalformedEvidenceException {
        SnpReport report = sized(raw);
        if (report.u32(0x000) < MIN_VERSION) {
            throw new MalformedEvidenceException("VERSION", 0x000, "2 or later", "version " + report.u32(0x000));
        }
        report.checkSignatureFields();
        return report;
    }

    private static SnpReport sized(Bytes raw) throws MalformedEvidenceException {
        if (raw.size() != SIZE) {
            throw new MalformedEvidenceException(
                    "attestation report", 0, "exactly " + SIZE + " bytes", raw.size() + " bytes");
        }
        return new SnpReport(raw);
    }

    private void checkSignatureFields() throws MalformedEvidenceException {
        if (u32(0x034) != ECDSA_P384_SHA384) {
            throw new MalformedEvidenceException(
                    "SIGNATURE_ALGO", 0x034, "1, which is ECDSA P-384 with SHA-384", "" + u32(0x034));
        }
        for (int scalar : new int[] {R, S}) {
            Bytes padding = raw.slice(scalar + SCALAR_SIZE, scalar + SCALAR_FIELD_SIZE);
            if (!padding.isZero()) {
                throw new MalformedEvidenceException(
                        scalar == R ? "SIGNATURE.R" : "SIGNATURE.S",
                        scalar + SCALAR_SIZE,
                        "24 bytes of zero padding",
                        padding.hex());
            }
        }
    }

    /** Whether the version is one whose layout is known. */
    boolean isKnown() {
        return u32(0x000) >= MIN_VERSION && u32(0x000) <= MAX_VERSION;
    }

    /**
     * The report as received, {@link #SIZE} bytes. It is no identity of the report: the bytes from 330h on are not signed,
     * and of one ECDSA signature anybody can make a second.
     */
    public Bytes raw() {
        return raw;
    }

    /** VERSION, 2 to 5. */
    public int version() {
        return (int) u32(0x000);
    }

    /** GUEST_SVN, from the ID block; unsigned 32 bits. */
    public long guestSvn() {
        return u32(0x004);
    }

    /** POLICY. */
    public GuestPolicy policy() {
        return new GuestPolicy(u64(0x008));
    }

    /** FAMILY_ID, 16 bytes, from the ID block; zero without one. */
    public Bytes familyId() {
        return field(0x010, 16);
    }

    /** IMAGE_ID, 16 bytes, from the ID block; zero without one. */
    public Bytes imageId() {
        return field(0x020, 16);
    }

    /** VMPL for which the report was asked, 0 to 3; 0xFFFFFFFF for a request of the host. */
    public long vmpl() {
        return u32(0x030);
    }

    /** CURRENT_TCB, 8 bytes; see {@link #currentTcb(ProductLine)}. */
    public Bytes currentTcb() {
        return field(0x038, TcbVersion.SIZE);
    }

    /** CURRENT_TCB as a processor of {@code line} lays it out: what runs now. */
    public TcbVersion currentTcb(ProductLine line) {
        return TcbVersion.read(line, currentTcb());
    }

    /** PLATFORM_INFO. */
    public PlatformInfo platformInfo() {
        return new PlatformInfo(u64(0x040));
    }

    /** AUTHOR_KEY_EN of KEY_INFO: the ID key was itself signed by an author key. */
    public boolean authorKeyEnabled() {
        return (keyInfo() & AUTHOR_KEY_EN) != 0;
    }

    /** MASK_CHIP_KEY of KEY_INFO: the host forbids signing with a chip's key, and the report is not signed. */
    public boolean chipKeyMasked() {
        return (keyInfo() & MASK_CHIP_KEY) != 0;
    }

    /** SIGNING_KEY of KEY_INFO. */
    public SigningKey signingKey() {
        return SigningKey.ofKeyInfo(keyInfo());
    }

    /** REPORT_DATA, 64 bytes that the guest chose. */
    public Bytes reportData() {
        return field(0x050, 64);
    }

    /** MEASUREMENT, 48 bytes: the launch digest. It covers neither policy nor HOST_DATA nor what was loaded later. */
    public Bytes measurement() {
        return field(0x090, 48);
    }

    /** HOST_DATA, 32 bytes that the host chose at launch. */
    public Bytes hostData() {
        return field(0x0C0, 32);
    }

    /** ID_KEY_DIGEST, 48 bytes: SHA-384 of the key that signed the ID block; zero without one. */
    public Bytes idKeyDigest() {
        return field(0x0E0, 48);
    }

    /** AUTHOR_KEY_DIGEST, 48 bytes: SHA-384 of the key that signed the ID key; zero unless it is enabled. */
    public Bytes authorKeyDigest() {
        return field(0x110, 48);
    }

    /** REPORT_ID, 32 bytes: random, one for the life of the guest. */
    public Bytes reportId() {
        return field(0x140, 32);
    }

    /** REPORT_ID_MA, 32 bytes: that of the migration agent; all ones without one. */
    public Bytes reportIdMa() {
        return field(0x160, 32);
    }

    /** REPORTED_TCB, 8 bytes; see {@link #reportedTcb(ProductLine)}. */
    public Bytes reportedTcb() {
        return field(0x180, TcbVersion.SIZE);
    }

    /** REPORTED_TCB as a processor of {@code line} lays it out: the one that the signing key is derived from. */
    public TcbVersion reportedTcb(ProductLine line) {
        return TcbVersion.read(line, reportedTcb());
    }

    /** The processor; empty in version 2, which does not say. */
    public Optional<CpuId> cpuId() {
        return version() < FIRST_VERSION_WITH_CPUID
                ? Optional.empty()
                : Optional.of(new CpuId(raw.unsigned(0x188), raw.unsigned(0x189), raw.unsigned(0x18A)));
    }

    /** CHIP_ID, 64 bytes; on Turin 8 and then zeros, and all zero if the host masks it. */
    public Bytes chipId() {
        return field(0x1A0, 64);
    }

    /** COMMITTED_TCB, 8 bytes; see {@link #committedTcb(ProductLine)}. */
    public Bytes committedTcb() {
        return field(0x1E0, TcbVersion.SIZE);
    }

    /** COMMITTED_TCB as a processor of {@code line} lays it out: below it the firmware cannot be rolled back. */
    public TcbVersion committedTcb(ProductLine line) {
        return TcbVersion.read(line, committedTcb());
    }

    /** The firmware that runs. */
    public FirmwareVersion currentVersion() {
        return firmware(0x1E8);
    }

    /** The firmware below which no rollback goes. */
    public FirmwareVersion committedVersion() {
        return firmware(0x1EC);
    }

    /** LAUNCH_TCB, 8 bytes; see {@link #launchTcb(ProductLine)}. */
    public Bytes launchTcb() {
        return field(0x1F0, TcbVersion.SIZE);
    }

    /** LAUNCH_TCB as a processor of {@code line} lays it out: what ran when the guest was launched or imported. */
    public TcbVersion launchTcb(ProductLine line) {
        return TcbVersion.read(line, launchTcb());
    }

    /** LAUNCH_MIT_VECTOR, one bit a mitigation; empty before version 5, which is not the same as zero. */
    public Optional<Long> launchMitigationVector() {
        return mitigationVector(0x1F8);
    }

    /** CURRENT_MIT_VECTOR, one bit a mitigation; empty before version 5, which is not the same as zero. */
    public Optional<Long> currentMitigationVector() {
        return mitigationVector(0x200);
    }

    /** The bytes that the signature covers, as received. */
    public Bytes signedBytes() {
        return raw.slice(0, SIGNED_SIZE);
    }

    /** The signature: r and s, 48 bytes each, big-endian. */
    public Bytes signature() {
        return field(R, SCALAR_SIZE).reversed().concat(field(S, SCALAR_SIZE).reversed());
    }

    /**
     * Every field by its name in the ABI, in order, for people: numbers in decimal, bytes and bits in hex. TCB versions
     * stand by component if the report says which line its processor is of, and as 8 bytes of hex if not.
     */
    public Map<String, String> fields() {
        return SnpFacts.of(this, cpuId().flatMap(ProductLine::of).orElse(null));
    }

    /** The same as of a processor of {@code line}, for version 2, which does not say. */
    public Map<String, String> fields(ProductLine line) {
        return SnpFacts.of(this, line);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SnpReport that && raw.equals(that.raw);
    }

    @Override
    public int hashCode() {
        return raw.hashCode();
    }

    @Override
    public String toString() {
        return "SnpReport[version " + version() + ", measurement " + measurement() + ", chip " + chipId() + "]";
    }

    private long keyInfo() {
        return u32(0x048);
    }

    private Optional<Long> mitigationVector(int offset) {
        return version() < FIRST_VERSION_WITH_MITIGATION_VECTORS ? Optional.empty() : Optional.of(u64(offset));
    }

    /** Build, minor, major: the order of the bytes. */
    private FirmwareVersion firmware(int offset) {
        return new FirmwareVersion(raw.unsigned(offset + 2), raw.unsigned(offset + 1), raw.unsigned(offset));
    }

    private Bytes field(int offset, int size) {
        return raw.slice(offset, offset + size);
    }

    private long u32(int offset) {
        return LittleEndian.read(raw, offset, Integer.BYTES);
    }

    private long u64(int offset) {
        return LittleEndian.read(raw, offset, Long.BYTES);
    }
}
