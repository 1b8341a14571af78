package org.verifiableai.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.internal.Appraisal;

class VerdictJsonTest {

    private static final CheckId FIRST = new CheckId("test.first");
    private static final CheckId SECOND = new CheckId("test.second");

    @Test
    void anAcceptanceIsWrittenWithItsChecksAndFacts() {
        Appraisal appraisal = new Appraisal();
        appraisal.pass(FIRST, "a \"good\" one");
        appraisal.waive(SECOND, "why");
        appraisal.fact("name", 7);
        appraisal.fact("a", "b");

        assertThat(appraisal.verdict("value").toJson())
                .isEqualTo("{\"accepted\":true,\"checks\":["
                        + "{\"id\":\"test.first\",\"outcome\":\"PASSED\",\"detail\":\"a \\\"good\\\" one\"},"
                        + "{\"id\":\"test.second\",\"outcome\":\"NOT_EVALUATED\",\"detail\":\"waived by policy: why\"}],"
                        + "\"facts\":{\"a\":\"b\",\"name\":\"7\"}}");
    }

    @Test
    void aRejectionIsWrittenWithItsChecksAndNoFacts() {
        Appraisal appraisal = new Appraisal();
        appraisal.fail(FIRST, "bad");
        appraisal.block(SECOND, FIRST);
        appraisal.fact("name", "value");

        assertThat(appraisal.verdict("value").toJson())
                .isEqualTo("{\"accepted\":false,\"checks\":["
                        + "{\"id\":\"test.first\",\"outcome\":\"FAILED\",\"detail\":\"bad\"},"
                        + "{\"id\":\"test.second\",\"outcome\":\"NOT_EVALUATED\","
                        + "\"detail\":\"could not run because test.first failed\"}],\"facts\":{}}");
    }
}
