package org.verifiableai.attestation.snp.collateral;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.VekIdentity;

/**
 * What names a VCEK: a chip and the TCB that its key was derived from (57230, chapter 4). The bytes of a certificate name
 * nothing, since AMD issues it anew with other dates, and neither does its serial number, which is always 0. Immutable.
 *
 * @param line the product line
 * @param hwId the chip: CHIP_ID, 64 bytes, and on Turin its first 8
 * @param tcb the TCB, with an FMC on Turin and without one elsewhere
 */
public record VcekId(ProductLine line, Bytes hwId, TcbVersion tcb) {

    private static final int CHIP_ID_SIZE = 64;
    private static final int TURIN_CHIP_ID_SIZE = 8;

    /**
     * Checks the forms.
     *
     * @throws IllegalArgumentException if {@code hwId} has another length or is all zero, or {@code tcb} is not of the
     *     form that the line has
     */
    public VcekId {
        if (hwId.size() != sizeOn(line) || hwId.isZero()) {
            throw new IllegalArgumentException("chip identifier on " + line.amdName() + " must be of " + sizeOn(line)
                    + " bytes and not all zero, found " + hwId);
        }
        if (tcb.fmc().isPresent() != (line == ProductLine.TURIN)) {
            throw new IllegalArgumentException("tcb version on " + line.amdName() + " must come "
                    + (line == ProductLine.TURIN ? "with" : "without") + " an fmc, found " + tcb);
        }
    }

    /**
     * Names the VCEK that signed a report, if one did: by CHIP_ID and REPORTED_TCB.
     *
     * @param report the report, which need not be trusted
     * @param line the line of its processor, which also decides the layout of its TCB
     * @throws EvidenceUnavailableException if the report hides its chip; not retryable
     */
    public static VcekId of(SnpReport report, ProductLine line) throws EvidenceUnavailableException {
        Bytes hwId = report.chipId().slice(0, sizeOn(line));
        if (hwId.isZero()) {
            throw new EvidenceUnavailableException(
                    "vcek cannot be looked up: the report hides its chip (CHIP_ID is zero); its certificate has to come"
                            + " with the evidence",
                    false);
        }
        return new VcekId(line, hwId, report.reportedTcb(line));
    }

    /**
     * Names the VCEK that a certificate is of.
     *
     * @param der one certificate, DER, which need not be trusted
     * @throws MalformedEvidenceException if it is not the certificate of a VCEK
     */
    public static VcekId ofCertificate(Bytes der) throws MalformedEvidenceException {
        VekIdentity vek = VekIdentity.parse(der);
        Bytes hwId = vek.hwId().orElse(Bytes.EMPTY);
        if (hwId.isZero()) {
            throw new MalformedEvidenceException(
                    "vek certificate",
                    MalformedEvidenceException.NO_OFFSET,
                    "a VCEK with the identifier of a chip",
                    vek.kind() + " with " + (hwId.isEmpty() ? "none" : hwId));
        }
        return new VcekId(vek.productLine(), hwId, vek.tcb());
    }

    /**
     * Path and query at AMD's key distribution service (57230, section 4.1), such as
     * {@code /vcek/v1/Milan/<128 digits>?blSPL=3&teeSPL=0&snpSPL=8&ucodeSPL=115}; on Turin with 16 digits and an
     * {@code fmcSPL} in front.
     */
    public String path() {
        String fmc = tcb.fmc().isPresent() ? "fmcSPL=" + tcb.fmc().getAsInt() + "&" : "";
        return "/vcek/v1/" + line.amdName() + "/" + hwId + "?" + fmc + "blSPL=" + tcb.bootLoader() + "&teeSPL="
                + tcb.tee() + "&snpSPL=" + tcb.snp() + "&ucodeSPL=" + tcb.microcode();
    }

    /** Chip and TCB for people. */
    @Override
    public String toString() {
        return "vcek of " + line.amdName() + " chip " + hwId + " at " + tcb;
    }

    private static int sizeOn(ProductLine line) {
        return line == ProductLine.TURIN ? TURIN_CHIP_ID_SIZE : CHIP_ID_SIZE;
    }
}
