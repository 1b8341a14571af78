package org.verifiableai.chain.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.AccessListObject;
import org.web3j.crypto.ContractUtils;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.crypto.transaction.type.ITransaction;
import org.web3j.crypto.transaction.type.Transaction1559;
import org.web3j.crypto.transaction.type.Transaction2930;
import org.web3j.crypto.transaction.type.Transaction4844;

/** What {@link JsonRpcTest} leaves: kinds of transactions and of code, logs and blocks, the port. */
class DevnetTest {

    private static final BigInteger PRICE = BigInteger.valueOf(100_000_000_000L);
    private static final BigInteger GAS = BigInteger.valueOf(1_000_000);
    private static final String SOMEBODY = "0x" + "11".repeat(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final Ledger ledger = new Ledger(
            LibEvmEngine.create(), Devnet.CHAIN_ID, Clock.fixed(Instant.parse("2026-11-24T09:00:00Z"), ZoneOffset.UTC));
    private final JsonRpc rpc = new JsonRpc(ledger);
    private final Credentials account = Credentials.create("1");

    DevnetTest() {
        rpc.fund(Bytes.fromHex(account.getAddress().substring(2)), BigInteger.TEN.pow(24));
    }

    @AfterEach
    void close() {
        rpc.close();
    }

    // Transactions

    @Test
    void everyTypeOfTransactionThatSapphireTakesTransfers() throws Exception {
        List<AccessListObject> list = List.of(new AccessListObject(SOMEBODY, List.of("0x" + "33".repeat(32))));
        List<Bytes> transactions = List.of(
                legacy(0, PRICE, GAS, SOMEBODY, "", Devnet.CHAIN_ID),
                typed(Transaction2930.createTransaction(
                        Devnet.CHAIN_ID, BigInteger.ONE, PRICE, GAS, SOMEBODY, BigInteger.ONE, "", list)),
                typed(Transaction1559.createTransaction(
                        Devnet.CHAIN_ID, BigInteger.TWO, GAS, SOMEBODY, BigInteger.ONE, "", PRICE, PRICE, list)));
        for (int type = 0; type < transactions.size(); type++) {
            JsonNode receipt = receipt(sent(transactions.get(type)));
            assertThat(receipt.path("status").asText()).isEqualTo("0x1");
            assertThat(receipt.path("type").asText()).isEqualTo("0x" + type);
            assertThat(receipt.path("gasUsed").asText()).isEqualTo("0x5208");
            assertThat(receipt.path("effectiveGasPrice").asText()).isEqualTo(Hex.text(PRICE));
        }
        assertThat(result("eth_getBalance", text(SOMEBODY)).asText()).isEqualTo("0x3");
        assertThat(result("eth_getTransactionCount", text(account.getAddress())).asText())
                .isEqualTo("0x3");
        BigInteger paid = PRICE.multiply(BigInteger.valueOf(3 * 21_000)).add(BigInteger.valueOf(3));
        assertThat(result("eth_getBalance", text(account.getAddress())).asText())
                .isEqualTo(Hex.text(BigInteger.TEN.pow(24).subtract(paid)));
    }

    @Test
    void transactionsOfOtherTypesAreRefused() {
        assertThat(refusal(typed(Transaction4844.createTransaction(
                        Devnet.CHAIN_ID,
                        BigInteger.ZERO,
                        PRICE,
                        PRICE,
                        GAS,
                        SOMEBODY,
                        BigInteger.ONE,
                        "",
                        BigInteger.ONE,
                        List.of(org.apache.tuweni.bytes.Bytes.wrap(new byte[32]))))))
                .isEqualTo("transaction type 3");
        assertThat(refusal(Bytes.fromHex("04c0"))).isEqualTo("transaction type 4");
    }

    @Test
    void gasAndItsPriceHaveBounds() {
        assertThat(refusal(legacy(0, PRICE.subtract(BigInteger.ONE), GAS, SOMEBODY, "", Devnet.CHAIN_ID)))
                .isEqualTo("gas price too low");
        assertThat(refusal(legacy(0, PRICE, BigInteger.valueOf(20_999), SOMEBODY, "", Devnet.CHAIN_ID)))
                .isEqualTo("gas limit 20999 is below the intrinsic 21000");
        assertThat(refusal(legacy(0, PRICE, BigInteger.valueOf(21_019), SOMEBODY, "0x0001", Devnet.CHAIN_ID)))
                .isEqualTo("gas limit 21019 is below the intrinsic 21020");
        assertThat(refusal(legacy(0, PRICE, BigInteger.valueOf(15_000_001), SOMEBODY, "", Devnet.CHAIN_ID)))
                .isEqualTo("gas limit above 15000000");
    }

    @Test
    void aTransactionHasOneEncoding() throws Exception {
        for (int nonce = 0; nonce < 600; nonce++) { // enough for an r or s with a leading zero, which is left out
            sent(legacy(nonce, PRICE, GAS, SOMEBODY, "", Devnet.CHAIN_ID));
        }
        Bytes next = legacy(600, PRICE, GAS, SOMEBODY, "", Devnet.CHAIN_ID);
        assertThat(refusal(next.concat(Bytes.zeros(1)))).isEqualTo("malformed transaction");
        assertThat(refusal(next.slice(0, next.size() - 1))).isEqualTo("malformed transaction");
        assertThat(refusal(Bytes.EMPTY)).isEqualTo("malformed transaction");
        assertThat(refusal(Bytes.zeros(128 * 1024 + 1))).isEqualTo("oversized transaction");
    }

    @Test
    void aTransactionIsFoundWithItsBlock() throws Exception {
        Bytes transaction = legacy(0, PRICE, GAS, SOMEBODY, "0x01", Devnet.CHAIN_ID);
        String hash = sent(transaction);

        assertThat(hash).isEqualTo("0x" + Bytes.of(Hash.sha3(transaction.toByteArray())));
        JsonNode found = result("eth_getTransactionByHash", text(hash));
        assertThat(found.path("from").asText()).isEqualTo(account.getAddress());
        assertThat(found.path("input").asText()).isEqualTo("0x01");
        JsonNode block = result("eth_getBlockByNumber", text("latest"), "true");
        assertThat(block.path("transactions").path(0)).isEqualTo(found);
        assertThat(block.path("timestamp").asText()).isEqualTo(time());
        assertThat(result("eth_getBlockByHash", text(block.path("hash").asText()), "true"))
                .isEqualTo(block);
        assertThat(block.path("parentHash"))
                .isEqualTo(result("eth_getBlockByNumber", text("earliest"), "false")
                        .path("hash"));
        assertThat(result("eth_getBlockByNumber", text("0x2"), "false").isNull())
                .isTrue();
        assertThat(result("eth_getBlockByHash", text("0x" + "00".repeat(32)), "false")
                        .isNull())
                .isTrue();
        assertThat(result("eth_getTransactionReceipt", text("0x" + "00".repeat(32)))
                        .isNull())
                .isTrue();
    }

    // Code

    @Test
    void codeRunsAndItsStateStays() throws Exception {
        // A counter: adds one to slot 0 and returns it.
        String counter = deploy("6000546001018060005560005260206000f3");
        assertThat(call(counter).path("result").asText()).isEqualTo(word(1));
        assertThat(call(counter).path("result").asText()).isEqualTo(word(1)); // a call leaves nothing

        sent(legacy(1, PRICE, GAS, counter, "", Devnet.CHAIN_ID));

        assertThat(call(counter).path("result").asText()).isEqualTo(word(2));
    }

    @Test
    void aCallThatDoesNotEndWellSaysHow() throws Exception {
        JsonNode reverted = call(deploy("61beef60005260206000fd")).path("error");
        assertThat(reverted.path("code").asInt()).isEqualTo(3);
        assertThat(reverted.path("message").asText()).isEqualTo("execution reverted");
        assertThat(reverted.path("data").asText()).isEqualTo(word(0xbeef));

        assertThat(call(deploy("fe")).path("error").path("message").asText())
                .isEqualTo("execution failed: invalid opcode: INVALID");
        assertThat(call(deploy("5e")).path("error").path("message").asText()) // MCOPY came after Shanghai
                .isEqualTo("execution failed: invalid opcode: MCOPY");
        assertThat(call(deploy("5b600056")).path("error").path("message").asText())
                .isEqualTo("execution failed: out of gas");
        JsonNode broke = answer("eth_call", "{\"to\":\"" + SOMEBODY + "\",\"value\":\"0x1\"}", text("latest"));
        assertThat(broke.path("error").path("code").asInt()).isEqualTo(-32000);
        assertThat(broke.path("error").path("message").asText())
                .isEqualTo("execution failed: insufficient balance for transfer");
    }

    @Test
    void aFailedTransactionPaysAndLeavesNothingElse() throws Exception {
        String trap = deploy("fe");
        JsonNode receipt = receipt(sent(legacy(1, PRICE, GAS, trap, "", Devnet.CHAIN_ID)));

        assertThat(receipt.path("status").asText()).isEqualTo("0x0");
        assertThat(receipt.path("gasUsed").asText()).isEqualTo(Hex.text(GAS));
        assertThat(result("eth_getBalance", text(trap)).asText()).isEqualTo("0x0");
        assertThat(result("eth_getTransactionCount", text(account.getAddress())).asText())
                .isEqualTo("0x2");
    }

    @ParameterizedTest
    @CsvSource({
        "PUSH0, 5f5f526020 5ff3, 0",
        "CHAINID, 4660005260206000f3, 23293",
        "NUMBER, 4360005260206000f3, 2",
        "TIMESTAMP, 4260005260206000f3, 1795510800",
        "CALLER of an unsigned call, 3360005260206000f3, 0",
        "ORIGIN of an unsigned call, 3260005260206000f3, 0",
        "CALLVALUE, 3460005260206000f3, 0",
        "BLOCKHASH, 60014360 03 4060005260206000f3, 0",
        "STATICCALL to the identity, 61abcd600052 6020 6020 6020 6000 6004 5afa 5060206020f3, 43981",
        "DELEGATECALL to the identity, 61abcd600052 6020 6020 6020 6000 6004 5af4 5060206020f3, 43981",
        "CALL to the identity, 61abcd600052 6020 6020 6020 6000 6000 6004 5af1 5060206020f3, 43981",
    })
    void environmentAndCallsAreThoseOfShanghai(String what, String code, long expected) throws Exception {
        assertThat(call(deploy(code.replace(" ", ""))).path("result").asText())
                .as(what)
                .isEqualTo(word(expected));
    }

    @Test
    void aContractsAddressFollowsFromItsMakersNonce() throws Exception {
        for (int nonce = 0; nonce < 4; nonce++) {
            if (nonce == 2) { // a transfer in between counts too
                sent(legacy(nonce, PRICE, GAS, SOMEBODY, "", Devnet.CHAIN_ID));
                continue;
            }
            assertThat(deploy("33ff"))
                    .isEqualTo(ContractUtils.generateContractAddress(account.getAddress(), BigInteger.valueOf(nonce)));
        }
        assertThat(result("eth_getTransactionCount", text(account.getAddress())).asText())
                .isEqualTo("0x4");
    }

    @Test
    void creationsFollowTheirRules() throws Exception {
        // CREATE2 of empty code, salt 7, from a contract: returns the address.
        String factory = deploy("6007600060006000f560005260206000f3");
        Bytes expected = Bytes.of(Hash.sha3(Bytes.fromHex("ff" + factory.substring(2))
                .concat(Bytes.fromHex(word(7).substring(2)), Bytes.of(Hash.sha3(new byte[0])))
                .toByteArray()));
        assertThat(call(factory).path("result").asText())
                .isEqualTo("0x" + Bytes.zeros(12).concat(expected.slice(12, 32)));

        // Code that begins with 0xEF is refused (EIP-3541), and a constructor may revert.
        for (String initCode : List.of("60ef60005360016000f3", "60006000fd")) {
            long nonce = Long.decode(result("eth_getTransactionCount", text(account.getAddress()))
                    .asText());
            JsonNode receipt = receipt(sent(legacy(nonce, PRICE, GAS, "", initCode, Devnet.CHAIN_ID)));
            assertThat(receipt.path("status").asText()).isEqualTo("0x0");
            assertThat(receipt.path("contractAddress").isNull()).isTrue();
        }
    }

    @Test
    void aContractThatDestroysItselfIsGone() throws Exception {
        String contract = deploy("33ff");
        assertThat(result("eth_getCode", text(contract)).asText()).isEqualTo("0x33ff");

        sent(legacy(1, PRICE, GAS, contract, "", Devnet.CHAIN_ID));

        assertThat(result("eth_getCode", text(contract)).asText()).isEqualTo("0x");
    }

    @Test
    void clearingStorageIsRefundedUpToAFifth() throws Exception {
        // Writes its call data into slot 0.
        String slot = deploy("600035600055");
        sent(legacy(1, PRICE, GAS, slot, word(1), Devnet.CHAIN_ID));
        JsonNode receipt = receipt(sent(legacy(2, PRICE, GAS, slot, word(0), Devnet.CHAIN_ID)));

        // 21000 + 32 zero bytes at 4 + 9 for the other code + 5000 for the cold slot; 4800 come back, below a fifth.
        assertThat(receipt.path("gasUsed").asText()).isEqualTo(Hex.text(21_000 + 128 + 9 + 5_000 - 4_800));
    }

    @Test
    void logsAreFoundByAddressTopicAndBlock() throws Exception {
        // LOG1 without data, topic 7.
        String logger = deploy("600760006000a100");
        JsonNode receipt = receipt(sent(legacy(1, PRICE, GAS, logger, "", Devnet.CHAIN_ID)));
        JsonNode log = receipt.path("logs").path(0);

        assertThat(log.path("topics").path(0).asText()).isEqualTo(word(7));
        String topic = "\"topics\":[\"" + word(7) + "\"]";
        String other = "\"topics\":[[\"" + word(8) + "\",\"" + word(9) + "\"]]";
        assertThat(logs("\"fromBlock\":\"earliest\",\"address\":\"" + logger + "\"," + topic))
                .containsExactly(log);
        assertThat(logs("\"blockHash\":\"" + receipt.path("blockHash").asText() + "\""))
                .containsExactly(log);
        assertThat(logs("\"fromBlock\":\"earliest\"," + other)).isEmpty();
        assertThat(logs("\"fromBlock\":\"earliest\",\"address\":\"" + SOMEBODY + "\""))
                .isEmpty();
        assertThat(logs("\"fromBlock\":\"earliest\",\"toBlock\":\"0x1\"")).isEmpty();

        Bytes bloom = Bytes.fromHex(receipt.path("logsBloom").asText().substring(2));
        assertThat(bloomHas(bloom, Bytes.fromHex(logger.substring(2)))).isTrue();
        assertThat(bloomHas(bloom, Bytes.fromHex(word(7).substring(2)))).isTrue();
        assertThat(bloomHas(bloom, Bytes.fromHex(word(8).substring(2)))).isFalse();
    }

    // JSON-RPC

    @Test
    void aStateThatIsNotKeptIsNotMadeUp() throws Exception {
        sent(legacy(0, PRICE, GAS, SOMEBODY, "", Devnet.CHAIN_ID));

        assertThat(result("eth_getBalance", text(SOMEBODY), text("pending")).asText())
                .isEqualTo("0x1");
        assertThat(result("eth_getBalance", text(SOMEBODY), text("0x1")).asText())
                .isEqualTo("0x1");
        for (String method : List.of("eth_getBalance", "eth_getTransactionCount", "eth_getCode")) {
            assertThat(answer(method, text(SOMEBODY), text("earliest"))
                            .path("error")
                            .path("message")
                            .asText())
                    .isEqualTo("the state of block 0 is not kept");
        }
    }

    @Test
    void anEstimateDoesNotTellThatTheCallFails() throws Exception {
        assertThat(result("eth_estimateGas", "{\"to\":\"" + SOMEBODY + "\"}").asText())
                .isEqualTo("0x5208");
        String trap = deploy("60006000fd");
        assertThat(Long.decode(
                        result("eth_estimateGas", "{\"to\":\"" + trap + "\"}").asText()))
                .isGreaterThan(2_000_000);
    }

    @Test
    void aRequestMayBeLargeButNotWithoutEnd() throws Exception {
        try (Devnet devnet = Devnet.start()) {
            URI url = URI.create(devnet.listen(0));
            assertThat(url.getHost()).isEqualTo("127.0.0.1");
            HttpClient http = HttpClient.newHttpClient();
            String chainId = "{\"id\":\"a\",\"method\":\"eth_chainId\"}";

            HttpResponse<String> plain = http.send(post(url, chainId), HttpResponse.BodyHandlers.ofString());
            assertThat(plain.statusCode()).isEqualTo(200);
            assertThat(plain.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"result\":\"0x5afd\"}");
            assertThat(http.send(post(url, " ".repeat(1 << 20) + chainId), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(413);
            assertThat(http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
        }
    }

    @Test
    void aClosedDevnetAnswersThatItIs() throws Exception {
        Devnet devnet = Devnet.start();
        InProcessService service = (InProcessService) devnet.service();
        devnet.close();
        devnet.close();

        String answer = new String(
                service.performIO("{\"id\":1,\"method\":\"eth_getBalance\",\"params\":[\"" + SOMEBODY + "\"]}")
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(JSON.readTree(answer).path("error").path("message").asText()).isEqualTo("the devnet is closed");
        assertThatThrownBy(devnet::newAccount).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> devnet.listen(0)).isInstanceOf(IllegalStateException.class);
    }

    private Bytes legacy(long nonce, BigInteger price, BigInteger gas, String to, String data, long chain) {
        BigInteger value = data.isEmpty() && to.equals(SOMEBODY) ? BigInteger.ONE : BigInteger.ZERO;
        RawTransaction transaction =
                RawTransaction.createTransaction(BigInteger.valueOf(nonce), price, gas, to, value, data);
        return Bytes.of(TransactionEncoder.signMessage(transaction, chain, account));
    }

    private Bytes typed(ITransaction transaction) {
        return Bytes.of(TransactionEncoder.signMessage(new Typed(transaction), account));
    }

    /** web3j keeps the constructor from the types for which it has no factory. */
    private static final class Typed extends RawTransaction {
        Typed(ITransaction transaction) {
            super(transaction);
        }
    }

    /** Installs code with the next transaction of the account, and gives the contract's address. */
    private String deploy(String code) throws IOException {
        int size = code.length() / 2;
        long nonce = Long.decode(
                result("eth_getTransactionCount", text(account.getAddress())).asText());
        // Copies what follows it, at most 255 bytes, and returns it.
        String initCode = String.format("60%02x600c60003960%02x6000f3", size, size) + code;
        String hash = sent(legacy(nonce, PRICE, GAS, "", initCode, Devnet.CHAIN_ID));
        return receipt(hash).path("contractAddress").asText();
    }

    private String sent(Bytes transaction) throws IOException {
        return result("eth_sendRawTransaction", text(Hex.text(transaction))).asText();
    }

    private String refusal(Bytes transaction) {
        try {
            JsonNode error = answer("eth_sendRawTransaction", text(Hex.text(transaction)))
                    .path("error");
            assertThat(error.path("code").asInt()).isEqualTo(-32000);
            return error.path("message").asText();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode receipt(String hash) throws IOException {
        return result("eth_getTransactionReceipt", text(hash));
    }

    private JsonNode call(String to) throws IOException {
        return answer("eth_call", "{\"to\":\"" + to + "\",\"from\":\"" + SOMEBODY + "\"}", text("latest"));
    }

    private List<JsonNode> logs(String filter) throws IOException {
        return JSON.convertValue(
                result("eth_getLogs", "{" + filter + "}"),
                JSON.getTypeFactory().constructCollectionType(List.class, JsonNode.class));
    }

    private JsonNode result(String method, String... params) throws IOException {
        JsonNode answer = answer(method, params);
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        return answer.path("result");
    }

    private JsonNode answer(String method, String... params) throws IOException {
        return JSON.readTree(
                rpc.answer("{\"id\":1,\"method\":\"" + method + "\",\"params\":[" + String.join(",", params) + "]}"));
    }

    private static HttpRequest post(URI url, String body) {
        return HttpRequest.newBuilder(url)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private static String text(String value) {
        return "\"" + value + "\"";
    }

    private static String word(long value) {
        return String.format("0x%064x", value);
    }

    private static String time() {
        return Hex.text(Instant.parse("2026-11-24T09:00:00Z").getEpochSecond());
    }

    private static boolean bloomHas(Bytes bloom, Bytes value) {
        Bytes hash = Bytes.of(Hash.sha3(value.toByteArray()));
        BigInteger bits = new BigInteger(1, bloom.toByteArray());
        for (int i = 0; i < 6; i += 2) {
            if (!bits.testBit((hash.unsigned(i) * 256 + hash.unsigned(i + 1)) % 2048)) {
                return false;
            }
        }
        return true;
    }
}
