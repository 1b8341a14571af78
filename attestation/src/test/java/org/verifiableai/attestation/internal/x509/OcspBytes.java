package org.verifiableai.attestation.internal.x509;

import static org.verifiableai.attestation.internal.x509.DerBytes.bits;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.element;
import static org.verifiableai.attestation.internal.x509.DerBytes.generalizedTime;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.octets;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.verifiableai.attestation.Bytes;

/** Puts an OCSP answer together field by field. Nobody signs it: parsers do not ask. */
final class OcspBytes {

    static final Bytes GOOD = element(0x80);
    static final Bytes UNKNOWN = element(0x82);
    static final String THIS_UPDATE = "20250102030405Z";
    static final String NEXT_UPDATE = "20250103030405Z";

    Bytes status = enumerated(0);
    Bytes responseType = oid("1.3.6.1.5.5.7.48.1.1");
    Bytes version = Bytes.EMPTY;
    Bytes responderId = context(2, octets(Bytes.zeros(20)));
    Bytes producedAt = generalizedTime(THIS_UPDATE);
    Bytes hashAlgorithm = sequence(oid("2.16.840.1.101.3.4.2.2"), nothing());
    Bytes issuerNameHash = octets(Bytes.zeros(48));
    Bytes issuerKeyHash = octets(Bytes.zeros(48));
    Bytes serial = integer(7);
    Bytes afterCertId = Bytes.EMPTY;
    Bytes certStatus = GOOD;
    Bytes thisUpdate = generalizedTime(THIS_UPDATE);
    Bytes nextUpdate = context(0, generalizedTime(NEXT_UPDATE));
    Bytes singleExtensions = Bytes.EMPTY;
    Bytes responseExtensions = Bytes.EMPTY;
    Bytes algorithm = CertBytes.ECDSA;
    Bytes signature = bits(Bytes.fromHex("3006020101020101"));
    Bytes certificates = Bytes.EMPTY;
    Bytes afterTbs = Bytes.EMPTY;
    Bytes afterBasic = Bytes.EMPTY;
    Bytes afterResponse = Bytes.EMPTY;
    Bytes afterWholeBasic = Bytes.EMPTY;
    Bytes afterType = Bytes.EMPTY;
    Bytes afterResponseBytes = Bytes.EMPTY;
    Bytes moreSingles = Bytes.EMPTY;
    int singles = 1;

    static Bytes enumerated(int value) {
        return element(Der.ENUMERATED, Bytes.of((byte) value));
    }

    static Bytes revoked(String since, Bytes reason) {
        return context(1, generalizedTime(since), reason);
    }

    static Bytes reason(int number) {
        return context(0, enumerated(number));
    }

    /** Extensions as they stand in an answer, each whole. */
    static Bytes extensions(Bytes... extensions) {
        return context(1, sequence(extensions));
    }

    static Bytes extension(String oid, Bytes value) {
        return sequence(oid(oid), octets(value));
    }

    static Bytes critical(String oid, Bytes value) {
        return sequence(oid(oid), DerBytes.bool(true), octets(value));
    }

    OcspBytes certificates(int number) {
        List<Bytes> all = new ArrayList<>(Collections.nCopies(number, sequence()));
        certificates = context(0, sequence(all.toArray(Bytes[]::new)));
        return this;
    }

    Bytes single() {
        Bytes certId = sequence(hashAlgorithm, issuerNameHash, issuerKeyHash, serial, afterCertId);
        return sequence(certId, certStatus, thisUpdate, nextUpdate, singleExtensions);
    }

    Bytes tbs() {
        List<Bytes> all = new ArrayList<>(Collections.nCopies(singles, single()));
        all.add(moreSingles);
        Bytes responses = sequence(all.toArray(Bytes[]::new));
        return sequence(version, responderId, producedAt, responses, responseExtensions, afterTbs);
    }

    Bytes build() {
        Bytes basic = sequence(tbs(), algorithm, signature, certificates, afterBasic);
        Bytes bytes = sequence(responseType, octets(basic.concat(afterWholeBasic)), afterType);
        return sequence(status, context(0, bytes, afterResponseBytes), afterResponse);
    }

    /** A response of this status without an answer. */
    static Bytes refusal(int status) {
        return sequence(enumerated(status));
    }
}
