package org.verifiableai.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;

class MalformedEvidenceExceptionTest {

    @Test
    void whatIsFoundIsEscapedAndCut() {
        MalformedEvidenceException e = new MalformedEvidenceException("f", 1, "x", "\u001b[2J" + "y".repeat(300));

        assertThat(e.found()).startsWith("\\u{1b}[2J").hasSizeLessThan(220);
        assertThat(e).hasMessage("f at offset 0x1: expected x, found " + e.found());
    }

    /** A member of a token is a field, and its name whatever the token says. */
    @Test
    void aFieldIsEscapedAndCutToo() {
        MalformedEvidenceException e = new MalformedEvidenceException("\u001b[2J\n" + "y".repeat(1000), 1, "x", "z");

        assertThat(e.getMessage()).startsWith("\\u{1b}[2J\\u{a}yyy").hasSizeLessThan(300);
    }

    /** The name of a disk is a place on the command line, and so whatever the file says. */
    @Test
    void whatIsExpectedMayNameAMemberAndIsEscapedAndCutToo() {
        String json = "{\"disks\": {\"\\u001b[2J" + "y".repeat(1000) + "\": \"00\"}}";
        MalformedEvidenceException e =
                catchThrowableOfType(MalformedEvidenceException.class, () -> LaunchConfiguration.fromJson(json));

        assertThat(e.getMessage())
                .contains("\\u{1b}[2J")
                .doesNotContain("\u001b")
                .hasSizeLessThan(700);
    }
}
