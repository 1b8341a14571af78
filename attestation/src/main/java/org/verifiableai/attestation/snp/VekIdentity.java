package org.verifiableai.attestation.snp;

import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What the certificate of a VCEK or VLEK says of its key (57230): which chip or provider, at which TCB. It is what the
 * certificate claims and nothing more; no signature has been looked at. It serves to find a certificate and to name one,
 * never to trust it. Immutable.
 *
 * @param kind {@link SigningKey#VCEK} or {@link SigningKey#VLEK}
 * @param productLine the line that productName names
 * @param tcb the TCB that the key is derived from
 * @param hwId the chip: 64 bytes, on Turin 8; of a VCEK only
 * @param cspId the cloud provider; of a VLEK only
 */
public record VekIdentity(
        SigningKey kind, ProductLine productLine, TcbVersion tcb, Optional<Bytes> hwId, Optional<String> cspId) {

    /**
     * Reads a certificate.
     *
     * @param der one certificate, DER
     * @throws MalformedEvidenceException if it is not of a VCEK or VLEK
     */
    public static VekIdentity parse(Bytes der) throws MalformedEvidenceException {
        VekCertificate vek = VekCertificate.parse(der);
        return new VekIdentity(
                vek.kind(),
                vek.productLine(),
                vek.tcb(),
                Optional.ofNullable(vek.hwId()),
                Optional.ofNullable(vek.cspId()));
    }
}
