package org.verifiableai.examples.vai;

import java.nio.file.Path;

/** Where the files that come with {@code vai} are: its launcher says so. */
public final class Home {

    private Home() {}

    /** The folder that holds {@code foundation} and {@code demo}. */
    public static Path folder() {
        return Path.of(System.getProperty("vai.home", "examples/vai"));
    }
}
