package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the README to the code: its sample is compiled, and the commands that it names exist. */
class ReadmeTest {

    private static final Path ROOT = Path.of(System.getProperty("project.root"));

    @Test
    void everySampleIsTheCompiledOne() throws IOException {
        Matcher block = Pattern.compile(
                        "<!-- The region \"(\\w+)\" of (\\S+);[^\n]*-->\n```java\n(.*?)```", Pattern.DOTALL)
                .matcher(readme());
        int samples = 0;
        while (block.find()) {
            assertThat(block.group(3).lines().toList())
                    .hasSizeBetween(5, 20)
                    .isEqualTo(region(ROOT.resolve(block.group(2)), block.group(1)));
            samples++;
        }

        assertThat(readme().split("```java", -1))
                .as("samples with their source")
                .hasSize(1 + samples);
        assertThat(samples).isPositive();
    }

    @Test
    void theTestCommandIsTheOneThatContinuousIntegrationCalls() throws IOException {
        assertThat(readme()).contains("    mvn verify ");
        assertThat(Files.readString(ROOT.resolve(".ci/run"))).containsPattern("(?m)^mvn .*\\bverify\\b");
    }

    @Test
    void everyLinkedPathExists() throws IOException {
        Matcher link = Pattern.compile("]\\((?!https?:)([^)#]+)\\)").matcher(readme());
        while (link.find()) {
            assertThat(ROOT.resolve(link.group(1))).exists();
        }
    }

    /** The lines between the comments {@code // region NAME} and {@code // endregion}, without their common indent. */
    private static List<String> region(Path source, String name) throws IOException {
        Matcher region = Pattern.compile("// region " + name + "\n(.*?)\n *// endregion", Pattern.DOTALL)
                .matcher(Files.readString(source));
        assertThat(region.find()).as("region " + name + " of " + source).isTrue();
        return region.group(1).stripIndent().lines().toList();
    }

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }
}
