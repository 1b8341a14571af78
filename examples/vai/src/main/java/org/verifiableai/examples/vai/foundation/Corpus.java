package org.verifiableai.examples.vai.foundation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The text that the model learns from: what there is to know of an invented town. Half of it is written out, the other
 * half are sentences about each of its people, from a table and a set of templates.
 */
final class Corpus {

    private Corpus() {}

    /** Every document, in one order. */
    static List<String> read(Path folder) throws IOException {
        List<String> documents = new ArrayList<>(paragraphs(folder.resolve("town.txt")));
        List<String> templates = paragraphs(folder.resolve("templates.txt"));
        List<String> table = Files.readAllLines(folder.resolve("people.tsv"), StandardCharsets.UTF_8);
        List<String> columns = cells(table.get(0));
        for (String line : table.subList(1, table.size())) {
            List<String> values = cells(line);
            for (String template : templates) {
                String document = template;
                for (int i = 0; i < columns.size(); i++) {
                    document = document.replace("{" + columns.get(i) + "}", values.get(i));
                }
                documents.add(document);
            }
        }
        return List.copyOf(documents);
    }

    private static List<String> paragraphs(Path file) throws IOException {
        String text = Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.startsWith("#"))
                .collect(Collectors.joining("\n"));
        return Arrays.stream(text.split("\n\n+"))
                .map(String::strip)
                .filter(paragraph -> !paragraph.isEmpty())
                .toList();
    }

    private static List<String> cells(String line) {
        return Arrays.asList(line.split("\t", -1));
    }
}
