package org.verifiableai.attestation.snp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * A VEK whose certificates lead to the pinned root of its product line by their signatures. Nothing in it depends on the
 * time or on a policy, so that it may be kept: validity and revocation are judged each time. Immutable.
 */
final class SnpChain {

    private final SnpCertificates certificates;
    private final Issuer issuer;
    private final Issuer root;
    private final @Nullable VerificationKey vekKey;
    private final List<Validity> validities;
    private final String path;

    /** {@code vekKey} is null if the VEK's key is none that signs reports. */
    SnpChain(SnpCertificates certificates, Issuer issuer, Issuer root, @Nullable VerificationKey vekKey) {
        this.certificates = certificates;
        this.issuer = issuer;
        this.root = root;
        this.vekKey = vekKey;
        List<Validity> all = Validity.of(certificates);
        for (Issuer authority : List.of(issuer, root)) {
            if (authority.pinned()) {
                all.add(Validity.of(authority));
            }
        }
        this.validities = List.copyOf(all);
        this.path = "SEV-" + certificates.vek().kind() + " under " + (issuer.pinned() ? "the pinned " : "")
                + issuer.name() + " under the pinned " + root.name() + certificates.leftOut();
    }

    /** What came with the evidence. */
    SnpCertificates certificates() {
        return certificates;
    }

    /** The ASK or ASVK. */
    Issuer issuer() {
        return issuer;
    }

    /** The ARK. */
    Issuer root() {
        return root;
    }

    /** The VEK's key, kept for what the engine remembers with it; null if it is none that signs reports. */
    @Nullable
    VerificationKey vekKey() {
        return vekKey;
    }

    /** Of the VEK and everything that its key rests on, pinned keys included. */
    List<Validity> validities() {
        return validities;
    }

    /** Who signed whom, in words. */
    String path() {
        return path;
    }

    /** The span of time in which a certificate, or the certificate of a pinned key, is valid. */
    record Validity(String name, Instant notBefore, Instant notAfter) {

        /** Of every certificate that could be read; a list that the caller may add to. */
        static List<Validity> of(SnpCertificates certificates) {
            List<Validity> all = new ArrayList<>();
            all.add(of(certificates.vek().certificate()));
            for (X509Cert authority : certificates.authorities()) {
                all.add(of(authority));
            }
            return all;
        }

        static Validity of(Issuer issuer) {
            return new Validity(issuer.name(), issuer.notBefore(), issuer.notAfter());
        }

        private static Validity of(X509Cert certificate) {
            return new Validity(
                    certificate.subject().commonName().orElse("a certificate without a name"),
                    certificate.notBefore(),
                    certificate.notAfter());
        }

        /** Both ends included (RFC 5280, section 4.1.2.5). */
        boolean covers(Instant instant) {
            return !instant.isBefore(notBefore) && !instant.isAfter(notAfter);
        }

        @Override
        public String toString() {
            return name + " is valid from " + notBefore + " to " + notAfter;
        }
    }
}
