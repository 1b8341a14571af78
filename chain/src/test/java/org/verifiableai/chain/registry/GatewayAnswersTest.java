package org.verifiableai.chain.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.Service;

/** What the client makes of gateways that answer nonsense, or lie: always a {@link ChainException}, never an entry. */
class GatewayAnswersTest {

    private static final String REGISTRY = "0x" + "11".repeat(20);
    private static final String PUBLISHER = "0x" + "22".repeat(20);
    private static final Bytes MODEL = Bytes.utf8("model").sha256();
    private static final String MANIFEST = "aa".repeat(32);

    @Test
    void anEntryIsRead() throws Exception {
        assertThat(lookup(words("1", "2", MANIFEST, "3", "0", "0")))
                .isEqualTo(new RegistryEntry.Published(Bytes.fromHex(MANIFEST), 2, Instant.ofEpochSecond(3)));
        assertThat(lookup(words("3", "2", MANIFEST, "3", "4", "5")))
                .isEqualTo(new RegistryEntry.Revoked(
                        Bytes.fromHex(MANIFEST), 2, Instant.ofEpochSecond(3), Instant.ofEpochSecond(4), 5));
        assertThat(lookup(words("0", "0", "0", "0", "0", "0"))).isEqualTo(new RegistryEntry.Unknown());
    }

    @Test
    void anAnswerThatContradictsItselfIsNoEntry() {
        String[][] contradictions = {
            {"1", "2", MANIFEST, "3", "4", "0"}, // published, and revoked
            {"1", "2", MANIFEST, "3", "0", "5"}, // published, with a reason to revoke
            {"1", "2", "0", "3", "0", "0"}, // published, without a manifest
            {"1", "0", MANIFEST, "3", "0", "0"}, // published, as version 0
            {"3", "2", MANIFEST, "3", "0", "0"}, // revoked, at no time
            {"0", "1", MANIFEST, "3", "0", "0"}, // unknown, with an entry
            {"2", "2", MANIFEST, "3", "0", "0"}, // the newest, and superseded
            {"4", "2", MANIFEST, "3", "0", "0"}, // a status that there is not
            {"1", "2", MANIFEST, "7fffffffffffffff", "0", "0"}, // after the end of the calendar
            {"1", "f".repeat(64), MANIFEST, "3", "0", "0"}, // a version above 2^63
            {"1", "2", MANIFEST, "3", "0"}, // a word too few
        };
        for (String[] words : contradictions) {
            assertThatThrownBy(() -> lookup(words(words)))
                    .as(String.join(" ", words))
                    .isInstanceOfSatisfying(
                            ChainException.class, e -> assertThat(e.retryable()).isFalse());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\"zz\"", "\"0x\"", "\"0xzz\"", "{}", "[]", "true"})
    void nonsenseInPlaceOfAnyAnswerIsAChainException(String nonsense) {
        for (String method : new Gateway().answers.keySet()) {
            Gateway gateway = new Gateway();
            gateway.answers.put(method, nonsense);

            assertThatThrownBy(() -> {
                        ChainConnection chain = gateway.connect();
                        ProvenanceRegistry.at(chain, REGISTRY).lookup(PUBLISHER, MODEL);
                        chain.transact(
                                Credentials.create("1"),
                                chain.nonce(PUBLISHER),
                                BigInteger.valueOf(100_000),
                                REGISTRY,
                                Bytes.EMPTY);
                    })
                    .as(method)
                    .isInstanceOf(ChainException.class);
        }
    }

    @Test
    void aReceiptOfAnotherTransactionIsNotTaken() {
        Gateway gateway = new Gateway();

        assertThatThrownBy(() -> gateway.connect()
                        .transact(
                                Credentials.create("1"),
                                BigInteger.ZERO,
                                BigInteger.valueOf(100_000),
                                REGISTRY,
                                Bytes.EMPTY))
                .isInstanceOf(ChainException.class)
                .hasMessageMatching("expected transaction 0x[0-9a-f]{64} from the gateway, found 0x(99){32}");
    }

    @Test
    void whatAGatewaySaysCannotWriteOnATerminal() {
        Gateway gateway = new Gateway();
        gateway.errors.put("eth_call", "\"\\u001b[2Jgone\\nsecond line \\u202e" + "x".repeat(10_000) + "\"");

        assertThatThrownBy(
                        () -> ProvenanceRegistry.at(gateway.connect(), REGISTRY).lookup(PUBLISHER, MODEL))
                .isInstanceOf(ChainException.class)
                .hasMessageContaining("\\u{1b}[2Jgone\\u{a}second line \\u{202e}xxx")
                .satisfies(e -> assertThat(Objects.requireNonNull(e.getMessage()))
                        .hasSizeLessThan(400)
                        .matches("\\P{Cntrl}*"));
    }

    @Test
    void aCallerThatWaitsForNothingIsMistaken() {
        Gateway gateway = new Gateway();

        assertThatThrownBy(() -> ChainConnection.connect(gateway, 23293, Duration.ZERO, Duration.ofMillis(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChainConnection.connect(gateway, 23293, Duration.ofSeconds(1), Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyErrorOfTheContractHasItsName() throws Exception {
        try (InputStream in =
                Objects.requireNonNull(ProvenanceRegistry.class.getResourceAsStream("ProvenanceRegistry.abi.json"))) {
            TreeSet<String> selectors = new TreeSet<>();
            for (JsonNode entry : new ObjectMapper().readTree(in)) {
                if (entry.path("type").asText().equals("error")) {
                    String types = StreamSupport.stream(entry.path("inputs").spliterator(), false)
                            .map(input -> input.path("type").asText())
                            .collect(Collectors.joining(","));
                    selectors.add(Abi.selector(entry.path("name").asText() + "(" + types + ")")
                            .hex());
                }
            }
            assertThat(RegistryErrors.selectors().stream().map(Bytes::hex))
                    .containsExactlyInAnyOrderElementsOf(selectors);
        }
    }

    private static RegistryEntry lookup(String result) throws ChainException {
        Gateway gateway = new Gateway();
        gateway.answers.put("eth_call", result);
        return ProvenanceRegistry.at(gateway.connect(), REGISTRY).lookup(PUBLISHER, MODEL);
    }

    private static String words(String... words) {
        StringBuilder text = new StringBuilder("\"0x");
        for (String word : words) {
            text.append("0".repeat(64 - word.length())).append(word);
        }
        return text.append('"').toString();
    }

    /** Says what it is told to; by itself, what a gateway says that knows of no entry. */
    private static final class Gateway extends Service {

        final Map<String, String> answers = new HashMap<>();
        final Map<String, String> errors = new HashMap<>();

        Gateway() {
            super(false);
            answers.put("eth_chainId", "\"0x5afd\"");
            answers.put("eth_getCode", "\"0x00\"");
            answers.put("eth_call", words("0", "0", "0", "0", "0", "0"));
            answers.put("eth_gasPrice", "\"0x1\"");
            answers.put("eth_getTransactionCount", "\"0x0\"");
            answers.put("eth_sendRawTransaction", "\"0x" + "99".repeat(32) + "\"");
        }

        ChainConnection connect() throws ChainException {
            return ChainConnection.connect(this, 23293, Duration.ofSeconds(1), Duration.ofMillis(1));
        }

        @Override
        protected InputStream performIO(String request) {
            String method = request.replaceAll(".*\"method\":\"([^\"]*)\".*", "$1");
            String answer = errors.containsKey(method)
                    ? "\"error\":{\"code\":-32000,\"message\":" + errors.get(method) + "}"
                    : "\"result\":" + answers.get(method);
            return new ByteArrayInputStream(
                    ("{\"jsonrpc\":\"2.0\",\"id\":1," + answer + "}").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {}
    }
}
