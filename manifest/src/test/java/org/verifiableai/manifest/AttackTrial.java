package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;

/**
 * One way to carry out an attack, and what it comes to.
 *
 * @param attack which one it is
 * @param how what this way is about
 * @param attempt does it with a sound model
 * @param because part of what is said against it
 * @param fails what alone fails: check ids in the order of the verdict, or the exception with the field that it names
 */
record AttackTrial(KnownAttack attack, String how, Attempt attempt, String because, List<String> fails) {

    /** Spoils a model, which is then judged as ever. */
    @FunctionalInterface
    interface Defect {
        void in(AttackedModel model) throws Exception;
    }

    /** Does something with a model and says what came of it. */
    @FunctionalInterface
    interface Attempt {
        Finding on(AttackedModel model) throws Exception;
    }

    /**
     * What came of an attempt.
     *
     * @param fails check ids, or an exception with its field
     * @param detail what was said
     */
    record Finding(List<String> fails, String detail) {

        static Finding of(Verdict<?> verdict) {
            assertThat(verdict.accepted()).isEqualTo(verdict.failures().isEmpty());
            return new Finding(
                    verdict.failures().stream()
                            .map(failure -> failure.id().name())
                            .toList(),
                    verdict.failures().stream().map(CheckResult::detail).collect(Collectors.joining("; ")));
        }

        /** Of what refuses before there is a verdict: a parser, a hasher, or a policy that cannot be made. */
        static Finding ofRefusal(ThrowingCallable refused) {
            Throwable thrown = catchThrowable(refused);
            assertThat(thrown).as("a refusal").isNotNull();
            String field = thrown instanceof MalformedEvidenceException malformed ? " of " + malformed.field() : "";
            return new Finding(List.of(thrown.getClass().getSimpleName() + field), String.valueOf(thrown.getMessage()));
        }
    }

    static AttackTrial spoiling(KnownAttack attack, String how, Defect defect, String because, CheckId... fails) {
        return judging(
                attack,
                how,
                model -> {
                    defect.in(model);
                    return model.verify();
                },
                because,
                fails);
    }

    static AttackTrial judging(KnownAttack attack, String how, Attempt attempt, String because, CheckId... fails) {
        return new AttackTrial(
                attack,
                how,
                attempt,
                because,
                Stream.of(fails).map(CheckId::name).toList());
    }

    static AttackTrial refusing(KnownAttack attack, String how, Attempt attempt, String because, String refusal) {
        return new AttackTrial(attack, how, attempt, because, List.of(refusal));
    }
}
