package org.verifiableai.attestation.snp.guest;

import java.util.Arrays;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;
import org.verifiableai.attestation.snp.SnpReport;

/**
 * What the paravisor of an Azure confidential VM (the HCL) leaves in NV index 0x01400001 of the VM's vTPM: an attestation
 * report that it asked for itself, and the runtime data that the report binds. Immutable.
 *
 * <p>Guests there cannot ask for reports. REPORT_DATA is SHA-256 over the runtime data and then zeros, and the runtime data
 * is JSON that names, among other things, the vTPM's attestation key. So a report that a verifier accepts with
 * {@link #expectedReportData} proves that a paravisor of that MEASUREMENT vouches for that key, at some time.
 *
 * <p>It does <em>not</em> prove that the report is fresh, and it binds nothing that the guest chose: no nonce, no key of the
 * guest's, no job. That is for a TPM quote by {@link #attestationKey}, with the nonce as its qualifying data and the guest's
 * own measurements as its PCRs, which this SDK does not verify. Nor does MEASUREMENT cover the guest's operating system: it
 * is the paravisor's, and the PCRs are what speaks of the rest. Whoever accepts the report alone knows of a machine and not
 * of a conversation with it.
 *
 * <pre>{@code
 * AzureHclReport hcl = AzureHclReport.parse(nvIndex);
 * SnpPolicy policy = SnpPolicy.builder().expectedReportData(hcl.expectedReportData())...
 * Verdict<SnpReport> verdict = verifier.verify(SnpEvidence.of(hcl.report(), vcek, authorities, lists), policy);
 * }</pre>
 *
 * <p>Reading the index, which needs a TPM, is the caller's: {@code tpm2_nvread -C o 0x01400001} does it. The VCEK's
 * certificate comes from Azure's metadata service (THIM) or from AMD.
 */
public final class AzureHclReport {

    /** The largest blob that is read, in bytes. Real ones have 2600. */
    public static final int MAX_SIZE = 64 * 1024;

    private static final Bytes MAGIC = Bytes.utf8("HCLA");
    private static final int VERSION = 0x04;
    private static final int MAX_VERSION = 2;
    private static final int REQUEST_TYPE = 0x0C;
    private static final int REQUEST_TYPE_REPORT = 2;
    private static final int REPORT = 0x20;
    private static final int DATA_SIZE = REPORT + SnpReport.SIZE;
    private static final int DATA_VERSION = DATA_SIZE + 0x04;
    private static final int REPORT_TYPE = DATA_SIZE + 0x08;
    private static final int REPORT_TYPE_SNP = 2;
    private static final int HASH_TYPE = DATA_SIZE + 0x0C;
    private static final int HASH_TYPE_SHA256 = 1;
    private static final int LENGTH = DATA_SIZE + 0x10;
    private static final int RUNTIME_DATA = DATA_SIZE + 0x14;
    private static final int RUNTIME_HEADER_SIZE = RUNTIME_DATA - DATA_SIZE;
    private static final int REPORT_DATA = REPORT + 0x050;
    private static final int REPORT_DATA_SIZE = 64;
    private static final int HASH_SIZE = 32;

    private final Bytes report;
    private final Bytes runtimeData;

    private AzureHclReport(Bytes report, Bytes runtimeData) {
        this.report = report;
        this.runtimeData = runtimeData;
    }

    /**
     * Reads the blob, and refuses one whose report does not bind its runtime data. What follows the runtime data is not
     * looked at: the index is longer than what is in it. The header is not signed, and neither its SIZE nor its STATUS is
     * relied on.
     *
     * @throws MalformedEvidenceException if {@code blob} exceeds {@link #MAX_SIZE}, is of another form or version, holds a
     *     report of another technology than SEV-SNP, or REPORT_DATA is not SHA-256 over the runtime data and then zeros
     */
    public static AzureHclReport parse(Bytes blob) throws MalformedEvidenceException {
        if (blob.size() > MAX_SIZE || blob.size() < RUNTIME_DATA) {
            throw new MalformedEvidenceException(
                    "hcl report", 0, RUNTIME_DATA + " to " + MAX_SIZE + " bytes", blob.size() + " bytes");
        }
        if (!blob.slice(0, MAGIC.size()).equals(MAGIC)) {
            throw new MalformedEvidenceException(
                    "SIGNATURE of hcl report",
                    0,
                    MAGIC + ", which is HCLA",
                    blob.slice(0, MAGIC.size()).hex());
        }
        long version = u32(blob, VERSION);
        if (version < 1 || version > MAX_VERSION) {
            throw new MalformedEvidenceException("VERSION of hcl report", VERSION, "1 or 2", "" + version);
        }
        constant("REQUEST_TYPE of hcl report", blob, REQUEST_TYPE, REQUEST_TYPE_REPORT);
        constant("VERSION of runtime data", blob, DATA_VERSION, 1);
        constant("REPORT_TYPE of runtime data", blob, REPORT_TYPE, REPORT_TYPE_SNP);
        constant("HASH_TYPE of runtime data", blob, HASH_TYPE, HASH_TYPE_SHA256);
        long length = u32(blob, LENGTH);
        if (length > blob.size() - RUNTIME_DATA) {
            throw new MalformedEvidenceException(
                    "LENGTH of runtime data", LENGTH, "at most " + (blob.size() - RUNTIME_DATA), "" + length);
        }
        // The size counts the header of the runtime data too, so that the two say the same thing twice.
        if (u32(blob, DATA_SIZE) != RUNTIME_HEADER_SIZE + length) {
            throw new MalformedEvidenceException(
                    "DATA_SIZE of runtime data",
                    DATA_SIZE,
                    "" + (RUNTIME_HEADER_SIZE + length),
                    "" + u32(blob, DATA_SIZE));
        }
        AzureHclReport hcl = new AzureHclReport(
                blob.slice(REPORT, REPORT + SnpReport.SIZE), blob.slice(RUNTIME_DATA, RUNTIME_DATA + (int) length));
        Bytes reportData = blob.slice(REPORT_DATA, REPORT_DATA + REPORT_DATA_SIZE);
        if (!reportData.equals(hcl.expectedReportData())) {
            throw new MalformedEvidenceException(
                    "REPORT_DATA", REPORT_DATA, hcl.expectedReportData() + " of the runtime data", reportData.hex());
        }
        return hcl;
    }

    /** The report, {@link SnpReport#SIZE} bytes. */
    public Bytes report() {
        return report;
    }

    /** The runtime data as the paravisor wrote it: JSON with keys, configuration of the VM, and user data. */
    public Bytes runtimeData() {
        return runtimeData;
    }

    /** REPORT_DATA of a report that binds the runtime data: SHA-256 over it, and 32 zero bytes. */
    public Bytes expectedReportData() {
        return runtimeData.sha256().concat(Bytes.zeros(REPORT_DATA_SIZE - HASH_SIZE));
    }

    /**
     * The key with which the vTPM signs quotes: {@code HCLAkPub} among the keys of the runtime data. It is no more trusted
     * than the report.
     *
     * @return DER SubjectPublicKeyInfo of an RSA key of 2048 to 4096 bits
     * @throws MalformedEvidenceException if the runtime data is not JSON, or does not hold exactly one such key
     */
    public Bytes attestationKey() throws MalformedEvidenceException {
        return HclRuntimeKeys.attestationKey(runtimeData);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AzureHclReport that
                && report.equals(that.report)
                && runtimeData.equals(that.runtimeData);
    }

    @Override
    public int hashCode() {
        return Arrays.asList(report, runtimeData).hashCode();
    }

    @Override
    public String toString() {
        return "AzureHclReport[report sha256 " + report.sha256() + ", runtime data sha256 " + runtimeData.sha256()
                + "]";
    }

    private static void constant(String field, Bytes blob, int offset, long value) throws MalformedEvidenceException {
        long found = u32(blob, offset);
        if (found != value) {
            throw new MalformedEvidenceException(field, offset, "" + value, "" + found);
        }
    }

    private static long u32(Bytes blob, int offset) {
        return LittleEndian.read(blob, offset, Integer.BYTES);
    }
}
