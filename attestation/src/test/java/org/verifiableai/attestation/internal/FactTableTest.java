package org.verifiableai.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FactTableTest {

    @Test
    void recordsArePartedByBlankLinesAndValuesGoOnIndented() {
        assertThat(FactTable.parse("table", """
                        # a comment
                        name: first
                        key: 30
                          59
                        # between

                         \t
                        name: second: with a colon
                        key:
                         30
                        """))
                .containsExactly(
                        Map.of("name", "first", "key", "3059"), Map.of("name", "second: with a colon", "key", "30"));
    }

    @Test
    void anEmptyTableHasNoRecords() {
        assertThat(FactTable.parse("table", "")).isEmpty();
        assertThat(FactTable.parse("table", "# nothing\n\n\n")).isEmpty();
        assertThat(FactTable.parse("table", "  goes on from nothing")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no colon", ": no name", "name: one\nname: two"})
    void aDefectOfATableIsADefectOfTheBuild(String text) {
        assertThatIllegalStateException()
                .isThrownBy(() -> FactTable.parse("table", text))
                .withMessage("table: expected a name of its own and a colon, found "
                        + text.substring(text.lastIndexOf('\n') + 1));
    }

    @Test
    void theSameNameMayComeInAnotherRecord() {
        assertThat(FactTable.parse("table", "a: 1\n\na: 2")).containsExactly(Map.of("a", "1"), Map.of("a", "2"));
    }

    @Test
    void aTableThatIsNotThereIsADefectOfTheBuild() {
        assertThatNullPointerException()
                .isThrownBy(() -> FactTable.load(FactTableTest.class, "none.txt"))
                .withMessage("none.txt");
    }
}
