package org.verifiableai.attestation.testkit.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The folder of real test data, which lives beside the project and never in it. */
public final class Vectors {

    private static final String DIRECTORY = "vectors.dir";
    private static final String REQUIRED = "vectors.required";

    private Vectors() {}

    /**
     * The folder that the system property {@code vectors.dir} names; empty if there is none, so that a test can be
     * reported as skipped.
     *
     * @throws IllegalStateException if there is none and the system property {@code vectors.required} is true
     */
    public static Optional<Path> directory() {
        String named = System.getProperty(DIRECTORY, "");
        if (!named.isBlank() && Files.isDirectory(Path.of(named))) {
            return Optional.of(Path.of(named));
        }
        if (Boolean.getBoolean(REQUIRED)) {
            throw new IllegalStateException(
                    DIRECTORY + " must name the folder of test data, since " + REQUIRED + " is true, found " + named);
        }
        return Optional.empty();
    }
}
