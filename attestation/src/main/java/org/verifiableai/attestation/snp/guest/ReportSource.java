package org.verifiableai.attestation.snp.guest;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.SnpEvidence;

/**
 * Somewhere that a guest gets an attestation report from: the firmware through its kernel, or a platform made of software
 * in a test. A source is not trusted; a verifier judges what it gives.
 *
 * <p>{@link TsmReportSource} is the one for Linux from 6.7 on. Older kernels give reports through ioctl calls on
 * {@code /dev/sev-guest} alone, which plain Java cannot make and this SDK leaves to others: such a guest implements this
 * interface, or hands over what another tool wrote (see {@link org.verifiableai.attestation.snp.ExtendedReport}). On Azure a
 * guest cannot ask for a report at all; see {@link AzureHclReport}.
 */
@FunctionalInterface
public interface ReportSource {

    /**
     * Asks for a report.
     *
     * @param reportData the 64 bytes that the report is to carry in REPORT_DATA
     * @return the report with the certificates that the platform has at hand, not yet verified
     * @throws IllegalArgumentException if {@code reportData} is not of 64 bytes
     * @throws EvidenceUnavailableException if there is no such platform, or it does not answer
     */
    SnpEvidence report(Bytes reportData) throws EvidenceUnavailableException;
}
