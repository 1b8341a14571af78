package org.verifiableai.attestation.snp.collateral;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.Failures;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;

/** Sources that are asked one after the other. */
record FirstOf(List<CertificateSource> sources) implements CertificateSource {

    /** One question, put to each source. */
    @FunctionalInterface
    private interface Question {
        List<Bytes> ask(CertificateSource source) throws EvidenceUnavailableException;
    }

    @Override
    public Optional<Bytes> vcek(VcekId id) throws EvidenceUnavailableException {
        return first(source -> source.vcek(id).stream().toList(), answer -> true).stream()
                .findFirst();
    }

    @Override
    public Optional<Bytes> vlek(ProductLine line, TcbVersion tcb) throws EvidenceUnavailableException {
        return first(source -> source.vlek(line, tcb).stream().toList(), answer -> true).stream()
                .findFirst();
    }

    @Override
    public List<Bytes> authorities(ProductLine line, SigningKey key) throws EvidenceUnavailableException {
        Endpoint.of(key);
        return first(source -> source.authorities(line, key), answer -> true);
    }

    @Override
    public List<Bytes> revocationLists(ProductLine line, SigningKey key, Instant at)
            throws EvidenceUnavailableException {
        Endpoint.of(key);
        return first(
                source -> source.revocationLists(line, key, at), lists -> RevocationLists.anyCurrent(lists, line, at));
    }

    /** The first answer that satisfies; else, unless a source failed that might have had a better one, the first. */
    private List<Bytes> first(Question question, Predicate<List<Bytes>> satisfies) throws EvidenceUnavailableException {
        List<Bytes> secondBest = List.of();
        List<EvidenceUnavailableException> failures = new ArrayList<>();
        for (CertificateSource source : sources) {
            try {
                List<Bytes> answer = question.ask(source);
                if (!answer.isEmpty() && satisfies.test(answer)) {
                    return answer;
                }
                secondBest = secondBest.isEmpty() ? answer : secondBest;
            } catch (EvidenceUnavailableException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw Failures.joined(failures);
        }
        return secondBest;
    }
}
