package org.verifiableai.manifest.files;

/**
 * Hears how far hashing is. It is told at the beginning, about ten times a second, and at the end; from whichever thread
 * comes by, but from one at a time, and never of less than before. Hashing waits while it listens, and what it throws ends
 * the hashing.
 */
@FunctionalInterface
public interface HashingListener {

    /**
     * Says how far it is.
     *
     * @param progress what is done, and what there is
     */
    void progress(Progress progress);

    /**
     * What is done, and what there is. Content that was trusted from a cache counts as done.
     *
     * @param bytesDone of what is read
     * @param bytesTotal of all files, as they were when the folder was listed
     * @param filesDone files read to the end
     * @param filesTotal all files
     */
    record Progress(long bytesDone, long bytesTotal, int filesDone, int filesTotal) {}
}
