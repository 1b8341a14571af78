package org.verifiableai.attestation.nvidia.collateral;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Untrusted;
import org.verifiableai.attestation.internal.x509.OcspBasicResponse;
import org.verifiableai.attestation.internal.x509.OcspResponse;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * A certificate that may be revoked and the one above it, which by its name issued it.
 *
 * @param certificate the certificate in question
 * @param issuer its issuer's
 */
record CertificateLink(X509Cert certificate, X509Cert issuer) {

    /** As many as a chain of NVIDIA's has. Chains are untrusted, and nobody shall have a service asked for more. */
    private static final int MAX_LINKS = 3;

    private static final int MAX_NAME = 200;

    /** All but the leaf, which is made on the device and which no service knows, and the root. */
    static List<CertificateLink> ofDevice(List<Bytes> chain) {
        return links(chain, 1);
    }

    /** All but the root. */
    static List<CertificateLink> ofRim(List<Bytes> chain) {
        return links(chain, 0);
    }

    private static List<CertificateLink> links(List<Bytes> chain, int first) {
        List<CertificateLink> links = new ArrayList<>();
        for (int i = first; i < Math.min(chain.size() - 1, first + MAX_LINKS); i++) {
            of(chain.get(i), chain.get(i + 1)).ifPresent(links::add);
        }
        return links;
    }

    private static Optional<CertificateLink> of(Bytes certificate, Bytes issuer) {
        try {
            CertificateLink link = new CertificateLink(X509Cert.parse(certificate), X509Cert.parse(issuer));
            return Optional.of(link)
                    .filter(l -> l.certificate().issuer().equals(l.issuer().subject()));
        } catch (MalformedEvidenceException e) {
            return Optional.empty(); // the verifier will say so
        }
    }

    /** Whether a response speaks of the certificate and is current, by its own account. */
    boolean isAnsweredBy(Bytes response, Instant at) {
        try {
            OcspBasicResponse basic = OcspResponse.parse(response).basic();
            return basic != null
                    && basic.responses().stream()
                            .anyMatch(single -> single.certId().matches(certificate, issuer) && single.currentAt(at));
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }

    /** Names the certificate, on one line whatever it says of itself. */
    @Override
    public String toString() {
        return "certificate " + certificate.serialNumber().toString(16) + " of "
                + Untrusted.line(certificate.subject().toString(), MAX_NAME);
    }
}
