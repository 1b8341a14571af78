package org.verifiableai.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What a model is to learn: prompts and the completions that should follow them. Immutable.
 *
 * <p>A file has one JSON object a line with the texts {@code prompt} and {@code completion}. Prompt and completion are
 * made into tokens apart, as they are when the model is asked later; the model learns the completion and the end token.
 */
public final class TrainingData {

    private static final int MAX_LINE = 1 << 20;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final List<Pair> pairs;

    private TrainingData(List<Pair> pairs) {
        this.pairs = List.copyOf(pairs);
    }

    /**
     * A prompt and its completion.
     *
     * @param where where it came from, for messages
     * @param prompt what is given
     * @param completion what should follow
     */
    record Pair(String where, String prompt, String completion) {}

    /**
     * Tokens of one example, from the start token to the end token.
     *
     * @param promptLength how many of them are given and not learnt
     */
    @SuppressWarnings("ArrayRecordComponent") // bulk data on its way; nobody compares or keeps it
    record Example(long[] tokens, int promptLength) {}

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read
     * @throws CheckpointException if it is empty or not UTF-8, or a line is not of the form; the message names the line
     */
    public static TrainingData readJsonl(Path file) throws IOException, CheckpointException {
        List<Pair> pairs = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                pairs.add(pair(file.getFileName() + " line " + number, line));
            }
        } catch (CharacterCodingException e) {
            // The reader is ahead of the lines, so there is no number to give.
            throw new CheckpointException(file.getFileName() + "", "UTF-8", "other bytes after line " + pairs.size());
        }
        if (pairs.isEmpty()) {
            throw new CheckpointException(file.toString(), "one JSON object a line", "an empty file");
        }
        return new TrainingData(pairs);
    }

    /** The number of examples. */
    public int size() {
        return pairs.size();
    }

    /** The examples as tokens; each fits in {@code maxLength}. */
    List<Example> encode(TextTokenizer tokenizer, LlamaConfig config, int maxLength) throws CheckpointException {
        List<Example> examples = new ArrayList<>();
        for (Pair pair : pairs) {
            long[] prompt = tokenizer.encode(pair.where() + " prompt", pair.prompt());
            long[] completion = tokenizer.encode(pair.where() + " completion", pair.completion());
            long[] tokens = new long[prompt.length + completion.length + 2];
            if (tokens.length > maxLength) {
                throw new CheckpointException(
                        pair.where(), "at most " + maxLength + " tokens", tokens.length + " tokens");
            }
            tokens[0] = config.bosToken();
            System.arraycopy(prompt, 0, tokens, 1, prompt.length);
            System.arraycopy(completion, 0, tokens, 1 + prompt.length, completion.length);
            tokens[tokens.length - 1] = config.eosToken();
            examples.add(new Example(tokens, 1 + prompt.length));
        }
        return examples;
    }

    /** Order {@code examples} anew for an epoch; the order depends on seed and epoch alone. */
    static List<Example> shuffle(List<Example> examples, long seed, int epoch) {
        List<Example> shuffled = new ArrayList<>(examples);
        Collections.shuffle(shuffled, SeededRandom.of(seed, "epoch " + epoch));
        return shuffled;
    }

    private static Pair pair(String where, String line) throws CheckpointException {
        if (line.length() > MAX_LINE) {
            throw new CheckpointException(where, "at most " + MAX_LINE + " characters", line.length() + " characters");
        }
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(where, "a JSON object", line);
        }
        if (!node.path("prompt").isTextual() || !node.path("completion").isTextual() || node.size() != 2) {
            throw new CheckpointException(where, "the texts prompt and completion and nothing else", line);
        }
        if (node.get("completion").asText().isEmpty()) {
            throw new CheckpointException(where + " completion", "something to learn", "nothing");
        }
        return new Pair(
                where, node.get("prompt").asText(), node.get("completion").asText());
    }
}
