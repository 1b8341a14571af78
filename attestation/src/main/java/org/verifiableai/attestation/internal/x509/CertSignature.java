package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.VerificationKey;

/**
 * A signature over a certificate or a revocation list. Immutable.
 *
 * @param algorithm the algorithm, its parameters compared by meaning and not by encoding
 * @param value the signature as {@link VerificationKey#verify} takes it; for ECDSA still in DER
 */
public record CertSignature(SignatureAlgorithm algorithm, Bytes value) {

    private static final String RSASSA_PSS = "1.2.840.113549.1.1.10";
    private static final String MGF1 = "1.2.840.113549.1.1.8";
    private static final String SHA384 = "2.16.840.1.101.3.4.2.2";
    private static final String ECDSA_SHA256 = "1.2.840.10045.4.3.2";
    private static final String ECDSA_SHA384 = "1.2.840.10045.4.3.3";
    private static final int SALT_LENGTH = 48;
    private static final int TRAILER_FIELD_BC = 1;

    /** Whether {@code key} made this signature of {@code message}. */
    boolean verifies(Bytes message, VerificationKey key) {
        if (key.algorithm() != algorithm) {
            return false;
        }
        return switch (algorithm) {
            case ECDSA_P256_SHA256 ->
                fixedWidth(32).filter(v -> key.verify(message, v)).isPresent();
            case ECDSA_P384_SHA384 ->
                fixedWidth(48).filter(v -> key.verify(message, v)).isPresent();
            // No evidence has certificates of such keys, and readAlgorithm refuses them.
            case ECDSA_P521_SHA512 -> false;
            case ED25519, RSASSA_PSS_SHA384 -> key.verify(message, value);
        };
    }

    /** Reads an AlgorithmIdentifier (RFC 5280, section 4.1.1.2) of one of the algorithms that evidence uses. */
    static SignatureAlgorithm readAlgorithm(String field, Der parent) throws MalformedEvidenceException {
        long offset = parent.offset();
        Der identifier = parent.enter(field, Der.SEQUENCE);
        String oid = identifier.oid(field);
        SignatureAlgorithm algorithm = switch (oid) {
            case ECDSA_SHA256 -> SignatureAlgorithm.ECDSA_P256_SHA256;
            case ECDSA_SHA384 -> SignatureAlgorithm.ECDSA_P384_SHA384;
            case RSASSA_PSS -> {
                readPss(field, identifier);
                yield SignatureAlgorithm.RSASSA_PSS_SHA384;
            }
            default ->
                throw new MalformedEvidenceException(
                        field, offset, "ECDSA with SHA-256 or SHA-384, or RSASSA-PSS", oid);
        };
        identifier.end(field);
        return algorithm;
    }

    /** RSASSA-PSS-params (RFC 4055, section 3.1). AMD writes the trailer field in older certificates only. */
    private static void readPss(String field, Der identifier) throws MalformedEvidenceException {
        Der parameters = identifier.enter(field, Der.SEQUENCE);
        readHash(field, parameters.enter(field, Der.context(0)));
        Der mask = parameters.enter(field, Der.context(1)).enter(field, Der.SEQUENCE);
        require(field, mask.offset(), MGF1, mask.oid(field));
        readHash(field, mask);
        require(
                field,
                parameters.offset(),
                SALT_LENGTH,
                parameters.enter(field, Der.context(2)).integer(field));
        if (parameters.next(Der.context(3))) {
            require(
                    field,
                    parameters.offset(),
                    TRAILER_FIELD_BC,
                    parameters.enter(field, Der.context(3)).integer(field));
        }
        parameters.end(field);
    }

    private static void readHash(String field, Der parent) throws MalformedEvidenceException {
        Der hash = parent.enter(field, Der.SEQUENCE);
        require(field, hash.offset(), SHA384, hash.oid(field));
        if (!hash.atEnd()) {
            hash.enter(field, Der.NULL).end(field);
        }
        hash.end(field);
        parent.end(field);
    }

    private static void require(String field, long offset, String expected, String found)
            throws MalformedEvidenceException {
        if (!expected.equals(found)) {
            throw new MalformedEvidenceException(field, offset, expected, found);
        }
    }

    private static void require(String field, long offset, int expected, BigInteger found)
            throws MalformedEvidenceException {
        if (!BigInteger.valueOf(expected).equals(found)) {
            throw new MalformedEvidenceException(field, offset, Integer.toString(expected), found.toString());
        }
    }

    /** Ecdsa-Sig-Value (RFC 3279, section 2.2.3) as r and s of fixed width; empty if it is anything else. */
    private Optional<Bytes> fixedWidth(int size) {
        try {
            Der whole = Der.of(value);
            Der pair = whole.enter("signature", Der.SEQUENCE);
            BigInteger r = pair.integer("r");
            BigInteger s = pair.integer("s");
            pair.end("signature");
            whole.end("signature");
            if (r.signum() <= 0 || s.signum() <= 0 || r.bitLength() > 8 * size || s.bitLength() > 8 * size) {
                return Optional.empty();
            }
            return Optional.of(fixed(r, size).concat(fixed(s, size)));
        } catch (MalformedEvidenceException e) {
            return Optional.empty(); // no signature, and so not one that verifies
        }
    }

    private static Bytes fixed(BigInteger value, int size) {
        byte[] bytes = value.toByteArray();
        int skip = Math.max(0, bytes.length - size); // the sign byte
        return Bytes.zeros(size - (bytes.length - skip)).concat(Bytes.of(bytes, skip, bytes.length - skip));
    }
}
