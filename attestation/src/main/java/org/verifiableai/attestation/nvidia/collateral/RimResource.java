package org.verifiableai.attestation.nvidia.collateral;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.Answer;
import org.verifiableai.attestation.internal.http.Question;
import org.verifiableai.attestation.internal.http.Resource;
import org.verifiableai.attestation.nvidia.Rim;
import org.verifiableai.attestation.nvidia.RimId;

/** The manifest with an identifier: JSON at the service, and the document itself in a file. */
record RimResource(RimId id) implements Resource {

    private static final Duration ABSENCE = Duration.ofMinutes(1);

    @Override
    public String path() {
        return "/v1/rim/" + id; // of letters, digits, dots, hyphens and underscores
    }

    @Override
    public int limit() {
        return RimAnswer.MAX_SIZE;
    }

    @Override
    public Optional<String> file() {
        return Optional.of("rim/" + id + ".xml");
    }

    @Override
    public Question question() {
        return new Question(
                Map.of("Accept", "application/json"), Optional.empty(), body -> read(RimAnswer.parse(id, body)));
    }

    @Override
    public Answer read(Bytes xml) throws MalformedEvidenceException {
        Rim.parse(xml);
        // A manifest is of use as long as the device runs what it describes; whether its signers' certificates are
        // still
        // valid is for the verifier to say.
        return new Answer(xml, List.of(xml), Instant.EPOCH, Instant.MAX);
    }

    @Override
    public boolean changes() {
        return true;
    }

    @Override
    public Optional<Answer> absence(Instant now) {
        return Optional.of(Answer.none(now.plus(ABSENCE)));
    }

    @Override
    public Optional<String> meaning(int status) {
        return ServiceKeys.meaning(status);
    }

    @Override
    public String toString() {
        return "rim " + id;
    }
}
