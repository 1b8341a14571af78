package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class ContributionTest {

    @Test
    void runsAreReadInOrder() throws Exception {
        String json = "{\"contributions\":[{\"contributor\":\"alice\",\"records\":4},"
                + "{\"records\":1,\"contributor\":\"bob\"},{\"contributor\":\"alice\",\"records\":2}]}";

        assertThat(Contribution.parse(Bytes.utf8(json)))
                .containsExactly(
                        new Contribution("alice", 4), new Contribution("bob", 1), new Contribution("alice", 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"contributions\":{}}",
                "{\"contributions\":[],\"more\":1}",
                "{\"contributions\":[{\"contributor\":\"a\"}]}",
                "{\"contributions\":[{\"contributor\":\"a\",\"records\":0}]}",
                "{\"contributions\":[{\"contributor\":\"\",\"records\":1}]}",
                "{\"contributions\":[{\"contributor\":\"a\",\"records\":1,\"more\":1}]}"
            })
    void whatIsNoListOfRunsIsRefused(String json) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Contribution.parse(Bytes.utf8(json)));
    }

    @Test
    void allRunsTogetherAreACount() {
        Contribution most = new Contribution("a", (1L << 53) - 1);
        assertThat(new Leaves.Contributed(List.of(most)).records()).isEqualTo(most.records());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Leaves.contributed(List.of(most, new Contribution("b", 1))));
    }
}
