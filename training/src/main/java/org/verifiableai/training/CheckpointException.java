package org.verifiableai.training;

/**
 * A checkpoint, an adapter or training data is not what this SDK can read. The message names the file, the place, what was
 * expected and what was found, on one line: names and values from a file are escaped and shortened.
 */
public final class CheckpointException extends Exception {

    private static final long serialVersionUID = 1L;

    // A file and a tensor are named in full; what is wrong with them need not be.
    private static final int PLACE = 2048;
    private static final int VALUE = 200;

    /** Says what was expected where, and what was found. */
    public CheckpointException(String where, String expected, String found) {
        super(Untrusted.line(where, PLACE) + ": expected " + Untrusted.line(expected, PLACE) + ", found "
                + Untrusted.line(found, VALUE));
    }
}
