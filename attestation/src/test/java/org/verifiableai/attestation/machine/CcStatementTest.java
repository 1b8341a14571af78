package org.verifiableai.attestation.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class CcStatementTest {

    @Test
    void eachDeviceSaysItsModeOrNothing() throws Exception {
        assertThat(read("[{\"cc_mode\":\"on\"},{\"a\":1},{\"b\":[{\"cc_mode\":7}],\"cc_mode\":\"off\"}]"))
                .containsExactly(Optional.of(CcMode.ON), Optional.empty(), Optional.of(CcMode.OFF));
        assertThat(read("[]")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void everyModeHasItsWord(CcMode mode) throws Exception {
        String word = mode.name().toLowerCase(java.util.Locale.ROOT);

        assertThat(mode.word()).isEqualTo(word);
        assertThat(read("[{\"cc_mode\":\"" + word + "\"}]")).containsExactly(Optional.of(mode));
        assertThat(mode.isConfidential()).isEqualTo(mode == CcMode.ON || mode == CcMode.PPCIE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"cc_mode":"on"}                     | expected an array of devices, found START_OBJECT
            ["on"]                               | expected an object for each device, found VALUE_STRING
            [{"cc_mode":"ON"}]                   | expected on, ppcie, devtools or off, found ON
            [{"cc_mode":true}]                   | expected on, ppcie, devtools or off, found VALUE_TRUE
            [{"cc_mode":null}]                   | expected on, ppcie, devtools or off, found VALUE_NULL
            [{"cc_mode":["on"]}]                 | expected on, ppcie, devtools or off, found START_ARRAY
            [{"cc_mode":"on","cc_mode":"off"}]   | Duplicate field 'cc_mode'
            [{"cc_mode":"on"}                    | expected JSON, found
            [[[[[[[[[]]]]]]]]]                   | expected an object for each device, found START_ARRAY
            [{"a":[[[[[[[]]]]]]]}]               | expected JSON, found
            """)
    void anythingElseIsRefused(String json, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(json))
                .withMessageStartingWith("cc_mode: ")
                .withMessageContaining(message);
    }

    @Test
    void nothingAtAllIsRefused() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> read(""))
                .withMessage("cc_mode: expected an array of devices, found null");
    }

    private static List<Optional<CcMode>> read(String json) throws MalformedEvidenceException {
        return CcStatement.read(Bytes.utf8(json));
    }
}
