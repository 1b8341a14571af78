package org.verifiableai.attestation.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;

class CommandLineTemplateTest {

    private static final Bytes HASH = Bytes.utf8("disk").sha256();

    @Test
    void placesAreFilledWithHashesInHex() {
        CommandLineTemplate template =
                CommandLineTemplate.parse("root=/dev/sda1 ro sda1_shasum={sda1} sdb_shasum={sdb} again={sda1}");

        assertThat(template.placeholders()).containsExactly("sda1", "sdb");
        assertThat(template.fill(Map.of("sda1", HASH, "sdb", Bytes.zeros(32))))
                .isEqualTo("root=/dev/sda1 ro sda1_shasum=" + HASH.hex() + " sdb_shasum=" + "00".repeat(32) + " again="
                        + HASH.hex());
    }

    @Test
    void aDoubledBraceStandsForItself() {
        CommandLineTemplate template = CommandLineTemplate.parse("a={{x}} b={{{disk}}} c=}}{{");

        assertThat(template.placeholders()).containsExactly("disk");
        assertThat(template.fill(Map.of("disk", HASH))).isEqualTo("a={x} b={" + HASH.hex() + "} c=}{");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ro quiet", "a={x} b=}{", "{{", "\u00fc=\ud83d\ude00"})
    void aLiteralIsTakenToTheLetter(String commandLine) {
        CommandLineTemplate template = CommandLineTemplate.literal(commandLine);

        assertThat(template.placeholders()).isEmpty();
        assertThat(template.fill(Map.of())).isEqualTo(commandLine);
        assertThat(CommandLineTemplate.parse(template.toString())).isEqualTo(template);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "a={",
                "a=}",
                "{}",
                "{ sda1}",
                "{sda1",
                "{Sda1}",
                "{1}",
                "{-a}",
                "{a b}",
                "{a{b}}",
                "{abcdefghijklmnopqrstuvwxyz0123456}"
            })
    void aStrayBraceIsRefused(String template) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLineTemplate.parse(template))
                .withMessageContaining("braces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\n", "a\tb", "a\u007fb", "a\u0085b"})
    void controlCharactersAreRefused(String commandLine) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLineTemplate.literal(commandLine))
                .withMessageContaining("control characters");
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLineTemplate.literal("a=\ud83d b"))
                .withMessageContaining("half a surrogate pair");
    }

    @Test
    void theLengthIsBounded() {
        assertThat(CommandLineTemplate.parse("x".repeat(CommandLineTemplate.MAX_LENGTH))
                        .placeholders())
                .isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLineTemplate.parse("x".repeat(CommandLineTemplate.MAX_LENGTH + 1)))
                .withMessageContaining("at most 4096 characters, found 4097");
    }

    @Test
    void aPlaceWithoutADiskAndADiskWithoutAPlaceAreRefused() {
        CommandLineTemplate template = CommandLineTemplate.parse("sda1={sda1}");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.fill(Map.of()))
                .withMessage("command line needs the hash of disk sda1, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> template.fill(Map.of("sda1", HASH, "sdb", HASH)))
                .withMessage("command line must have a place for each disk, found none for sdb");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 33, 48})
    void whatIsNoSha256IsRefused(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CommandLineTemplate.parse("a={a}").fill(Map.of("a", Bytes.zeros(size))))
                .withMessage("hash of disk a must be of 32 bytes, found " + size);
    }

    @Test
    void templatesAreEqualByTheirText() {
        assertThat(CommandLineTemplate.parse("a={a}"))
                .isEqualTo(CommandLineTemplate.parse("a={a}"))
                .hasSameHashCodeAs(CommandLineTemplate.parse("a={a}"))
                .isNotEqualTo(CommandLineTemplate.parse("a={b}"))
                .isNotEqualTo(CommandLineTemplate.literal("a={a}"));
    }
}
