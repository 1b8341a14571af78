package org.verifiableai.attestation.snp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * The chain from a VEK to the pinned root of its product line: VEK, ASK or ASVK, ARK. The ARK's certificate may be
 * missing, since its key is pinned; one that is there has to be the pinned one.
 */
final class SnpChain {

    private static final Set<String> KNOWN_CRITICAL = Set.of("2.5.29.15", "2.5.29.19"); // keyUsage, basicConstraints

    private final ParsedEvidence evidence;
    private final ProductLine line;
    private final @Nullable Root root;
    private final SignatureEngine engine;

    SnpChain(ParsedEvidence evidence, ProductLine line, @Nullable Root root, SignatureEngine engine) {
        this.evidence = evidence;
        this.line = line;
        this.root = root;
        this.engine = engine;
    }

    /** A pinned root: the common name of its certificate, and its key, decoded once for all verifications. */
    record Root(String subject, VerificationKey key) {}

    /** Enters the checks of chain, validity and revocation. */
    void check(Appraisal appraisal, SnpPolicy policy, Instant now) {
        X509Cert intermediate = null;
        if (root == null) {
            appraisal.fail(SnpChecks.CHAIN, "there is no trust anchor for " + line.amdName());
        } else {
            try {
                intermediate = connect(root);
                appraisal.pass(
                        SnpChecks.CHAIN,
                        "SEV-" + evidence.vek().kind() + " under " + commonName(intermediate) + " under the pinned "
                                + root.subject());
            } catch (BrokenChainException e) {
                appraisal.fail(SnpChecks.CHAIN, e.reason);
            } catch (MalformedEvidenceException e) {
                appraisal.fail(SnpChecks.CHAIN, "authority certificate " + e.getMessage());
            }
        }
        checkValidity(appraisal, now);
        checkRevocation(appraisal, policy, intermediate, now);
    }

    private X509Cert connect(Root root) throws BrokenChainException, MalformedEvidenceException {
        X509Cert intermediate = null;
        for (X509Cert authority : evidence.authorities()) {
            if (isRoot(authority)) {
                if (!authority.spki().equals(root.key().spki())) {
                    throw new BrokenChainException("the root that came with the evidence, " + commonName(authority)
                            + " with key " + authority.spki().sha256() + ", is not the pinned " + root.subject());
                }
                if (!authority.signedBy(root.key())) {
                    throw new BrokenChainException(commonName(authority) + " is not signed by itself");
                }
            } else if (intermediate != null) {
                throw new BrokenChainException("expected one certificate between VEK and root, found more");
            } else {
                intermediate = authority;
            }
        }
        if (intermediate == null) {
            throw new BrokenChainException("expected the ASK or ASVK, found neither");
        }
        X509Cert vek = evidence.vek().certificate();
        // A VCEK hangs under SEV-<line>, a VLEK under SEV-VLEK-<line>.
        String expected = (evidence.vek().kind() == SigningKey.VLEK ? "SEV-VLEK-" : "SEV-") + line.amdName();
        require(
                expected.equals(commonName(intermediate)),
                "expected " + expected + " above the VEK, found " + commonName(intermediate));
        require(
                vek.issuer().encoded().equals(intermediate.subject().encoded()),
                "VEK was issued by " + vek.issuer() + ", the certificate above it is of " + intermediate.subject());
        require(
                root.subject().equals(intermediate.issuer().commonName().orElse("")),
                commonName(intermediate) + " was issued by " + intermediate.issuer() + ", not by " + root.subject());
        require(intermediate.mayIssue(), commonName(intermediate) + " may not issue certificates");
        require(
                intermediate.signature().algorithm() == SignatureAlgorithm.RSASSA_PSS_SHA384
                        && intermediate.signedBy(root.key()),
                commonName(intermediate) + " is not signed by the pinned " + root.subject());
        require(
                vek.signature().algorithm() == SignatureAlgorithm.RSASSA_PSS_SHA384
                        && vek.signedBy(engine.key(intermediate.spki())),
                "VEK is not signed by " + commonName(intermediate));
        require(!vek.mayIssue(), "VEK claims to be an authority");
        for (X509Cert certificate : List.of(vek, intermediate)) {
            require(
                    KNOWN_CRITICAL.containsAll(certificate.criticalExtensions()),
                    commonName(certificate) + " has a critical extension that is unknown, one of "
                            + new TreeSet<>(certificate.criticalExtensions()));
        }
        return intermediate;
    }

    private void checkValidity(Appraisal appraisal, Instant now) {
        List<String> outside = new ArrayList<>();
        List<X509Cert> all = new ArrayList<>(evidence.authorities());
        all.add(0, evidence.vek().certificate());
        for (X509Cert certificate : all) {
            if (!certificate.validAt(now)) {
                outside.add(commonName(certificate) + " is valid from " + certificate.notBefore() + " to "
                        + certificate.notAfter());
            }
        }
        appraisal.check(
                SnpChecks.VALIDITY,
                outside.isEmpty(),
                () -> all.size() + " certificates are valid at " + now,
                () -> "at " + now + ": " + String.join("; ", outside));
    }

    private void checkRevocation(Appraisal appraisal, SnpPolicy policy, @Nullable X509Cert intermediate, Instant now) {
        if (policy.revocation() == Revocation.OFF) {
            appraisal.waive(SnpChecks.REVOCATION, policy.revocationWaiver().orElse(""));
            return;
        }
        if (root == null || intermediate == null) {
            appraisal.block(SnpChecks.REVOCATION, SnpChecks.CHAIN);
            return;
        }
        List<String> unusable = new ArrayList<>();
        List<RevocationList> usable = new ArrayList<>();
        for (RevocationList list : evidence.revocationLists()) {
            defect(list, root, now).ifPresentOrElse(unusable::add, () -> usable.add(list));
        }
        // An older list is current for a while beside a newer one, and must not hide what the newer one revokes.
        Optional<RevocationList> revoking = usable.stream()
                .filter(list -> list.revoked().contains(intermediate.serialNumber()))
                .findFirst();
        if (revoking.isPresent()) {
            appraisal.fail(
                    SnpChecks.REVOCATION,
                    commonName(intermediate) + ", serial "
                            + intermediate.serialNumber().toString(16) + ", is revoked by the list of "
                            + revoking.get().thisUpdate());
            return;
        }
        if (!usable.isEmpty()) {
            appraisal.pass(
                    SnpChecks.REVOCATION,
                    commonName(intermediate) + " is not on the list of "
                            + usable.get(0).thisUpdate());
            return;
        }
        if (!unusable.isEmpty()) {
            // A list that is there and cannot be used is not the same as none: somebody may be hiding an answer.
            appraisal.fail(SnpChecks.REVOCATION, String.join("; ", unusable));
        } else if (policy.revocation() == Revocation.USE_IF_AVAILABLE) {
            appraisal.waive(
                    SnpChecks.REVOCATION,
                    "there is no revocation list; " + policy.revocationWaiver().orElse(""));
        } else {
            appraisal.fail(SnpChecks.REVOCATION, "expected a revocation list of " + root.subject() + ", found none");
        }
    }

    private static Optional<String> defect(RevocationList list, Root root, Instant now) {
        if (!root.subject().equals(list.issuer().commonName().orElse(""))) {
            return Optional.of("a list is of " + list.issuer() + ", not of " + root.subject());
        }
        if (!list.signedBy(root.key())) {
            return Optional.of("a list is not signed by the pinned " + root.subject());
        }
        return list.currentAt(now)
                ? Optional.empty()
                : Optional.of("a list is current from " + list.thisUpdate() + " to before " + list.nextUpdate()
                        + ", not at " + now);
    }

    /** A VEK is a P-384 key; any other would not be what AMD certifies. */
    static VerificationKey p384(VerificationKey key) throws MalformedEvidenceException {
        if (key.algorithm() != SignatureAlgorithm.ECDSA_P384_SHA384) {
            throw new MalformedEvidenceException(
                    "subjectPublicKeyInfo",
                    MalformedEvidenceException.NO_OFFSET,
                    "a P-384 key",
                    key.algorithm().name());
        }
        return key;
    }

    private static boolean isRoot(X509Cert certificate) {
        return certificate.issuer().encoded().equals(certificate.subject().encoded());
    }

    private static String commonName(X509Cert certificate) {
        return certificate.subject().commonName().orElse("a certificate without a name");
    }

    private static void require(boolean condition, String otherwise) throws BrokenChainException {
        if (!condition) {
            throw new BrokenChainException(otherwise);
        }
    }

    /** Why certificates do not form a chain. */
    private static final class BrokenChainException extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        BrokenChainException(String reason) {
            super(reason);
            this.reason = reason;
        }
    }
}
