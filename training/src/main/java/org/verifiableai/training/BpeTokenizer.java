package org.verifiableai.training;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A byte-level BPE tokenizer made from a corpus: every text can be written in it, and frequent pieces of words are one
 * token. Written as a {@code tokenizer.json} that Hugging Face tokenizers read. The same corpus gives the same tokenizer.
 * Immutable.
 *
 * <p>Tokens 0 to 2 are {@code <bos>}, {@code <eos>} and {@code <pad>}; the 256 bytes follow, then the merges.
 */
public final class BpeTokenizer {

    /** The token that begins a text. */
    public static final int BOS = 0;

    /** The token that ends a text. */
    public static final int EOS = 1;

    private static final List<String> SPECIAL = List.of("<bos>", "<eos>", "<pad>");
    private static final int BYTES = 256;

    // How the ByteLevel pre-tokenizer cuts text into words before it looks for merges.
    private static final Pattern WORD = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    private final Map<String, Integer> vocabulary = new LinkedHashMap<>();
    private final List<Pair> merges = new ArrayList<>();

    private BpeTokenizer() {}

    private record Pair(String left, String right) {
        String merged() {
            return left + right;
        }
    }

    /**
     * Makes a tokenizer: it merges the most frequent pair of neighbours until the vocabulary is full or no pair occurs
     * twice. Of equally frequent pairs the first in the order of their characters is merged.
     *
     * @param documents the corpus
     * @param vocabSize how many tokens there shall be at the most, 259 or more
     * @throws IllegalArgumentException if {@code vocabSize} is less
     */
    public static BpeTokenizer train(List<String> documents, int vocabSize) {
        if (vocabSize < SPECIAL.size() + BYTES) {
            throw new IllegalArgumentException(
                    "vocabulary must hold " + (SPECIAL.size() + BYTES) + " tokens or more, found " + vocabSize);
        }
        BpeTokenizer tokenizer = new BpeTokenizer();
        SPECIAL.forEach(tokenizer::add);
        for (int b = 0; b < BYTES; b++) {
            tokenizer.add(spell(b));
        }
        Map<List<String>, Integer> words = words(documents);
        while (tokenizer.vocabulary.size() < vocabSize) {
            Pair best = mostFrequent(words);
            if (best == null) {
                break;
            }
            tokenizer.merges.add(best);
            tokenizer.add(best.merged());
            words = merge(words, best);
        }
        return tokenizer;
    }

    /** The number of tokens. */
    public int size() {
        return vocabulary.size();
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json}.
     *
     * @throws IOException if the folder cannot be written to
     */
    public void write(Path folder) throws IOException {
        AtomicFile.write(
                folder.resolve(HfCheckpoint.TOKENIZER), out -> out.write(toJson().getBytes(StandardCharsets.UTF_8)));
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        config.put("bos_token", SPECIAL.get(0)).put("eos_token", SPECIAL.get(1)).put("pad_token", SPECIAL.get(2));
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        AtomicFile.write(
                folder.resolve("tokenizer_config.json"),
                out -> out.write((config.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private void add(String token) {
        vocabulary.putIfAbsent(token, vocabulary.size());
    }

    private String toJson() {
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", "1.0").putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        for (int id = 0; id < SPECIAL.size(); id++) {
            added.addObject()
                    .put("id", id)
                    .put("content", SPECIAL.get(id))
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        root.putNull("normalizer");
        byteLevel(root.putObject("pre_tokenizer"));
        root.putNull("post_processor");
        byteLevel(root.putObject("decoder"));
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout").putNull("unk_token");
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false);
        ObjectNode vocab = model.putObject("vocab");
        vocabulary.forEach(vocab::put);
        ArrayNode list = model.putArray("merges");
        merges.forEach(pair -> list.add(pair.left() + " " + pair.right()));
        return root.toPrettyString() + "\n";
    }

    private static void byteLevel(ObjectNode node) {
        node.put("type", "ByteLevel")
                .put("add_prefix_space", false)
                .put("trim_offsets", true)
                .put("use_regex", true);
    }

    /** Each distinct word as its bytes, with how often it occurs. */
    private static Map<List<String>, Integer> words(List<String> documents) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String document : documents) {
            Matcher word = WORD.matcher(document);
            while (word.find()) {
                counts.merge(word.group(), 1, Integer::sum);
            }
        }
        Map<List<String>, Integer> words = new LinkedHashMap<>();
        counts.forEach((word, count) -> {
            List<String> symbols = new ArrayList<>();
            for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
                symbols.add(spell(b & 0xFF));
            }
            words.put(symbols, count);
        });
        return words;
    }

    private static @Nullable Pair mostFrequent(Map<List<String>, Integer> words) {
        Map<Pair, Integer> counts =
                new TreeMap<>(Comparator.comparing(Pair::left).thenComparing(Pair::right));
        words.forEach((symbols, count) -> {
            for (int i = 1; i < symbols.size(); i++) {
                counts.merge(new Pair(symbols.get(i - 1), symbols.get(i)), count, Integer::sum);
            }
        });
        Pair best = null;
        int most = 1;
        for (Map.Entry<Pair, Integer> entry : counts.entrySet()) {
            if (entry.getValue() > most) {
                most = entry.getValue();
                best = entry.getKey();
            }
        }
        return best;
    }

    private static Map<List<String>, Integer> merge(Map<List<String>, Integer> words, Pair pair) {
        Map<List<String>, Integer> merged = new LinkedHashMap<>();
        words.forEach((symbols, count) -> {
            List<String> shorter = new ArrayList<>(symbols.size());
            for (int i = 0; i < symbols.size(); i++) {
                boolean here = i + 1 < symbols.size()
                        && symbols.get(i).equals(pair.left())
                        && symbols.get(i + 1).equals(pair.right());
                shorter.add(here ? pair.merged() : symbols.get(i));
                i += here ? 1 : 0;
            }
            merged.merge(shorter, count, Integer::sum);
        });
        return merged;
    }

    /** The character that stands for a byte: itself where it prints, and one from U+0100 on where it does not. */
    private static String spell(int b) {
        if (prints(b)) {
            return String.valueOf((char) b);
        }
        int before = 0;
        for (int other = 0; other < b; other++) {
            before += prints(other) ? 0 : 1;
        }
        return String.valueOf((char) (BYTES + before));
    }

    private static boolean prints(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE && b <= 0xFF);
    }
}
