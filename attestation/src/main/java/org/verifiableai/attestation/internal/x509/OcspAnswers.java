package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import org.verifiableai.attestation.Bytes;

/**
 * The answers that came along with one piece of evidence, read once for all certificates in it; see {@link OcspExaminer}.
 * Thread-safe.
 */
public final class OcspAnswers {

    private final Instant at;
    private final int presented;
    private final List<String> silent;
    // By serial number, so that many devices' answers cost each device next to nothing. Comparable keys do not flood a
    // map.
    private final Map<BigInteger, List<Said>> bySerial = new HashMap<>();

    /**
     * Answers.
     *
     * @param presented how many there were, with those that say nothing
     * @param silent why some of them say nothing
     */
    OcspAnswers(Instant at, int presented, List<Heard> heard, List<String> silent) {
        this.at = at;
        this.presented = presented;
        this.silent = List.copyOf(silent);
        for (Heard answer : heard) {
            for (OcspSingleResponse single : answer.answer.responses()) {
                bySerial.computeIfAbsent(single.certId().serialNumber(), s -> new ArrayList<>(1))
                        .add(new Said(answer, single));
            }
        }
    }

    /** One finding for each link, in order. */
    public List<OcspFinding> examine(List<OcspLink> links) {
        List<OcspFinding> findings = new ArrayList<>();
        for (OcspLink link : links) {
            findings.add(examine(link));
        }
        return List.copyOf(findings);
    }

    private OcspFinding examine(OcspLink link) {
        OcspRuling ruling = new OcspRuling(link.certificate(), at);
        for (Said said : bySerial.getOrDefault(link.certificate().serialNumber(), List.of())) {
            if (said.single.certId().matches(link.certificate(), link.issuer())) {
                Judged judged = said.answer.judge(link.issuer());
                if (judged.signer().isPresent()) {
                    ruling.genuine(said.single, judged.signer().get());
                } else {
                    ruling.forged(said.single, judged.defects());
                }
            }
        }
        return ruling.finding(presented, silent);
    }

    private record Said(Heard answer, OcspSingleResponse single) {}

    /**
     * Who signed an answer, as far as an issuer is concerned.
     *
     * @param defects why nobody did in the issuer's name; none where there is a signer
     */
    record Judged(X509Cert issuer, Optional<OcspSigner> signer, List<String> defects) {}

    /** One answer. It is judged once for each issuer, whoever asks and however it ends. */
    static final class Heard {
        private final Bytes digest;
        private final OcspBasicResponse answer;
        private final BiFunction<Heard, X509Cert, Judged> judge;
        private final List<Judged> judged = new ArrayList<>(1); // guarded by lock
        private final ReentrantLock lock = new ReentrantLock();

        Heard(Bytes digest, OcspBasicResponse answer, BiFunction<Heard, X509Cert, Judged> judge) {
            this.digest = digest;
            this.answer = answer;
            this.judge = judge;
        }

        Bytes digest() {
            return digest;
        }

        OcspBasicResponse answer() {
            return answer;
        }

        void judgedBefore(OcspSigner signer) {
            lock.lock();
            try {
                judged.add(new Judged(signer.issuer(), Optional.of(signer), List.of()));
            } finally {
                lock.unlock();
            }
        }

        private Judged judge(X509Cert issuer) {
            lock.lock();
            try {
                for (Judged known : judged) {
                    if (OcspSigner.same(known.issuer(), issuer)) {
                        return known;
                    }
                }
                Judged now = judge.apply(this, issuer);
                judged.add(now);
                return now;
            } finally {
                lock.unlock();
            }
        }
    }
}
