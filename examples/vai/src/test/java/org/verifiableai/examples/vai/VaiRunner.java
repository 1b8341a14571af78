package org.verifiableai.examples.vai;

import java.io.PrintWriter;
import java.io.StringWriter;

/** Runs a command in this process and keeps what it printed. */
public final class VaiRunner {

    private VaiRunner() {}

    /** What came of a command. */
    public record Result(int exitCode, String out, String err) {}

    /** Runs {@code vai} with {@code args}. */
    public static Result run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Vai.run(new PrintWriter(out), new PrintWriter(err), args);
        return new Result(exitCode, out.toString(), err.toString());
    }
}
