package org.verifiableai.manifest.data;

import java.nio.ByteBuffer;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.verifiableai.attestation.Bytes;

/**
 * What the salts of a file's records are made from, 32 bytes that are kept secret and used for one file only. The salt of
 * the record with index i, counted from 0, is HMAC-SHA256(secret, "vai-dataset-salt/v1" 00 || i as 8 bytes, big-endian);
 * it tells nothing about another record's salt. Whoever holds the file and the secret makes proofs; a contributor
 * keeps his proof, which carries the salts of his own records.
 *
 * <p>Salts hide the other records from those who see a proof: its hashes cannot be tested against guesses. They do not
 * hide how many records there are nor where one stands. And they do not salt the file's own SHA-256, which a manifest
 * states beside the root: whoever can guess the whole file, or knows all of it but one short record, can test that guess
 * against it. Nor do they hide a record from whoever is shown its proof. Immutable.
 */
public final class SaltSecret {

    private static final int SIZE = 32;
    private static final String HMAC = "HmacSHA256";
    private static final Bytes DOMAIN = Bytes.utf8("vai-dataset-salt/v1\0");

    private final Bytes secret;

    private SaltSecret(Bytes secret) {
        this.secret = secret;
    }

    /** A new secret. */
    public static SaltSecret generate() {
        byte[] secret = new byte[SIZE];
        new SecureRandom().nextBytes(secret);
        return new SaltSecret(Bytes.of(secret));
    }

    /**
     * A secret that was kept.
     *
     * @param secret 32 bytes
     * @throws IllegalArgumentException if it is of another size, or all zeros
     */
    public static SaltSecret of(Bytes secret) {
        if (secret.size() != SIZE || secret.isZero()) {
            throw new IllegalArgumentException("salt secret: expected " + SIZE + " random bytes, found "
                    + (secret.isZero() ? "zeros" : secret.size() + " bytes"));
        }
        return new SaltSecret(secret);
    }

    /** The secret, 32 bytes. */
    public Bytes bytes() {
        return secret;
    }

    /**
     * The salt of one record, 32 bytes.
     *
     * @param index of the record, counted from 0
     */
    public Bytes salt(long index) {
        Salts salts = new Salts();
        return Bytes.of(salts.of(index).clone());
    }

    LeafHasher.Prefix prefix() {
        Salts salts = new Salts();
        return (index, entry) -> salts.addTo(entry, index);
    }

    /** Says that there is one and not which. */
    @Override
    public String toString() {
        return "SaltSecret[32 bytes]";
    }

    private final class Salts {

        private final Mac hmac = keyed();
        private final byte[] message = new byte[DOMAIN.size() + Long.BYTES];
        private final byte[] salt = new byte[SIZE];

        Salts() {
            System.arraycopy(DOMAIN.toByteArray(), 0, message, 0, DOMAIN.size());
        }

        void addTo(MessageDigest entry, long index) {
            entry.update(of(index));
        }

        byte[] of(long index) {
            ByteBuffer.wrap(message).putLong(DOMAIN.size(), index);
            hmac.update(message);
            try {
                hmac.doFinal(salt, 0);
            } catch (ShortBufferException e) {
                throw new IllegalStateException("32 bytes are room for an HMAC-SHA256", e);
            }
            return salt;
        }

        private Mac keyed() {
            try {
                Mac mac = Mac.getInstance(HMAC);
                mac.init(new SecretKeySpec(secret.toByteArray(), HMAC));
                return mac;
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("this Java runtime has no " + HMAC, e);
            }
        }
    }
}
