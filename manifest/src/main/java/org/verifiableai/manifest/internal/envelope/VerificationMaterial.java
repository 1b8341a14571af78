package org.verifiableai.manifest.internal.envelope;

import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/**
 * What a sigstore bundle says of the key that signed it. None of it is to be trusted: it names the key or leads to it, and
 * whoever verifies has to know the key, or the authority above it, from elsewhere.
 */
public sealed interface VerificationMaterial {

    /**
     * The name of a bare key.
     *
     * @param hint 1 to 1024 characters
     */
    record PublicKeyHint(String hint) implements VerificationMaterial {}

    /**
     * A bare key itself, as OpenSSF Model Signing v0.3.1 to v1.0.x wrote it in place of the hint.
     *
     * @param rawBytes the key; those versions put PEM text here
     * @param keyDetails the name of its algorithm in sigstore's list; empty where absent
     */
    record LegacyPublicKey(Bytes rawBytes, String keyDetails) implements VerificationMaterial {}

    /**
     * The certificate of the key and those above it.
     *
     * @param certificates DER, the signer's first; not read yet
     */
    record CertificateChain(List<Bytes> certificates) implements VerificationMaterial {

        public CertificateChain {
            certificates = List.copyOf(certificates);
            if (certificates.isEmpty()) {
                throw new IllegalArgumentException("certificates: expected at least one, found none");
            }
        }
    }

    /**
     * A short-lived certificate of an authority that signs for identities, which means nothing without a transparency log.
     *
     * @param certificate DER; not read yet
     */
    record Keyless(Bytes certificate) implements VerificationMaterial {

        public Keyless {
            Objects.requireNonNull(certificate, "certificate");
        }
    }
}
