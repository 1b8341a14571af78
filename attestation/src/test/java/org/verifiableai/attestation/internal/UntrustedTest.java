package org.verifiableai.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UntrustedTest {

    @ParameterizedTest
    @CsvSource({
        "000A, a", // control
        "202E, 202e", // format: an override of direction
        "D800, d800", // half of a pair
        "E000, e000", // private use
        "0378, 378", // unassigned
        "2028, 2028", // line separator
        "2029, 2029", // paragraph separator
    })
    void whatDoesNotPrintIsEscaped(String character, String escaped) {
        String text = new String(Character.toChars(Integer.parseInt(character, 16)));

        assertThat(Untrusted.line("a" + text + "b", 100)).isEqualTo("a\\u{" + escaped + "}b");
    }

    @Test
    void everyCharacterOfAsciiThatPrintsStaysAndEveryOtherIsEscaped() {
        for (char c = 0; c < 0x80; c++) {
            String expected = c >= 0x20 && c < 0x7F ? String.valueOf(c) : "\\u{" + Integer.toHexString(c) + "}";

            assertThat(Untrusted.line(String.valueOf(c), 100)).isEqualTo(expected);
        }
    }

    @Test
    void whatPrintsStaysAsItIs() {
        String text = "plain \"text\", \u00e4\u4e2d and \ud83d\ude00";

        assertThat(Untrusted.line(text, 100)).isEqualTo(text);
        assertThat(Untrusted.line("", 0)).isEmpty();
    }

    @Test
    void aLongTextIsCutAndSaysSo() {
        assertThat(Untrusted.line("abcd", 4)).isEqualTo("abcd");
        assertThat(Untrusted.line("abcde", 4)).isEqualTo("abcd...");
        assertThat(Untrusted.line("a", 0)).isEqualTo("...");
    }
}
