package org.verifiableai.attestation.snp;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.Appraisal;

/** Judges who signed an ID block: {@link IdAuth#verify}. Immutable. */
final class IdAuthVerifier {

    private static final int DIGEST_SIZE = 48;

    private final Set<Bytes> trustedIdKeys;
    private final Set<Bytes> trustedAuthorKeys;
    private final SignatureEngine engine;

    IdAuthVerifier(Set<Bytes> trustedIdKeys, Set<Bytes> trustedAuthorKeys, SignatureEngine engine) {
        this.trustedIdKeys = Set.copyOf(trustedIdKeys);
        this.trustedAuthorKeys = Set.copyOf(trustedAuthorKeys);
        this.engine = engine;
        if (trustedIdKeys.isEmpty() && trustedAuthorKeys.isEmpty()) {
            throw new IllegalArgumentException("at least one id or author key must be trusted, found none");
        }
        Stream.concat(trustedIdKeys.stream(), trustedAuthorKeys.stream())
                .filter(digest -> digest.size() != DIGEST_SIZE)
                .forEach(digest -> {
                    throw new IllegalArgumentException(
                            "key digest must be of " + DIGEST_SIZE + " bytes, found " + digest.size());
                });
    }

    Verdict<IdBlock> verify(IdBlock idBlock, IdAuth auth) {
        Appraisal appraisal = new Appraisal();
        check(appraisal, IdAuth.BLOCK_SIGNATURE, auth.block(), idBlock.encode());
        Optional<IdAuth.SignedBy> author = auth.author();
        if (author.isEmpty()) {
            appraisal.waive(IdAuth.AUTHOR_SIGNATURE, "an id key without an author has to be trusted itself");
        } else {
            check(
                    appraisal,
                    IdAuth.AUTHOR_SIGNATURE,
                    author.get(),
                    IdKeys.encodeKey(auth.block().key()));
        }
        checkTrust(appraisal, auth.idKeyDigest(), auth.authorKeyDigest());
        appraisal.fact("idKeyDigest", auth.idKeyDigest());
        auth.authorKeyDigest().ifPresent(digest -> appraisal.fact("authorKeyDigest", digest));
        return appraisal.verdict(idBlock);
    }

    private void checkTrust(Appraisal appraisal, Bytes idKey, Optional<Bytes> authorKey) {
        boolean idTrusted = trustedIdKeys.contains(idKey);
        boolean authorTrusted = authorKey.filter(trustedAuthorKeys::contains).isPresent();
        appraisal.check(
                IdAuth.TRUSTED_KEY,
                idTrusted || authorTrusted,
                () -> idTrusted ? "id key " + idKey : "author key " + authorKey.orElseThrow(),
                () -> "id key " + idKey + " is not trusted"
                        + authorKey
                                .map(digest -> ", author key " + digest + " neither")
                                .orElse(", and has no author"));
    }

    private void check(Appraisal appraisal, CheckId id, IdAuth.SignedBy signed, Bytes message) {
        try {
            appraisal.check(
                    id,
                    signed.holds(engine, message),
                    () -> "ECDSA P-384 over " + message.size() + " bytes, key " + signed.keyDigest(),
                    () -> "signature is not of the key " + signed.keyDigest());
        } catch (MalformedEvidenceException e) {
            appraisal.fail(id, "key " + signed.keyDigest() + ": " + e.getMessage());
        }
    }
}
