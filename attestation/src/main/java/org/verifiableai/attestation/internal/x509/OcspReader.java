package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;

/** Reads an answer, field by field, in the order of RFC 6960, section 4.2.1. */
final class OcspReader {

    private static final String BASIC = "1.3.6.1.5.5.7.48.1.1";

    private OcspReader() {}

    static OcspResponse read(Bytes der) throws MalformedEvidenceException {
        if (der.size() > OcspResponse.MAX_SIZE) {
            throw new MalformedEvidenceException(
                    "ocsp response", 0, "at most " + OcspResponse.MAX_SIZE + " bytes", der.size() + " bytes");
        }
        Der whole = Der.of(der);
        Der response = whole.enter("ocsp response", Der.SEQUENCE);
        whole.end("ocsp response");
        long offset = response.offset();
        int number = response.enumerated("responseStatus");
        OcspResponseStatus status = OcspResponseStatus.ofNumber(number)
                .orElseThrow(() -> new MalformedEvidenceException(
                        "responseStatus", offset, "0 to 3, 5 or 6", Integer.toString(number)));
        if (status != OcspResponseStatus.SUCCESSFUL) {
            response.end("responseBytes");
            return new OcspResponse(status, null);
        }
        Der explicit = response.enter("responseBytes", Der.context(0));
        response.end("ocsp response");
        Der bytes = explicit.enter("responseBytes", Der.SEQUENCE);
        explicit.end("responseBytes");
        long typeOffset = bytes.offset();
        String type = bytes.oid("responseType");
        if (!type.equals(BASIC)) {
            throw new MalformedEvidenceException("responseType", typeOffset, BASIC, type);
        }
        Bytes basic = bytes.content("response", Der.OCTET_STRING);
        bytes.end("responseBytes");
        return new OcspResponse(status, readBasic(basic));
    }

    private static OcspBasicResponse readBasic(Bytes der) throws MalformedEvidenceException {
        Der whole = Der.of(der);
        Der basic = whole.enter("response", Der.SEQUENCE);
        whole.end("response");
        Bytes tbs = basic.raw("tbsResponseData");
        SignatureAlgorithm algorithm = CertSignature.readAlgorithm("signatureAlgorithm", basic);
        CertSignature signature = new CertSignature(algorithm, basic.bitString("signature"));
        List<Bytes> certificates = readCertificates(basic);
        basic.end("response");

        Der fields = Der.of(tbs).enter("tbsResponseData", Der.SEQUENCE);
        readVersion(fields);
        OcspResponderId responderId = OcspResponderId.read(fields);
        Instant producedAt = Time.readGeneralized("producedAt", fields);
        List<OcspSingleResponse> responses = readResponses(fields);
        Map<String, Bytes> extensions = readExtensions("responseExtensions", fields, Set.of(OcspRequest.NONCE));
        fields.end("tbsResponseData");
        return new OcspBasicResponse(
                tbs,
                responderId,
                producedAt,
                responses,
                readNonce(extensions.get(OcspRequest.NONCE)),
                signature,
                certificates);
    }

    private static List<Bytes> readCertificates(Der basic) throws MalformedEvidenceException {
        List<Bytes> certificates = new ArrayList<>();
        if (basic.next(Der.context(0))) {
            Der explicit = basic.enter("certs", Der.context(0));
            Der list = explicit.enter("certs", Der.SEQUENCE);
            explicit.end("certs");
            while (!list.atEnd()) {
                if (certificates.size() == OcspResponse.MAX_CERTIFICATES) {
                    throw new MalformedEvidenceException(
                            "certs", list.offset(), "at most " + OcspResponse.MAX_CERTIFICATES, "more");
                }
                certificates.add(list.raw("certs"));
            }
        }
        return certificates;
    }

    /** The default is to be left out, and some responders write it. */
    private static void readVersion(Der fields) throws MalformedEvidenceException {
        if (fields.next(Der.context(0))) {
            long offset = fields.offset();
            Der explicit = fields.enter("version", Der.context(0));
            BigInteger version = explicit.integer("version");
            explicit.end("version");
            if (version.signum() != 0) {
                throw new MalformedEvidenceException("version", offset, "0, which is version 1", version.toString());
            }
        }
    }

    private static List<OcspSingleResponse> readResponses(Der fields) throws MalformedEvidenceException {
        long offset = fields.offset();
        Der list = fields.enter("responses", Der.SEQUENCE);
        List<OcspSingleResponse> responses = new ArrayList<>();
        while (!list.atEnd()) {
            if (responses.size() == OcspResponse.MAX_RESPONSES) {
                throw new MalformedEvidenceException(
                        "responses", list.offset(), "at most " + OcspResponse.MAX_RESPONSES, "more");
            }
            responses.add(readSingle(list.enter("singleResponse", Der.SEQUENCE)));
        }
        if (responses.isEmpty()) {
            throw new MalformedEvidenceException("responses", offset, "at least one", "none");
        }
        return responses;
    }

    private static OcspSingleResponse readSingle(Der single) throws MalformedEvidenceException {
        OcspCertId certId = OcspCertId.read(single);
        OcspCertStatus status = OcspCertStatus.read(single);
        Instant thisUpdate = Time.readGeneralized("thisUpdate", single);
        Instant nextUpdate = null;
        if (single.next(Der.context(0))) {
            Der explicit = single.enter("nextUpdate", Der.context(0));
            nextUpdate = Time.readGeneralized("nextUpdate", explicit);
            explicit.end("nextUpdate");
        }
        readExtensions("singleExtensions", single, Set.of());
        single.end("singleResponse");
        return new OcspSingleResponse(certId, status, thisUpdate, nextUpdate);
    }

    /** RFC 6960, section 4.4: a critical extension that is not understood makes the answer unusable. */
    private static Map<String, Bytes> readExtensions(String field, Der fields, Set<String> understood)
            throws MalformedEvidenceException {
        Set<String> critical = new HashSet<>();
        Map<String, Bytes> extensions = CertReader.readExtensions(field, fields, 1, critical);
        critical.removeAll(understood);
        if (!critical.isEmpty()) {
            throw new MalformedEvidenceException(
                    field,
                    MalformedEvidenceException.NO_OFFSET,
                    "no critical extension that is unknown",
                    new TreeSet<>(critical).toString());
        }
        return extensions;
    }

    /** RFC 9654, section 2.1: an OCTET STRING of 1 to 128 bytes within the extension. */
    private static @Nullable Bytes readNonce(@Nullable Bytes value) throws MalformedEvidenceException {
        if (value == null) {
            return null;
        }
        Der whole = Der.of(value);
        Bytes nonce = whole.content("nonce", Der.OCTET_STRING);
        whole.end("nonce");
        if (nonce.isEmpty() || nonce.size() > OcspRequest.MAX_NONCE) {
            throw new MalformedEvidenceException(
                    "nonce", 0, "1 to " + OcspRequest.MAX_NONCE + " bytes", nonce.size() + " bytes");
        }
        return nonce;
    }
}
