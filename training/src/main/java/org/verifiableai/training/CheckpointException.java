package org.verifiableai.training;

/**
 * A checkpoint, an adapter or training data is not what this SDK can read. The message names the file, the place, what was
 * expected and what was found.
 */
public final class CheckpointException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Says what was expected where, and what was found. */
    public CheckpointException(String where, String expected, String found) {
        super(where + ": expected " + expected + ", found " + shorten(found));
    }

    private static String shorten(String found) {
        String plain = found.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= 200 ? plain : plain.substring(0, 200) + "...";
    }
}
