package org.verifiableai.attestation.snp.guest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.CertificateTable;
import org.verifiableai.attestation.snp.ExtendedReport;

/**
 * What a kernel gave through configfs-tsm for one request, as it gave it. Immutable; nothing in it is trusted.
 *
 * @param report {@code outblob}: the attestation report
 * @param certificateTable {@code auxblob}: the host's certificate table; empty if it has none
 * @param manifest {@code manifestblob}: the manifest of the services of an SVSM; empty unless they were asked for
 */
public record TsmBlobs(Bytes report, Bytes certificateTable, Bytes manifest) {

    /**
     * Report and certificates.
     *
     * @throws MalformedEvidenceException if either is malformed
     */
    public ExtendedReport extendedReport() throws MalformedEvidenceException {
        return ExtendedReport.of(report, CertificateTable.parse(certificateTable));
    }

    /**
     * The REPORT_DATA that a report on services of an SVSM carries: SHA-512 over the nonce and the manifest (58019, section
     * 7). Whoever verifies such a report expects this, and so knows that the manifest is the SVSM's own, if MEASUREMENT is
     * of an SVSM that is trusted to say so and the report is of VMPL 0.
     *
     * @param nonce the 64 bytes that the guest asked with
     * @param manifest {@link #manifest()}
     * @return 64 bytes
     */
    public static Bytes serviceReportData(Bytes nonce, Bytes manifest) {
        try {
            return Bytes.of(MessageDigest.getInstance("SHA-512")
                    .digest(nonce.concat(manifest).toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-512", e);
        }
    }
}
