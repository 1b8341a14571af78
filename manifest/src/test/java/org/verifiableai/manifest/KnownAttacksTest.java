package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Verdict;

/** Every attack that is known, each with what alone fails by it. */
class KnownAttacksTest {

    @TempDir
    Path temporary;

    private static List<AttackTrial> trials() {
        List<AttackTrial> trials = new ArrayList<>();
        trials.addAll(EvidenceAttacks.trials());
        trials.addAll(FolderAttacks.trials());
        trials.addAll(DocumentAttacks.trials());
        trials.sort(Comparator.comparing(AttackTrial::attack));
        return trials;
    }

    @Test
    void aModelThatNobodyAttacksIsAccepted() throws Exception {
        AttackedModel model = AttackedModel.in(temporary);
        Verdict<Provenance> verdict =
                Lab.verifier().verify(model.folder, Lab.policy().build());
        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.accepted()).isTrue();
        assertThat(model.oms(statement -> {}).fails()).isEmpty();
    }

    @Test
    void noAttackIsLeftOut() {
        assertThat(trials()).extracting(AttackTrial::attack).containsAll(EnumSet.allOf(KnownAttack.class));
        assertThat(trials())
                .extracting(trial -> trial.attack() + " " + trial.how())
                .doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicContainer> eachAttackFailsTheNamedCheckAlone() {
        List<AttackTrial> trials = trials();
        return Stream.of(KnownAttack.values())
                .map(attack -> DynamicContainer.dynamicContainer(
                        attack.name(),
                        trials.stream()
                                .filter(trial -> trial.attack() == attack)
                                .map(trial -> DynamicTest.dynamicTest(trial.how(), () -> carryOut(trial)))));
    }

    private void carryOut(AttackTrial trial) throws Exception {
        AttackedModel model = AttackedModel.in(Files.createTempDirectory(temporary, "attack"));
        AttackTrial.Finding finding = trial.attempt().on(model);
        assertThat(finding.fails()).as(finding.detail()).containsExactlyElementsOf(trial.fails());
        assertThat(finding.detail()).contains(trial.because());
    }
}
