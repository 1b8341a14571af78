package org.verifiableai.attestation.internal.x509;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;

/**
 * Who signed an answer in the name of an issuer: the issuer itself, or one to whom it has delegated that (RFC 6960,
 * section 4.2.2.2). Immutable.
 *
 * @param issuer the certificate in whose name the answer speaks
 * @param delegate the responder's certificate; null if the issuer signed
 */
record OcspSigner(X509Cert issuer, @Nullable X509Cert delegate) {

    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    private static final String NO_CHECK = "1.3.6.1.5.5.7.48.1.5";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final int MAX_PURPOSES = 16;
    private static final Set<String> KNOWN_CRITICAL = Set.of("2.5.29.15", "2.5.29.19", EXTENDED_KEY_USAGE, NO_CHECK);

    /** Whether whoever speaks in the name of the one issuer speaks in that of the other: name and key are the same. */
    static boolean same(X509Cert one, X509Cert other) {
        return one.subject().encoded().equals(other.subject().encoded())
                && one.spki().equals(other.spki());
    }

    /** Whether the delegation is in force; the issuer's own validity is a matter of its chain. */
    boolean validAt(Instant instant) {
        return delegate == null || delegate.validAt(instant);
    }

    /**
     * Finds the signer of {@code answer}.
     *
     * @param defects what is wrong, one entry for each who might have signed; untouched if there is a signer
     */
    static Optional<OcspSigner> find(
            OcspBasicResponse answer, X509Cert issuer, SignatureEngine engine, List<String> defects) {
        Optional<VerificationKey> issuerKey = key(issuer.spki(), engine);
        if (issuerKey.isEmpty()) {
            defects.add("the issuer's key cannot be read");
            return Optional.empty();
        }
        List<String> found = new ArrayList<>();
        if (answer.responderId().names(issuer)) {
            if (answer.signedBy(issuerKey.get())) {
                return Optional.of(new OcspSigner(issuer, null));
            }
            found.add("it names the issuer and is not signed by its key");
        }
        for (Bytes der : answer.certificates()) {
            Optional<X509Cert> candidate =
                    certificate(der).filter(c -> answer.responderId().names(c));
            if (candidate.isPresent()) {
                Optional<String> defect = defect(candidate.get(), issuer, issuerKey.get(), answer, engine);
                if (defect.isEmpty()) {
                    return Optional.of(new OcspSigner(issuer, candidate.get()));
                }
                found.add("responder certificate " + candidate.get().subject() + " " + defect.get());
            }
        }
        defects.addAll(
                found.isEmpty() ? List.of("it comes without the certificate of " + answer.responderId()) : found);
        return Optional.empty();
    }

    /** What costs a signature comes last. */
    private static Optional<String> defect(
            X509Cert delegate,
            X509Cert issuer,
            VerificationKey issuerKey,
            OcspBasicResponse answer,
            SignatureEngine engine) {
        // RFC 6960, section 4.2.2.2: issued directly by the authority that is asked.
        if (!delegate.issuer().encoded().equals(issuer.subject().encoded())) {
            return Optional.of("must be issued by " + issuer.subject() + ", found " + delegate.issuer());
        }
        List<String> purposes = purposes(delegate);
        if (!purposes.contains(OCSP_SIGNING)) {
            return Optional.of("must have the purpose of signing OCSP answers, found " + purposes);
        }
        // NVIDIA's device authorities state no-check among the purposes, where its others have it as an extension.
        Set<String> known = Set.of(OCSP_SIGNING, NO_CHECK);
        if (!known.containsAll(purposes)) {
            return Optional.of("must have no other purpose, found " + purposes);
        }
        // RFC 6960, section 4.2.2.2.1: whoever does not say so would have to be asked about in turn.
        if (!purposes.contains(NO_CHECK) && delegate.extension(NO_CHECK).isEmpty()) {
            return Optional.of("must say that nobody answers for it (id-pkix-ocsp-nocheck), found nothing of it");
        }
        if (!delegate.maySignData()) {
            return Optional.of("must be no authority and be allowed to sign, found otherwise");
        }
        Optional<String> unknown = delegate.criticalExtensions().stream()
                .filter(oid -> !KNOWN_CRITICAL.contains(oid))
                .sorted()
                .findFirst();
        if (unknown.isPresent()) {
            return Optional.of("must have no critical extension that is unknown, found " + unknown.get());
        }
        if (!delegate.signedBy(issuerKey)) {
            return Optional.of("must be signed by the issuer, found another's signature");
        }
        if (key(delegate.spki(), engine).filter(answer::signedBy).isEmpty()) {
            return Optional.of("did not sign it");
        }
        return Optional.empty();
    }

    /** ExtKeyUsageSyntax (RFC 5280, section 4.2.1.12); none if it is absent or cannot be read. */
    private static List<String> purposes(X509Cert certificate) {
        Optional<Bytes> value = certificate.extension(EXTENDED_KEY_USAGE);
        if (value.isEmpty()) {
            return List.of();
        }
        try {
            Der whole = Der.of(value.get());
            Der list = whole.enter("extKeyUsage", Der.SEQUENCE);
            whole.end("extKeyUsage");
            List<String> purposes = new ArrayList<>();
            while (!list.atEnd()) {
                if (purposes.size() == MAX_PURPOSES) {
                    return List.of();
                }
                purposes.add(list.oid("extKeyUsage"));
            }
            return purposes;
        } catch (MalformedEvidenceException e) {
            return List.of();
        }
    }

    private static Optional<X509Cert> certificate(Bytes der) {
        try {
            return Optional.of(X509Cert.parse(der));
        } catch (MalformedEvidenceException e) {
            return Optional.empty(); // not of our profile, and so of no use here
        }
    }

    private static Optional<VerificationKey> key(Bytes spki, SignatureEngine engine) {
        try {
            return Optional.of(engine.key(spki));
        } catch (MalformedEvidenceException e) {
            return Optional.empty();
        }
    }
}
