package org.verifiableai.attestation.snp;

import java.security.GeneralSecurityException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.LittleEndian;
import org.verifiableai.attestation.internal.x509.Pem;

/**
 * ID authentication information (ABI, structure of the ID authentication information): the ID key's signature over an
 * {@link IdBlock}, and if the ID key has an author, the author key's signature over the ID key. Immutable.
 *
 * <p>The firmware checks both at launch and puts the digests of the keys into reports, where a policy compares them
 * ({@link SnpPolicy.Builder#trustedIdKey}, {@link SnpPolicy.Builder#trustedAuthorKey}). An author key lets ID keys change,
 * one for each release, while policies stay as they are; it counts only for guests launched with the author key enabled.
 *
 * <pre>{@code
 * IdBlock block = IdBlock.of(measurement, familyId, imageId, 1, new GuestPolicy(0x30000));
 * IdAuth auth = IdAuth.sign(block, IdSigner.ofPem(idKey), IdSigner.ofPem(authorKey));
 * String qemu = "id-block=" + block.base64() + ",id-auth=" + auth.base64() + ",author-key-enabled=on";
 * }</pre>
 */
public final class IdAuth {

    /** The length of the structure, 4096 bytes. */
    public static final int SIZE = 0x1000;

    /** The ID key signed the block. */
    public static final CheckId BLOCK_SIGNATURE = new CheckId("snp.id-block.signature");

    /** The author key signed the ID key, if the ID key has an author. */
    public static final CheckId AUTHOR_SIGNATURE = new CheckId("snp.id-block.author-signature");

    /** The ID key is a trusted one, or its author's key is. */
    public static final CheckId TRUSTED_KEY = new CheckId("snp.id-block.trusted-key");

    private static final int ID_KEY_ALGO = 0x000;
    private static final int AUTHOR_KEY_ALGO = 0x004;
    private static final int RESERVED = 0x008;
    private static final int ID_BLOCK_SIG = 0x040;
    private static final int ID_KEY = 0x240;
    private static final int ID_KEY_SIG = 0x680;
    private static final int AUTHOR_KEY = 0x880;
    private static final int ECDSA_P384_SHA384 = 1;

    private static final String ID_BLOCK_SIG_NAME = "ID_BLOCK_SIG";
    private static final String ID_KEY_NAME = "ID_KEY";
    private static final String ID_KEY_SIG_NAME = "ID_KEY_SIG";
    private static final String AUTHOR_KEY_NAME = "AUTHOR_KEY";

    private final SignedBy block;
    private final @Nullable SignedBy author;

    private IdAuth(SignedBy block, @Nullable SignedBy author) {
        this.block = block;
        this.author = author;
    }

    /** A signature and the key that made it, if it is as it should be. */
    record SignedBy(Bytes key, Bytes signature) {

        static SignedBy make(IdSigner signer, Bytes message) throws GeneralSecurityException {
            try {
                IdKeys.requireP384("id key", signer.publicKey());
                Bytes signature = signer.sign(message);
                if (!SignatureEngine.standard().key(signer.publicKey()).verify(message, signature)) {
                    throw new IllegalArgumentException("signer must sign with the private half of " + signer.publicKey()
                            + ", found another signature");
                }
                return new SignedBy(signer.publicKey(), signature);
            } catch (MalformedEvidenceException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        boolean holds(SignatureEngine engine, Bytes message) throws MalformedEvidenceException {
            return engine.key(key).verify(message, signature);
        }

        Bytes keyDigest() {
            return IdKeys.encodeKey(key).sha384();
        }
    }

    /**
     * Signs a block with an ID key that has no author.
     *
     * @throws GeneralSecurityException if the key cannot be used now
     * @throws IllegalArgumentException if its public key is not on P-384, or not that of its signature
     */
    public static IdAuth sign(IdBlock block, IdSigner idKey) throws GeneralSecurityException {
        return new IdAuth(SignedBy.make(idKey, block.encode()), null);
    }

    /**
     * Signs a block with an ID key, and the ID key with its author's.
     *
     * @throws GeneralSecurityException if a key cannot be used now
     * @throws IllegalArgumentException if a public key is not on P-384, or not that of its signature
     */
    public static IdAuth sign(IdBlock block, IdSigner idKey, IdSigner authorKey) throws GeneralSecurityException {
        SignedBy signed = SignedBy.make(idKey, block.encode());
        return new IdAuth(signed, SignedBy.make(authorKey, IdKeys.encodeKey(signed.key())));
    }

    /**
     * Reads the structure. It is read strictly, since the firmware is no guide to what another reader would make of bytes
     * that mean nothing.
     *
     * @throws MalformedEvidenceException if {@code auth} is not {@link #SIZE} bytes long, names an algorithm other than
     *     ECDSA P-384 with SHA-384 or a curve other than P-384, holds a point off the curve or a scalar out of range, is
     *     not zero where it is reserved, or has an author's key or signature without naming an author's algorithm
     */
    public static IdAuth parse(Bytes auth) throws MalformedEvidenceException {
        if (auth.size() != SIZE) {
            throw new MalformedEvidenceException(
                    "id authentication", 0, "exactly " + SIZE + " bytes", auth.size() + " bytes");
        }
        algorithm("ID_KEY_ALGO", auth, ID_KEY_ALGO);
        boolean hasAuthor = LittleEndian.read(auth, AUTHOR_KEY_ALGO, Integer.BYTES) != 0;
        IdKeys.zeros("id authentication", auth, RESERVED, ID_BLOCK_SIG);
        SignedBy block = new SignedBy(
                IdKeys.decodeKey(ID_KEY_NAME, auth, ID_KEY),
                IdKeys.decodeSignature(ID_BLOCK_SIG_NAME, auth, ID_BLOCK_SIG));
        IdKeys.zeros("id authentication", auth, ID_KEY + IdKeys.KEY_SIZE, ID_KEY_SIG);
        if (!hasAuthor) {
            IdKeys.zeros("id authentication without an author", auth, ID_KEY_SIG, SIZE);
            return new IdAuth(block, null);
        }
        algorithm("AUTHOR_KEY_ALGO", auth, AUTHOR_KEY_ALGO);
        IdKeys.zeros("id authentication", auth, AUTHOR_KEY + IdKeys.KEY_SIZE, SIZE);
        return new IdAuth(
                block,
                new SignedBy(
                        IdKeys.decodeKey(AUTHOR_KEY_NAME, auth, AUTHOR_KEY),
                        IdKeys.decodeSignature(ID_KEY_SIG_NAME, auth, ID_KEY_SIG)));
    }

    /**
     * Reads the base64 that QEMU takes as {@code id-auth=}; white space in it is skipped.
     *
     * @throws MalformedEvidenceException if {@code text} is not base64, or as {@link #parse}
     */
    public static IdAuth ofBase64(String text) throws MalformedEvidenceException {
        return parse(IdBlock.base64("id authentication", text));
    }

    /**
     * What reports carry as ID_KEY_DIGEST or AUTHOR_KEY_DIGEST for this key: SHA-384 over its 1028 bytes in the format of
     * the firmware.
     *
     * @param publicKey a SubjectPublicKeyInfo on P-384, DER or PEM
     * @return 48 bytes
     * @throws MalformedEvidenceException if {@code publicKey} is anything else
     */
    public static Bytes keyDigest(Bytes publicKey) throws MalformedEvidenceException {
        Bytes spki = Pem.single("public key", "PUBLIC KEY", publicKey);
        IdKeys.requireP384("public key", spki);
        return IdKeys.encodeKey(spki).sha384();
    }

    /** The {@link #SIZE} bytes that the firmware reads. */
    public Bytes encode() {
        Bytes unused = Bytes.zeros(ID_KEY_SIG - ID_KEY - IdKeys.KEY_SIZE);
        Bytes first = LittleEndian.u32(ECDSA_P384_SHA384)
                .concat(
                        LittleEndian.u32(author == null ? 0 : ECDSA_P384_SHA384),
                        Bytes.zeros(ID_BLOCK_SIG - RESERVED),
                        IdKeys.encodeSignature(block.signature()),
                        IdKeys.encodeKey(block.key()),
                        unused);
        Bytes second = author == null
                ? Bytes.EMPTY
                : IdKeys.encodeSignature(author.signature()).concat(IdKeys.encodeKey(author.key()));
        return first.concat(second, Bytes.zeros(SIZE - first.size() - second.size()));
    }

    /** What QEMU takes as {@code id-auth=}. */
    public String base64() {
        return encode().base64();
    }

    /** The ID key: DER SubjectPublicKeyInfo. */
    public Bytes idKey() {
        return block.key();
    }

    /** The author key, if the ID key has an author: DER SubjectPublicKeyInfo. */
    public Optional<Bytes> authorKey() {
        return Optional.ofNullable(author).map(SignedBy::key);
    }

    /** ID_KEY_DIGEST of the reports of guests that are launched with this, 48 bytes. */
    public Bytes idKeyDigest() {
        return block.keyDigest();
    }

    /** AUTHOR_KEY_DIGEST of the reports of guests that are launched with this and the author key enabled, 48 bytes. */
    public Optional<Bytes> authorKeyDigest() {
        return Optional.ofNullable(author).map(SignedBy::keyDigest);
    }

    /**
     * Judges this and a block before a guest is launched with them, by the rule that the firmware and a verifier of reports
     * follow together: the signatures hold, and the author key is trusted or the ID key is.
     *
     * <p>An acceptance says nothing about any guest: it says who signed which block.
     *
     * @param idBlock the block that this is to authenticate
     * @param trustedIdKeys digests of trusted ID keys, 48 bytes each; see {@link #keyDigest}
     * @param trustedAuthorKeys digests of trusted author keys, 48 bytes each
     * @param engine verifies the signatures
     * @throws IllegalArgumentException if both sets are empty, or a digest is of another length
     */
    public Verdict<IdBlock> verify(
            IdBlock idBlock, Set<Bytes> trustedIdKeys, Set<Bytes> trustedAuthorKeys, SignatureEngine engine) {
        return new IdAuthVerifier(trustedIdKeys, trustedAuthorKeys, engine).verify(idBlock, this);
    }

    /** The ID key and its signature over the block. */
    SignedBy block() {
        return block;
    }

    /** The author key and its signature over the ID key. */
    Optional<SignedBy> author() {
        return Optional.ofNullable(author);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IdAuth that && block.equals(that.block) && Objects.equals(author, that.author);
    }

    @Override
    public int hashCode() {
        return Objects.hash(block, author);
    }

    @Override
    public String toString() {
        return "IdAuth[id key " + idKeyDigest()
                + authorKeyDigest().map(d -> ", author key " + d).orElse("") + "]";
    }

    private static void algorithm(String field, Bytes auth, int offset) throws MalformedEvidenceException {
        long found = LittleEndian.read(auth, offset, Integer.BYTES);
        if (found != ECDSA_P384_SHA384) {
            throw new MalformedEvidenceException(
                    field, offset, ECDSA_P384_SHA384 + ", which is ECDSA P-384 with SHA-384", "" + found);
        }
    }
}
