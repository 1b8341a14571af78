package org.verifiableai.examples.vai;

/** What a script learns from {@code vai} without reading its output. */
public final class ExitCode {

    /** Accepted, or done. */
    public static final int OK = 0;

    /** Rejected, or malformed evidence. */
    public static final int REJECTED = 1;

    /** Wrong usage. */
    public static final int USAGE = 2;

    /** Something that the command needs could not be had: a file, a device, a network. */
    public static final int UNAVAILABLE = 3;

    private ExitCode() {}
}
