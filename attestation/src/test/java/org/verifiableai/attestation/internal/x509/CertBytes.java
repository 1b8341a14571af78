package org.verifiableai.attestation.internal.x509;

import static org.verifiableai.attestation.internal.x509.DerBytes.bits;
import static org.verifiableai.attestation.internal.x509.DerBytes.bool;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.octets;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;
import static org.verifiableai.attestation.internal.x509.DerBytes.set;
import static org.verifiableai.attestation.internal.x509.DerBytes.utcTime;
import static org.verifiableai.attestation.internal.x509.DerBytes.utf8;

import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/** Puts certificates and revocation lists together field by field. Nobody signs them: parsers do not ask. */
public final class CertBytes {

    /** AlgorithmIdentifier of ECDSA with SHA-384. */
    public static final Bytes ECDSA = sequence(oid("1.2.840.10045.4.3.3"));

    /** AlgorithmIdentifier of RSASSA-PSS with SHA-384 and 48 bytes of salt, as AMD writes it. */
    public static final Bytes PSS = pss(sha384(), sha384(), 48, context(3, integer(1)));

    /** SubjectPublicKeyInfo of P-384, whose point is the curve's own generator. */
    public static final Bytes P384_SPKI = Bytes.fromHex("3076301006072a8648ce3d020106052b8104002203620004"
            + "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"
            + "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f");

    Bytes version = context(0, integer(2));
    Bytes serial = integer(0);
    Bytes innerAlgorithm = ECDSA;
    Bytes outerAlgorithm = ECDSA;
    Bytes issuer = name("SEV-Milan");
    Bytes subject = name("SEV-VCEK");
    Bytes notBefore = utcTime("250102030405Z");
    Bytes notAfter = utcTime("320102030405Z");
    Bytes spki = P384_SPKI;
    Bytes signature = bits(Bytes.fromHex("3006020101020101"));
    Bytes afterExtensions = Bytes.EMPTY;
    final List<Bytes> extensions = new ArrayList<>();

    public static CertBytes of(String subject) {
        CertBytes certificate = new CertBytes();
        certificate.subject = name(subject);
        return certificate;
    }

    public CertBytes with(String oid, Bytes value) {
        extensions.add(sequence(oid(oid), octets(value)));
        return this;
    }

    public CertBytes withCritical(String oid, Bytes value) {
        extensions.add(sequence(oid(oid), bool(true), octets(value)));
        return this;
    }

    public CertBytes algorithm(Bytes identifier) {
        innerAlgorithm = identifier;
        outerAlgorithm = identifier;
        return this;
    }

    public static Bytes name(String commonName) {
        return sequence(set(sequence(oid("2.5.4.10"), utf8("Org"))), set(sequence(oid("2.5.4.3"), utf8(commonName))));
    }

    /** The parameters that AMD uses are {@link #PSS}; these are any. */
    public static Bytes pss(Bytes hash, Bytes maskHash, int salt, Bytes trailer) {
        return sequence(
                oid("1.2.840.113549.1.1.10"),
                sequence(
                        context(0, hash),
                        context(1, sequence(oid("1.2.840.113549.1.1.8"), maskHash)),
                        context(2, integer(salt)),
                        trailer));
    }

    public static Bytes sha384() {
        return sequence(oid("2.16.840.1.101.3.4.2.2"), nothing());
    }

    Bytes tbs() {
        return sequence(
                version,
                serial,
                innerAlgorithm,
                issuer,
                sequence(notBefore, notAfter),
                subject,
                spki,
                extensions.isEmpty() ? Bytes.EMPTY : context(3, sequence(extensions.toArray(Bytes[]::new))),
                afterExtensions);
    }

    public Bytes build() {
        return sequence(tbs(), outerAlgorithm, signature);
    }

    /** A revocation list of {@code issuer} with the times {@code notBefore} and {@code notAfter} and these entries. */
    public Bytes buildList(Bytes... entries) {
        return sequence(
                sequence(
                        integer(1),
                        innerAlgorithm,
                        issuer,
                        notBefore,
                        notAfter,
                        entries.length == 0 ? Bytes.EMPTY : sequence(entries),
                        extensions.isEmpty() ? Bytes.EMPTY : context(0, sequence(extensions.toArray(Bytes[]::new))),
                        afterExtensions),
                outerAlgorithm,
                signature);
    }

    /** An entry of a revocation list, with entry extensions or {@link Bytes#EMPTY}. */
    public static Bytes revoked(long serial, Bytes entryExtensions) {
        return sequence(integer(serial), utcTime("250203040506Z"), entryExtensions);
    }
}
