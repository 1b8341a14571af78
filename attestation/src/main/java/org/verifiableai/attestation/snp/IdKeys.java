package org.verifiableai.attestation.snp;

import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * Public keys and signatures as the firmware has them in ID authentication (ABI, formats of a public key and of a
 * signature): fields of 72 bytes, little-endian, of which P-384 uses 48.
 */
final class IdKeys {

    static final ASN1ObjectIdentifier P384_OID = SECObjectIdentifiers.secp384r1;
    static final ECNamedDomainParameters P384 = ECNamedDomainParameters.lookup(P384_OID);

    static final int KEY_SIZE = 0x404;
    static final int SIGNATURE_SIZE = 0x200;

    private static final int CURVE_P384 = 2;
    private static final int COORDINATES = 4;
    private static final int FIELD_SIZE = 72;
    private static final int SCALAR_SIZE = 48;
    private static final Bytes SPKI_HEAD = Bytes.fromHex("3076301006072a8648ce3d020106052b8104002203620004");

    private IdKeys() {}

    /** Refuses a key that is anything but a SubjectPublicKeyInfo of P-384 with a point on the curve. */
    static void requireP384(String field, Bytes spki) throws MalformedEvidenceException {
        SignatureAlgorithm algorithm = SignatureEngine.standard().key(spki).algorithm();
        if (algorithm != SignatureAlgorithm.ECDSA_P384_SHA384) {
            throw new MalformedEvidenceException(
                    field, MalformedEvidenceException.NO_OFFSET, "a public key on P-384", algorithm.toString());
        }
    }

    /** The SubjectPublicKeyInfo of the point with these coordinates, 48 bytes each and big-endian. */
    static Bytes spki(Bytes x, Bytes y) {
        return SPKI_HEAD.concat(x, y);
    }

    /** {@link #KEY_SIZE} bytes: curve, x, y, and zeros. */
    static Bytes encodeKey(Bytes spki) {
        int y = SPKI_HEAD.size() + SCALAR_SIZE;
        Bytes unused = Bytes.zeros(FIELD_SIZE - SCALAR_SIZE);
        return LittleEndian.u32(CURVE_P384)
                .concat(
                        spki.slice(SPKI_HEAD.size(), y).reversed(),
                        unused,
                        spki.slice(y, spki.size()).reversed(),
                        unused,
                        Bytes.zeros(KEY_SIZE - COORDINATES - 2 * FIELD_SIZE));
    }

    /** The SubjectPublicKeyInfo of the key of {@link #KEY_SIZE} bytes at {@code offset}. */
    static Bytes decodeKey(String field, Bytes raw, int offset) throws MalformedEvidenceException {
        long curve = LittleEndian.read(raw, offset, COORDINATES);
        if (curve != CURVE_P384) {
            throw new MalformedEvidenceException(
                    "curve of " + field, offset, CURVE_P384 + ", which is P-384", "" + curve);
        }
        Bytes spki = spki(
                scalar("QX of " + field, raw, offset + COORDINATES),
                scalar("QY of " + field, raw, offset + COORDINATES + FIELD_SIZE));
        zeros(field, raw, offset + COORDINATES + 2 * FIELD_SIZE, offset + KEY_SIZE);
        try {
            requireP384(field, spki);
        } catch (MalformedEvidenceException e) {
            throw new MalformedEvidenceException(
                    field,
                    offset,
                    "a point on P-384",
                    spki.slice(SPKI_HEAD.size(), spki.size()).hex());
        }
        return spki;
    }

    /** {@link #SIGNATURE_SIZE} bytes: r, s, and zeros. */
    static Bytes encodeSignature(Bytes signature) {
        Bytes unused = Bytes.zeros(FIELD_SIZE - SCALAR_SIZE);
        return signature
                .slice(0, SCALAR_SIZE)
                .reversed()
                .concat(
                        unused,
                        signature.slice(SCALAR_SIZE, signature.size()).reversed(),
                        unused,
                        Bytes.zeros(SIGNATURE_SIZE - 2 * FIELD_SIZE));
    }

    /** R and s, 48 bytes each and big-endian, of the signature of {@link #SIGNATURE_SIZE} bytes at {@code offset}. */
    static Bytes decodeSignature(String field, Bytes raw, int offset) throws MalformedEvidenceException {
        Bytes r = inRange("R of " + field, raw, offset);
        Bytes s = inRange("S of " + field, raw, offset + FIELD_SIZE);
        zeros(field, raw, offset + 2 * FIELD_SIZE, offset + SIGNATURE_SIZE);
        return r.concat(s);
    }

    /** Refuses anything but zeros from {@code from}, inclusive, to {@code to}, exclusive. */
    static void zeros(String field, Bytes raw, int from, int to) throws MalformedEvidenceException {
        Bytes found = raw.slice(from, to);
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) != 0) {
                throw new MalformedEvidenceException(
                        "padding of " + field, from + i, "zero", String.format("0x%02x", found.unsigned(i)));
            }
        }
    }

    /** 48 bytes, big-endian. */
    static Bytes scalar(BigInteger value) {
        byte[] minimal = value.toByteArray();
        int sign = minimal[0] == 0 ? 1 : 0;
        int size = minimal.length - sign;
        if (value.signum() < 0 || size > SCALAR_SIZE) {
            throw new IllegalArgumentException("scalar must be of 384 bits at most, found " + value.bitLength());
        }
        return Bytes.zeros(SCALAR_SIZE - size).concat(Bytes.of(minimal, sign, size));
    }

    private static Bytes inRange(String field, Bytes raw, int offset) throws MalformedEvidenceException {
        Bytes scalar = scalar(field, raw, offset);
        // FIPS 186-5, section 6.4.2: r and s lie between 1 and the order of the group less 1.
        if (scalar.isZero() || new BigInteger(1, scalar.toByteArray()).compareTo(P384.getN()) >= 0) {
            throw new MalformedEvidenceException(field, offset, "1 to the order of P-384 less 1", scalar.hex());
        }
        return scalar;
    }

    private static Bytes scalar(String field, Bytes raw, int offset) throws MalformedEvidenceException {
        zeros(field, raw, offset + SCALAR_SIZE, offset + FIELD_SIZE);
        return raw.slice(offset, offset + SCALAR_SIZE).reversed();
    }
}
