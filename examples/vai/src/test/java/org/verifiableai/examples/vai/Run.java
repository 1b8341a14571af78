package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** One run of the command line, within the test's own process. */
record Run(int code, String out, String err) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    static Run vai(Object... args) {
        List<String> words = new ArrayList<>();
        for (Object arg : args) {
            words.add(arg.toString());
        }
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Vai.run(new PrintWriter(out), new PrintWriter(err), words.toArray(String[]::new));
        Run run = new Run(code, out.toString(), err.toString());
        assertThat(run.err).as("no trace, whatever the input").doesNotContain("\tat ");
        return run;
    }

    /** Standard output, which has to be one JSON object and nothing else. */
    JsonNode json() throws IOException {
        JsonNode json = JSON.readTree(out);
        assertThat(json.isObject()).as(out).isTrue();
        return json;
    }

    /** The checks that failed, out of a verdict as JSON. */
    List<String> failures() throws IOException {
        List<String> failures = new ArrayList<>();
        for (JsonNode check : json().get("checks")) {
            if (check.get("outcome").asText().equals("FAILED")) {
                failures.add(check.get("id").asText());
            }
        }
        return failures;
    }
}
