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
        return hear(responses, at).examine(links);
    }

    /**
     * Reads answers once, for any number of certificates that are asked about on any thread.
     *
     * @param responses DER as received, in any order
     * @param at the instant of which the question is
     */
    public OcspAnswers hear(List<Bytes> responses, Instant at) {
        List<OcspAnswers.Heard> heard = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        for (Bytes response : responses) {
            hear(response, silent).ifPresent(heard::add);
        }
        return new OcspAnswers(at, responses.size(), heard, silent);
    }

    private Optional<OcspAnswers.Heard> hear(Bytes response, List<String> silent) {
        Bytes digest = response.sha256();
        Genuine known = cache.get(digest);
        if (known != null) {
            OcspAnswers.Heard heard = new OcspAnswers.Heard(digest, known.answer(), this::judge);
            heard.judgedBefore(known.signer());
            return Optional.of(heard);
        }
        try {
            OcspResponse parsed = OcspResponse.parse(response);
            if (parsed.basic() != null) {
                return Optional.of(new OcspAnswers.Heard(digest, parsed.basic(), this::judge));
            }
            silent.add("one says " + parsed.status());
        } catch (MalformedEvidenceException e) {
            silent.add("one cannot be read (" + e.getMessage() + ")");
        }
        return Optional.empty();
    }

    private OcspAnswers.Judged judge(OcspAnswers.Heard heard, X509Cert issuer) {
        List<String> defects = new ArrayList<>();
        Optional<OcspSigner> signer = OcspSigner.find(heard.answer(), issuer, engine, defects);
        signer.ifPresent(found -> cache.put(heard.digest(), new Genuine(heard.answer(), found)));
        return new OcspAnswers.Judged(issuer, signer, defects);
    }

    private record Genuine(OcspBasicResponse answer, OcspSigner signer) {}
}
