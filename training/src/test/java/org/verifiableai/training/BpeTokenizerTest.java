package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BpeTokenizerTest {

    private static final List<String> CORPUS =
            List.of("the cat sits, the cat sat", "der Bär läßt die Tür\u00a0zu", "日本語の日本");

    @TempDir
    Path folder;

    private TextTokenizer tokenizer() throws IOException, CheckpointException {
        BpeTokenizer made = BpeTokenizer.train(CORPUS, 300);
        made.write(folder);
        return TextTokenizer.load(folder.resolve("tokenizer.json"), made.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "the cat",
                "  two  spaces \t\r\n\n tab ",
                "don't, I'll, we've",
                "Bär läßt",
                "日本語",
                "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
                "e\u0301 \u200d \ufeff \u00a0 \u2028 \u3000",
                "\ud83d\ude00 \ud83d\udc69\u200d\ud83d\udcbb \udbff\udfff",
                "a\0b \u0001 \u007f \u0085",
                "\uffff \ufffd \ue000",
                "<bos <eos| eos>"
            })
    void textIsReadBackFromItsTokens(String text) throws Exception {
        try (TextTokenizer tokenizer = tokenizer()) {
            assertThat(tokenizer.decode(tokenizer.encode("text", text))).isEqualTo(text);
        }
    }

    @Test
    void anyTextIsReadBackFromItsTokens() throws Exception {
        Random random = new Random(5);
        try (TextTokenizer tokenizer = tokenizer()) {
            for (int round = 0; round < 500; round++) {
                StringBuilder text = new StringBuilder();
                int length = random.nextInt(40);
                while (text.length() < length) {
                    int most = random.nextBoolean() ? 0x250 : Character.MAX_CODE_POINT + 1;
                    int c = random.nextInt(most);
                    if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                        text.appendCodePoint(c);
                    }
                }
                assertThat(tokenizer.decode(tokenizer.encode("text", text.toString())))
                        .isEqualTo(text.toString());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<eos>", "a <bos> b", "a<pad>", "<eos><eos>"})
    void specialTokenInTextIsRefused(String text) throws Exception {
        try (TextTokenizer tokenizer = tokenizer()) {
            assertThatThrownBy(() -> tokenizer.encode("here", text))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("here: expected text without special tokens, found " + text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud800", "a \udc00 b", "\udc00\ud800"})
    void halfASurrogatePairIsRefused(String text) throws Exception {
        try (TextTokenizer tokenizer = tokenizer()) {
            assertThatThrownBy(() -> tokenizer.encode("here", text))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("here: expected text, found half of a surrogate pair");
        }
    }

    @Test
    void tokenThatTheModelDoesNotHaveIsRefused() throws Exception {
        BpeTokenizer.train(CORPUS, 300).write(folder);
        try (TextTokenizer tokenizer = TextTokenizer.load(folder.resolve("tokenizer.json"), 259)) {
            assertThat(tokenizer.encode("here", "xyz")).hasSize(3);
            assertThatThrownBy(() -> tokenizer.encode("here", "the cat"))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith("here: expected tokens below the model's 259, found token ");
        }
    }

    @Test
    void frequentWordIsOneToken() throws Exception {
        try (TextTokenizer tokenizer = tokenizer()) {
            assertThat(tokenizer.encode("text", " cat")).hasSize(1);
            assertThat(tokenizer.encode("text", " xyz")).hasSize(4);
        }
    }

    @Test
    void sameCorpusGivesTheSameFile() throws Exception {
        BpeTokenizer.train(CORPUS, 300).write(folder.resolve("a"));
        BpeTokenizer.train(List.copyOf(CORPUS), 300).write(folder.resolve("b"));
        for (String name : new String[] {"tokenizer.json", "tokenizer_config.json"}) {
            assertThat(folder.resolve("a").resolve(name))
                    .hasSameBinaryContentAs(folder.resolve("b").resolve(name));
        }
    }

    @Test
    void vocabularyIsAsLargeAsTheCorpusAllows() {
        assertThat(BpeTokenizer.train(CORPUS, 270).size()).isEqualTo(270);
        assertThat(BpeTokenizer.train(List.of("ab ab"), 1000).size()).isEqualTo(260);
        assertThat(BpeTokenizer.train(List.of(), 259).size()).isEqualTo(259);
        assertThatIllegalArgumentException().isThrownBy(() -> BpeTokenizer.train(CORPUS, 258));
    }

    @Test
    void limitsThatATokenizerFileAsksForAreNotApplied() throws Exception {
        BpeTokenizer.train(CORPUS, 300).write(folder);
        Path file = folder.resolve("tokenizer.json");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace(
                                "\"truncation\" : null",
                                "\"truncation\" : {\"direction\": \"Right\", \"max_length\": 2,"
                                        + " \"strategy\": \"LongestFirst\", \"stride\": 0}")
                        .replace(
                                "\"padding\" : null",
                                "\"padding\" : {\"strategy\": {\"Fixed\": 64}, \"direction\": \"Right\","
                                        + " \"pad_to_multiple_of\": null, \"pad_id\": 2, \"pad_type_id\": 0,"
                                        + " \"pad_token\": \"<pad>\"}"));
        assertThat(file).content().contains("max_length", "Fixed");
        try (TextTokenizer tokenizer = TextTokenizer.load(file, 300)) {
            assertThat(tokenizer.encode("text", "xyzxyz")).hasSize(6);
            assertThat(tokenizer.encode("text", "xyz ".repeat(400))).hasSize(1600);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "not json", "{\"model\": {\"type\": \"BPE\"}}"})
    void fileThatIsNoTokenizerIsRefused(String json) throws IOException {
        Path file = Files.writeString(folder.resolve("tokenizer.json"), json);
        assertThatThrownBy(() -> TextTokenizer.load(file, 300))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("tokenizer.json: expected a tokenizer");
    }
}
