package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CheckpointExceptionTest {

    @Test
    void messageStaysOnItsLineWhateverTheFileSays() {
        String hostile = "a\n\u001b[31m\u202eb\u2028\ud800";
        assertThat(new CheckpointException(hostile, hostile, hostile).getMessage())
                .isEqualTo("%1$s: expected %1$s, found %1$s", "a\\u{a}\\u{1b}[31m\\u{202e}b\\u{2028}\\u{d800}");
    }

    @Test
    void longValueIsShortenedAndThePlaceIsNot() {
        String name = "n".repeat(1024);
        assertThat(new CheckpointException(name, "less", "\ud83d\ude00".repeat(1000)))
                .hasMessage(name + ": expected less, found " + "\ud83d\ude00".repeat(100) + "...");
    }
}
