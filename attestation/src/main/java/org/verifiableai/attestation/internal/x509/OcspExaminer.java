package org.verifiableai.attestation.internal.x509;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.internal.BoundedCache;

/**
 * Says of certificates what the answers of their issuers say (RFC 6960, section 3.2). Immutable and thread-safe.
 *
 * <p>Answers come from whoever presents the evidence, so that only the genuine ones count: those signed by the issuer, or by
 * a responder to whom it delegated that. Of these,
 *
 * <ul>
 *   <li>one that revokes for good decides, however old it is and whatever a newer one says: only a hold can be lifted (RFC
 *       5280, section 5.3.1);
 *   <li>else the newest that is current decides, and of two of one instant the worse;
 *   <li>else, if none is current, the status is stale.
 * </ul>
 *
 * <p>An answer that is not genuine, or cannot be read, takes nothing away from one that is; it decides only where there is
 * no other. An answer from after the instant asked about has not been spoken yet. One without a nextUpdate is never current.
 *
 * <p>What it does not prove: that the newest answer was presented. Whoever holds back a revocation can do so until the last
 * good answer before it has grown old.
 */
public final class OcspExaminer {

    private final SignatureEngine engine;
    // By SHA-256 of the response. Only what verified is kept: who sends forgeries shall not push out what is genuine.
    private final BoundedCache<Bytes, Genuine> cache;

    /**
     * An examiner.
     *
     * @param engine what verifies signatures
     * @param cacheSize how many genuine answers are kept, so that their signatures are verified once; zero for none. Times
     *     are judged at each call
     */
    public OcspExaminer(SignatureEngine engine, int cacheSize) {
        this.engine = engine;
        this.cache = new BoundedCache<>(cacheSize);
    }

    /**
     * One finding for each link, in order.
     *
     * @param responses DER as received, in any order
     * @param at the instant of which the question is
     */
    public List<OcspFinding> examine(List<OcspLink> links, List<Bytes> responses, Instant at) {
        List<Heard> heard = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (Bytes response : responses) {
            hear(response, silent).ifPresent(heard::add);
        }
        List<OcspFinding> findings = new ArrayList<>();
        for (OcspLink link : links) {
            OcspRuling ruling = new OcspRuling(link.certificate(), at);
            for (Heard answer : heard) {
                answer.contribute(link, ruling);
            }
            findings.add(ruling.finding(responses.size(), silent));
        }
        return List.copyOf(findings);
    }

    private Optional<Heard> hear(Bytes response, List<String> silent) {
        Bytes digest = response.sha256();
        Genuine known = cache.get(digest);
        if (known != null) {
            Heard heard = new Heard(digest, known.answer());
            heard.judged.add(new Judged(known.signer().issuer(), Optional.of(known.signer()), List.of()));
            return Optional.of(heard);
        }
        try {
            OcspResponse parsed = OcspResponse.parse(response);
            if (parsed.basic() != null) {
                return Optional.of(new Heard(digest, parsed.basic()));
            }
            silent.add("one says " + parsed.status());
        } catch (MalformedEvidenceException e) {
            silent.add("one cannot be read (" + e.getMessage() + ")");
        }
        return Optional.empty();
    }

    private record Genuine(OcspBasicResponse answer, OcspSigner signer) {}

    private record Judged(X509Cert issuer, Optional<OcspSigner> signer, List<String> defects) {}

    /** One answer within one call. A forged one is verified once for each issuer in it, and never kept beyond. */
    private final class Heard {
        private final Bytes digest;
        private final OcspBasicResponse answer;
        private final List<Judged> judged = new ArrayList<>();

        Heard(Bytes digest, OcspBasicResponse answer) {
            this.digest = digest;
            this.answer = answer;
        }

        void contribute(OcspLink link, OcspRuling ruling) {
            for (OcspSingleResponse single : answer.responses()) {
                if (single.certId().matches(link.certificate(), link.issuer())) {
                    Judged judgement = judge(link.issuer());
                    if (judgement.signer().isPresent()) {
                        ruling.genuine(single, judgement.signer().get());
                    } else {
                        ruling.forged(single, judgement.defects());
                    }
                }
            }
        }

        private Judged judge(X509Cert issuer) {
            for (Judged known : judged) {
                if (new OcspSigner(known.issuer(), null).speaksFor(issuer)) {
                    return known;
                }
            }
            List<String> defects = new ArrayList<>();
            Optional<OcspSigner> signer = OcspSigner.find(answer, issuer, engine, defects);
            signer.ifPresent(s -> cache.put(digest, new Genuine(answer, s)));
            Judged judgement = new Judged(issuer, signer, defects);
            judged.add(judgement);
            return judgement;
        }
    }
}
