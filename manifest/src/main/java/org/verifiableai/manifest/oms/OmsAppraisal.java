package org.verifiableai.manifest.oms;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.PublicKeys;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.CertificateChain;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.LegacyPublicKey;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.PublicKeyHint;
import org.verifiableai.manifest.internal.files.FileNames;
import org.verifiableai.manifest.internal.json.JsonObject;

/** One run of {@link OmsVerifier}. Not thread-safe. */
final class OmsAppraisal {

    private static final int NAMED = 10;
    private static final String OTHER_ORDER = "other-order";
    private static final String FILES_UNSIGNED = "files-unsigned";

    private final @Nullable VerificationKey given;
    private final List<X509Certificate> authorities;
    private final Instant at;
    private final SignatureEngine engine;
    private final OmsPolicy policy;
    private final Appraisal appraisal = new Appraisal();

    OmsAppraisal(
            @Nullable VerificationKey given,
            List<X509Certificate> authorities,
            Instant at,
            SignatureEngine engine,
            OmsPolicy policy) {
        this.given = given;
        this.authorities = authorities;
        this.at = at;
        this.engine = engine;
        this.policy = policy;
    }

    Verdict<OmsModel> judge(Bytes bundleBytes, Subject subject) throws EvidenceUnavailableException {
        SigstoreBundle bundle;
        DsseEnvelope envelope;
        try {
            bundle = SigstoreBundle.parse(bundleBytes, SigstoreBundle.Limits.MODEL);
            envelope = bundle.envelope()
                    .orElseThrow(() -> JsonObject.wrong("bundle", "a DSSE envelope", "a message signature"));
            if (!envelope.payloadType().equals(OmsStatement.PAYLOAD_TYPE)) {
                throw JsonObject.wrong(
                        "bundle.dsseEnvelope.payloadType", OmsStatement.PAYLOAD_TYPE, envelope.payloadType());
            }
        } catch (MalformedEvidenceException e) {
            return reject(OmsChecks.FORMAT, e);
        }
        appraisal.pass(OmsChecks.FORMAT, bundle.mediaType() + " with one signature");

        Optional<VerificationKey> key =
                given == null ? ofCertificate(bundle.material()) : ofHint(bundle.material(), given);
        if (key.isEmpty()) {
            return blockAfter(OmsChecks.CHAIN, OmsChecks.KEY);
        }
        if (!checkSignature(envelope, key.get())) {
            return blockAfter(OmsChecks.SIGNATURE, OmsChecks.SIGNATURE);
        }
        JsonObject json;
        try {
            json = OmsStatement.json(envelope.payload());
            Optional<String> defect = OmsStatement.versionDefect(json);
            if (defect.isPresent()) {
                appraisal.fail(OmsChecks.VERSION, defect.get());
                return blockAfter(OmsChecks.VERSION, OmsChecks.VERSION);
            }
        } catch (MalformedEvidenceException e) {
            return reject(OmsChecks.VERSION, e);
        }
        appraisal.pass(OmsChecks.VERSION, OmsStatement.PREDICATE_TYPE);
        OmsStatement statement;
        try {
            statement = OmsStatement.parse(json);
        } catch (MalformedEvidenceException e) {
            return reject(OmsChecks.STATEMENT, e);
        }
        appraisal.pass(
                OmsChecks.STATEMENT,
                statement.resources().size() + " entries, "
                        + (statement.shardSize() == 0
                                ? "whole files"
                                : "parts of " + statement.shardSize() + " bytes"));
        return judge(statement, key.get(), subject);
    }

    private Verdict<OmsModel> judge(OmsStatement statement, VerificationKey key, Subject subject)
            throws EvidenceUnavailableException {
        boolean named = checkNames(statement);
        checkRoot(statement);
        if (!named) {
            appraisal.block(OmsChecks.IGNORE_PATHS, OmsChecks.NAMES);
            appraisal.block(OmsChecks.FILES, OmsChecks.NAMES);
            return appraisal.verdict(null);
        }
        Subject.Found found;
        try {
            found = subject.find(statement, policy.ignored());
        } catch (MalformedEvidenceException e) {
            appraisal.block(OmsChecks.IGNORE_PATHS, OmsChecks.FILES);
            appraisal.fail(OmsChecks.FILES, message(e));
            return appraisal.verdict(null);
        }
        checkHidden(found.hidden());
        checkFiles(statement, found);
        appraisal.fact("model", statement.name());
        appraisal.fact("root", statement.root().hex());
        appraisal.fact("key", key.spki().sha256().hex());
        appraisal.fact("files", found.files().size());
        if (!found.hidden().isEmpty()) {
            appraisal.fact("unsigned", some(found.hidden()));
        }
        return appraisal.verdict(new OmsModel(
                statement.name(),
                statement.root(),
                key.spki(),
                List.copyOf(paths(statement)),
                List.copyOf(found.hidden())));
    }

    // Format v1.0, section on keys: a hint of another key is refused before the signature is looked at.
    private Optional<VerificationKey> ofHint(VerificationMaterial material, VerificationKey key) {
        Optional<String> kind = SignerKey.kindDefect(key);
        if (kind.isPresent()) {
            appraisal.fail(OmsChecks.KEY, kind.get());
            appraisal.notApplicable(OmsChecks.CHAIN, "the verifier was given a key");
            return Optional.empty();
        }
        String found = PublicKeys.hint(key.spki());
        if (material instanceof PublicKeyHint hint) {
            checkHint(hint.hint(), key);
        } else if (material instanceof LegacyPublicKey legacy) {
            Optional<String> defect = SignerKey.legacyDefect(legacy, key);
            appraisal.check(
                    OmsChecks.KEY,
                    defect.isEmpty(),
                    () -> key.algorithm() + " by the key " + found + ", which the bundle holds, as before v1.1.0",
                    defect::orElseThrow);
        } else {
            appraisal.fail(OmsChecks.KEY, "bundle: expected a bare key, found " + kindOf(material));
            appraisal.notApplicable(OmsChecks.CHAIN, "the verifier was given a key");
            return Optional.empty();
        }
        appraisal.notApplicable(OmsChecks.CHAIN, "the verifier was given a key");
        return Optional.of(key);
    }

    private void checkHint(String hint, VerificationKey key) {
        if (SignerKey.isPemHint(hint, key)) {
            appraisal.pass(OmsChecks.KEY, key.algorithm() + " by the key " + hint);
        } else if (SignerKey.isDerHint(hint, key) && policy.derHint().isPresent()) {
            appraisal.waive(
                    OmsChecks.KEY,
                    "the hint is over the key's DER and not its PEM; "
                            + policy.derHint().orElseThrow());
        } else {
            appraisal.fail(
                    OmsChecks.KEY,
                    "hint: expected " + PublicKeys.hint(key.spki()) + ", found " + hint
                            + (SignerKey.isDerHint(hint, key) ? ", which is over the key's DER and not its PEM" : ""));
        }
    }

    private Optional<VerificationKey> ofCertificate(VerificationMaterial material) {
        if (!(material instanceof CertificateChain chain)) {
            appraisal.fail(OmsChecks.KEY, "bundle: expected a certificate chain, found " + kindOf(material));
            appraisal.block(OmsChecks.CHAIN, OmsChecks.KEY);
            return Optional.empty();
        }
        VerificationKey key;
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Bytes der : chain.certificates()) {
                certificates.add(CertificatePath.parse("bundle certificate " + certificates.size(), der));
            }
            key = engine.key(Bytes.of(certificates.get(0).getPublicKey().getEncoded()));
        } catch (MalformedEvidenceException e) {
            appraisal.fail(OmsChecks.KEY, message(e));
            appraisal.block(OmsChecks.CHAIN, OmsChecks.KEY);
            return Optional.empty();
        }
        Optional<String> kind = SignerKey.kindDefect(key);
        if (kind.isPresent()) {
            appraisal.fail(OmsChecks.KEY, kind.get());
            appraisal.block(OmsChecks.CHAIN, OmsChecks.KEY);
            return Optional.empty();
        }
        appraisal.pass(
                OmsChecks.KEY,
                key.algorithm() + " by the key in the certificate of "
                        + certificates.get(0).getSubjectX500Principal().getName());
        try {
            String authority = CertificatePath.check(certificates, authorities, at);
            appraisal.pass(OmsChecks.CHAIN, authority + " vouches for it at " + at + "; revocation was not asked for");
        } catch (MalformedEvidenceException e) {
            appraisal.fail(OmsChecks.CHAIN, message(e));
        }
        return Optional.of(key);
    }

    private static String kindOf(VerificationMaterial material) {
        if (material instanceof VerificationMaterial.Keyless) {
            return "a keyless certificate, which means nothing without a transparency log, and none is asked here";
        }
        return material instanceof CertificateChain ? "a certificate chain" : "a bare key";
    }

    private boolean checkSignature(DsseEnvelope envelope, VerificationKey key) {
        try {
            boolean signed = envelope.verify(key);
            return appraisal.check(
                    OmsChecks.SIGNATURE,
                    signed,
                    () -> key.algorithm() + " over " + envelope.payload().size() + " bytes",
                    () -> isOfFirstReleases(envelope, key)
                            ? "signed by v0.2.0, whose signed text is no DSSE: DSSEV1, and the payload as Python prints"
                                    + " bytes; sign the model again"
                            : "not the signature of this key over the payload");
        } catch (MalformedEvidenceException e) {
            appraisal.fail(OmsChecks.SIGNATURE, message(e));
            return false;
        }
    }

    private static boolean isOfFirstReleases(DsseEnvelope envelope, VerificationKey key) {
        try {
            return PublicKeys.verify(
                    key, FirstReleases.signedText(envelope.payloadType(), envelope.payload()), envelope.signature());
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }

    private boolean checkNames(OmsStatement statement) {
        List<String> names = List.copyOf(paths(statement));
        boolean single = names.equals(List.of(OmsStatement.SINGLE_FILE));
        for (String name : single ? List.<String>of() : names) {
            Optional<String> defect = FileNames.defect(name);
            if (defect.isPresent()) {
                appraisal.fail(OmsChecks.NAMES, "file name: expected " + defect.get() + ", found " + name);
                return false;
            }
        }
        Optional<String> twins = FileNames.twins(names);
        return appraisal.check(
                OmsChecks.NAMES,
                twins.isEmpty(),
                () -> names.size() + (names.size() == 1 ? " file" : " files"),
                () -> "file names: expected names that differ in more than case and composition, found "
                        + twins.orElseThrow());
    }

    private void checkRoot(OmsStatement statement) {
        Bytes root = OmsStatement.rootOf(statement.resources());
        boolean right = root.equals(statement.root());
        String order = statement.isInOrder() ? "the order of the format" : "another order than that of the format";
        appraisal.check(
                OmsChecks.ROOT,
                right,
                right && !statement.isInOrder() ? OTHER_ORDER : "",
                right
                        ? root.hex() + " over the listed digests, which stand in " + order
                        : "subject: expected " + root.hex() + ", found "
                                + statement.root().hex());
    }

    private void checkHidden(SortedSet<String> hidden) {
        SortedSet<String> refused = new TreeSet<>(FileNames.ORDER);
        for (String name : hidden) {
            if (policy.everyHiddenFileNamed() || IgnoredPaths.isLoaded(name)) {
                refused.add(name);
            }
        }
        appraisal.check(
                OmsChecks.IGNORE_PATHS,
                refused.isEmpty(),
                hidden.isEmpty() ? "" : FILES_UNSIGNED,
                refused.isEmpty()
                        ? hidden.isEmpty()
                                ? "nothing that is there was left out by the signer"
                                : "left out by the signer, and not signed: " + some(hidden)
                        : "left out by the signer, and not signed: expected "
                                + (policy.everyHiddenFileNamed() ? "nothing" : "nothing that a loader reads")
                                + ", found "
                                + some(refused));
    }

    private void checkFiles(OmsStatement statement, Subject.Found found) throws EvidenceUnavailableException {
        Map<String, List<Resource>> listed = new LinkedHashMap<>();
        for (Resource resource : statement.resources()) {
            listed.computeIfAbsent(resource.path(), p -> new ArrayList<>()).add(resource);
        }
        List<String> defects = new ArrayList<>();
        SortedSet<String> extra = new TreeSet<>(FileNames.ORDER);
        Map<String, List<Resource>> expected = new TreeMap<>(FileNames.ORDER);
        found.files().forEach((name, file) -> {
            List<Resource> parts = listed.remove(name);
            Optional<MalformedEvidenceException> defect = file.defect(name);
            if (parts != null && defect.isPresent()) {
                defects.add(message(defect.get()));
            } else if (parts != null
                    && statement.serialization() == Serialization.SHARDS
                    && !isWhole(parts, file.size(), statement.shardSize())) {
                // The size of parts is the signer's word, the file anybody's: one of another size is not taken apart.
                defects.add("changed " + name);
            } else if (parts != null) {
                expected.put(name, parts);
            } else if (statement.serialization() == Serialization.FILES || file.size() > 0 || defect.isPresent()) {
                // An empty file has no parts, so that a list of parts cannot speak of it.
                extra.add(name);
            }
        });
        try {
            Map<String, List<Resource>> there = new HashMap<>();
            for (Resource resource : found.contents().of(expected.keySet())) {
                there.computeIfAbsent(resource.path(), p -> new ArrayList<>()).add(resource);
            }
            expected.forEach((name, parts) -> {
                if (!sorted(parts).equals(sorted(there.getOrDefault(name, List.of())))) {
                    defects.add("changed " + name);
                }
            });
        } catch (MalformedEvidenceException e) {
            defects.add(message(e));
        }
        listed.keySet().forEach(name -> defects.add("missing " + name));
        if (policy.extraFiles().isEmpty()) {
            extra.forEach(name -> defects.add("not signed " + name));
        }
        String beside = extra.isEmpty()
                ? ""
                : "; not signed and let pass (" + policy.extraFiles().orElse("") + "): " + some(extra);
        appraisal.check(
                OmsChecks.FILES,
                defects.isEmpty(),
                () -> "every listed file is there with the listed content" + beside,
                () -> some(defects));
    }

    private static long end(List<Resource> parts) {
        return parts.stream().mapToLong(Resource::end).max().orElse(0);
    }

    /** Whether these can be all parts of a file of that size: their number and their end. */
    private static boolean isWhole(List<Resource> parts, long fileSize, long shardSize) {
        return end(parts) == fileSize && parts.size() == fileSize / shardSize + (fileSize % shardSize == 0 ? 0 : 1);
    }

    private static List<Resource> sorted(List<Resource> parts) {
        return parts.stream().sorted(Comparator.comparingLong(Resource::start)).toList();
    }

    private static SortedSet<String> paths(OmsStatement statement) {
        SortedSet<String> paths = new TreeSet<>(FileNames.ORDER);
        statement.resources().forEach(r -> paths.add(r.path()));
        return paths;
    }

    private static String some(Collection<String> names) {
        String some = String.join(", ", names.stream().limit(NAMED).toList());
        return names.size() <= NAMED ? some : some + " and " + (names.size() - NAMED) + " more";
    }

    private Verdict<OmsModel> reject(CheckId id, MalformedEvidenceException e) {
        appraisal.fail(id, message(e));
        return blockAfter(id, id);
    }

    /** Blocks every check behind {@code last}. */
    private Verdict<OmsModel> blockAfter(CheckId last, CheckId blocker) {
        List<CheckId> all = OmsChecks.ALL;
        all.subList(all.indexOf(last) + 1, all.size()).forEach(id -> appraisal.block(id, blocker));
        return appraisal.verdict(null);
    }

    private static String message(MalformedEvidenceException e) {
        return String.valueOf(e.getMessage());
    }
}
