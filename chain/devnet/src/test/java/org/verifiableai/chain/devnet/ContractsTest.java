package org.verifiableai.chain.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.ContractUtils;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.Keys;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;

/** What contracts do on the devnet, what it costs, and what the interface says of it. */
class ContractsTest {

    private static final BigInteger PRICE = Ledger.MIN_GAS_PRICE;
    private static final BigInteger TOKEN = BigInteger.TEN.pow(18);
    private static final String NOWHERE = "0x00000000000000000000000000000000000000aa";
    private static final JsonMapper JSON = new JsonMapper();

    private final Ledger ledger = new Ledger(LibEvmEngine.create(), Devnet.CHAIN_ID, Clock.systemUTC());
    private final JsonRpc rpc = new JsonRpc(ledger);
    private Credentials account;
    private long nonce;

    @BeforeEach
    void fund() throws Exception {
        account = Credentials.create(Keys.createEcKeyPair());
        rpc.fund(Bytes.fromHex(account.getAddress().substring(2)), TOKEN.multiply(BigInteger.valueOf(1000)));
    }

    @AfterEach
    void stop() {
        rpc.close();
    }

    @Test
    void aContractIsAtTheAddressOfItsMakerAndNumber() throws Exception {
        for (int i = 0; i < 2; i++) {
            String contract = deploy("00"); // STOP
            assertThat(contract)
                    .isEqualTo(ContractUtils.generateContractAddress(account.getAddress(), BigInteger.valueOf(i)));
            assertThat(result("eth_getCode", quoted(contract)).asText()).isEqualTo("0x00");
            assertThat(result("eth_getTransactionCount", quoted(account.getAddress()))
                            .asText())
                    .isEqualTo("0x" + (i + 1));
        }
    }

    @Test
    void aConstructorThatFailsLeavesNoContractAndTakesTheNumber() throws Exception {
        for (String init : new String[] {"5f5ffd", "fe"}) { // PUSH0, PUSH0, REVERT; INVALID
            JsonNode receipt = create(init);
            assertThat(receipt.path("status").asText()).isEqualTo("0x0");
            assertThat(receipt.path("contractAddress").isNull()).isTrue();
        }
        assertThat(deploy("00")).isEqualTo(ContractUtils.generateContractAddress(account.getAddress(), BigInteger.TWO));
    }

    @Test
    void aFailedTransactionCostsItsFeeAndNothingElse() throws Exception {
        // PUSH1 1, PUSH0, SSTORE, PUSH0, PUSH0, LOG0, PUSH0, PUSH0, REVERT
        String contract = deploy("60015f555f5fa05f5ffd");
        BigInteger before = balance(account.getAddress());

        JsonNode receipt = transact(contract, 7, "");

        assertThat(receipt.path("status").asText()).isEqualTo("0x0");
        assertThat(receipt.path("logs").isEmpty()).isTrue();
        assertThat(receipt.path("logsBloom").asText()).isEqualTo("0x" + "00".repeat(256));
        BigInteger fee = number(receipt, "gasUsed").multiply(PRICE);
        assertThat(balance(account.getAddress())).isEqualTo(before.subtract(fee));
        assertThat(balance(contract)).isEqualTo(BigInteger.ZERO);
        assertThat(number(receipt, "gasUsed").longValueExact()).isBetween(43_000L, 60_000L);
    }

    @Test
    void whatRunsOutOfGasOrIsNoCodeTakesItAllAndIsNotARevert() throws Exception {
        String endless = deploy("5b5f56"); // JUMPDEST, PUSH0, JUMP
        String invalid = deploy("fe");

        assertThat(number(transact(endless, 0, ""), "gasUsed").longValueExact()).isEqualTo(200_000);
        assertThat(number(transact(invalid, 0, ""), "gasUsed").longValueExact()).isEqualTo(200_000);
        JsonNode outOfGas = call(endless).path("error");
        assertThat(outOfGas.path("code").asInt()).isEqualTo(RpcException.SERVER_ERROR);
        assertThat(outOfGas.path("message").asText()).isEqualTo("execution failed: out of gas");
        JsonNode noCode = call(invalid).path("error");
        assertThat(noCode.path("code").asInt()).isEqualTo(RpcException.SERVER_ERROR);
        assertThat(noCode.path("message").asText()).startsWith("execution failed: invalid opcode");
    }

    @Test
    void clearedStorageEarnsAtMostAFifthBack() throws Exception {
        // PUSH0, CALLDATALOAD, PUSH0, SSTORE
        String contract = deploy("5f355f55");
        long set =
                number(transact(contract, 0, "00".repeat(31) + "01"), "gasUsed").longValueExact();
        long clear = number(transact(contract, 0, ""), "gasUsed").longValueExact();

        assertThat(set).isEqualTo(21_000 + 31 * 4 + 16 + 2 + 3 + 2 + 22_100);
        // Less the refund of 4,800, which is below a fifth.
        assertThat(clear).isEqualTo(21_000 + 2 + 3 + 2 + 5_000 - 4_800);
    }

    @Test
    void aReasonIsPartOfTheMessage() throws Exception {
        // The call data are returned as revert data: CALLDATASIZE, PUSH0, PUSH0, CALLDATACOPY, CALLDATASIZE, PUSH0,
        // REVERT
        String contract = deploy("365f5f37365ffd");
        String word = "%064x";
        String data = "08c379a0" + String.format(word, 32) + String.format(word, 2) + "6e6f" + "00".repeat(30);

        JsonNode error = call(contract, data).path("error");
        assertThat(error.path("code").asInt()).isEqualTo(RpcException.REVERTED);
        assertThat(error.path("message").asText()).isEqualTo("execution reverted: no");
        assertThat(error.path("data").asText()).isEqualTo("0x" + data);

        for (String odd : new String[] {
            "",
            "08",
            "08c379a0",
            "08c379a0" + "ff".repeat(64),
            "08c379a0" + "00".repeat(63),
            "12345678" + "00".repeat(64)
        }) {
            JsonNode other = call(contract, odd).path("error");
            assertThat(other.path("message").asText()).as(odd).isEqualTo("execution reverted");
            assertThat(other.path("data").asText()).isEqualTo("0x" + odd);
        }
    }

    @Test
    void createTwoMakesAContractWhereItSaysItWould() throws Exception {
        // salt, size, offset, value all PUSH0, CREATE2; PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
        String maker = deploy("5f5f5f5ff55f5260205ff3");

        Bytes expected = Bytes.of(Hash.sha3(Bytes.fromHex("ff" + maker.substring(2))
                        .concat(Bytes.zeros(32), Bytes.of(Hash.sha3(new byte[0])))
                        .toByteArray()))
                .slice(12, 32);
        assertThat(call(maker).path("result").asText()).isEqualTo("0x" + "00".repeat(12) + expected);
    }

    @Test
    void logsAreInTheReceiptAndFoundByFilters() throws Exception {
        // PUSH1 7, PUSH0, PUSH0, LOG1
        String contract = deploy("60075f5fa1");
        JsonNode receipt = transact(contract, 0, "");
        transact(NOWHERE, 0, "");
        String seven = "\"0x" + "00".repeat(31) + "07\"";

        assertThat(receipt.path("logs").path(0).path("address").asText()).isEqualTo(contract);
        assertThat(new BigInteger(receipt.path("logsBloom").asText().substring(2), 16).bitCount())
                .isBetween(2, 6);
        String all = "\"fromBlock\":\"earliest\"";
        assertThat(result("eth_getLogs", "{" + all + "}")).hasSize(1);
        assertThat(result("eth_getLogs", "{}")).isEmpty();
        assertThat(result("eth_getLogs", "{" + all + ",\"address\":[\"" + contract + "\"],\"topics\":[" + seven + "]}"))
                .hasSize(1);
        assertThat(result("eth_getLogs", "{" + all + ",\"topics\":[[\"0x00\"," + seven + "]]}"))
                .hasSize(1);
        assertThat(result("eth_getLogs", "{" + all + ",\"topics\":[[]]}")).hasSize(1);
        assertThat(result("eth_getLogs", "{" + all + ",\"topics\":[null," + seven + "]}"))
                .isEmpty();
        assertThat(result("eth_getLogs", "{" + all + ",\"address\":\"" + NOWHERE + "\"}"))
                .isEmpty();
        assertThat(result("eth_getLogs", "{\"fromBlock\":\"0x" + "f".repeat(64) + "\"}"))
                .isEmpty();
        assertThat(errorCode("eth_getLogs", "{\"blockHash\":\"0x00\"}")).isEqualTo(RpcException.INVALID_PARAMS);
        assertThat(errorCode("eth_getLogs", "7")).isEqualTo(RpcException.INVALID_PARAMS);
    }

    @Test
    void anEstimateReportsNoFailure() throws Exception {
        String contract = deploy("5f5ffd"); // PUSH0, PUSH0, REVERT
        assertThat(result("eth_estimateGas", "{\"to\":\"" + NOWHERE + "\"}").asText())
                .isEqualTo("0x5208");
        assertThat(result("eth_estimateGas", "{\"to\":\"" + contract + "\"}").asText())
                .isEqualTo("0x" + Long.toHexString(21_004 + 2_000_000));
    }

    @Test
    void blockReceiptAndTransactionAgree() throws Exception {
        JsonNode receipt = transact(NOWHERE, 5, "");
        JsonNode transaction = result(
                "eth_getTransactionByHash",
                quoted(receipt.path("transactionHash").asText()));
        JsonNode block = result("eth_getBlockByNumber", "\"latest\",true");

        for (String field : new String[] {"blockHash", "blockNumber", "from", "to", "type"}) {
            assertThat(receipt.path(field)).as(field).isEqualTo(transaction.path(field));
        }
        assertThat(block.path("transactions").path(0)).isEqualTo(transaction);
        assertThat(block.path("hash")).isEqualTo(receipt.path("blockHash"));
        assertThat(block.path("gasUsed")).isEqualTo(receipt.path("gasUsed"));
        assertThat(block.path("parentHash"))
                .isEqualTo(result("eth_getBlockByNumber", "\"0x0\",false").path("hash"));
        assertThat(result("eth_getBlockByNumber", "\"0x2\",false").isNull()).isTrue();
    }

    @Test
    void onlyTheNewestStateIsSpokenOf() throws Exception {
        transact(NOWHERE, 5, "");
        assertThat(result("eth_getBalance", quoted(NOWHERE) + ",\"0x1\"").asText())
                .isEqualTo("0x5");
        assertThat(errorCode("eth_getBalance", quoted(NOWHERE) + ",\"0x0\"")).isEqualTo(RpcException.SERVER_ERROR);
        assertThat(errorCode("eth_getBalance", quoted(NOWHERE) + ",{}")).isEqualTo(RpcException.INVALID_PARAMS);
    }

    @Test
    void aTransactionIsTakenInOneEncodingOnly() throws Exception {
        RawTransaction transfer = transfer();
        byte[] signed = TransactionEncoder.signMessage(transfer, Devnet.CHAIN_ID, account);
        Sign.SignatureData none =
                new Sign.SignatureData(Bytes.fromHex("b61d").toByteArray(), new byte[32], new byte[32]);

        assertThat(errorCode("eth_sendRawTransaction", quoted("0x" + Bytes.of(signed) + "00")))
                .isEqualTo(RpcException.SERVER_ERROR);
        assertThat(errorCode(
                        "eth_sendRawTransaction", quoted("0x" + Bytes.of(TransactionEncoder.encode(transfer, none)))))
                .isEqualTo(RpcException.SERVER_ERROR);
        assertThat(errorCode("eth_sendRawTransaction", quoted("0x0"))).isEqualTo(RpcException.INVALID_PARAMS);
        assertThat(errorCode("eth_sendRawTransaction", "{}")).isEqualTo(RpcException.INVALID_PARAMS);
        for (int i = 0; i < signed.length; i += 3) {
            byte[] damaged = signed.clone();
            damaged[i] ^= 0x41;
            assertThat(errorCode("eth_sendRawTransaction", quoted("0x" + Bytes.of(damaged))))
                    .as("byte " + i)
                    .isEqualTo(RpcException.SERVER_ERROR);
        }
        assertThat(ledger.height()).isZero();
    }

    @Test
    void aFeeMarketTransactionBelowTheMinimumIsRejected() throws Exception {
        byte[] signed = TransactionEncoder.signMessage(
                RawTransaction.createTransaction(
                        Devnet.CHAIN_ID,
                        BigInteger.ZERO,
                        BigInteger.valueOf(21_000),
                        NOWHERE,
                        BigInteger.ONE,
                        "",
                        BigInteger.ONE,
                        PRICE.subtract(BigInteger.ONE)),
                account);
        assertThat(answer("eth_sendRawTransaction", quoted("0x" + Bytes.of(signed)))
                        .path("error")
                        .path("message")
                        .asText())
                .isEqualTo("gas price too low");
    }

    @Test
    void oddCallsAreAnswered() throws Exception {
        assertThat(errorCode("eth_call", "{\"to\":\"" + NOWHERE + "\",\"value\":\"-0x1\"}"))
                .isEqualTo(RpcException.INVALID_PARAMS);
        assertThat(errorCode("eth_call", "{\"to\":\"" + NOWHERE + "\",\"value\":\"0x" + "f".repeat(65) + "\"}"))
                .isEqualTo(RpcException.INVALID_PARAMS);
        // Nobody has nothing to give.
        assertThat(errorCode("eth_call", "{\"to\":\"" + NOWHERE + "\",\"value\":\"0x" + "f".repeat(64) + "\"}"))
                .isEqualTo(RpcException.SERVER_ERROR);
        assertThat(errorCode("eth_call", "{\"value\":\"0x1\"}")).isEqualTo(RpcException.SERVER_ERROR);
        assertThat(result("eth_call", "{\"to\":null}").asText()).isEqualTo("0x");
        assertThat(errorCode("eth_call", "{\"to\":{}, \"data\":[]}")).isEqualTo(RpcException.INVALID_PARAMS);
        assertThat(ledger.height()).isZero();
    }

    @Test
    void everyOpcodeAndPrecompileIsAnswered() throws Exception {
        for (int opcode = 0; opcode < 256; opcode++) {
            for (String argument : new String[] {"5f", "6001", "7f" + "ff".repeat(32)}) {
                JsonNode answer = answer(
                        "eth_call", "{\"data\":\"0x" + argument.repeat(17) + String.format("%02x", opcode) + "\"}");
                assertThat(answer.path("error").path("code").asInt())
                        .as("opcode " + opcode)
                        .isNotEqualTo(RpcException.INTERNAL_ERROR);
            }
        }
        for (int precompile = 1; precompile < 20; precompile++) {
            for (String data : new String[] {"", "ff".repeat(96), "00".repeat(213), "ff".repeat(213)}) {
                JsonNode answer = call(String.format("0x%040x", precompile), data);
                assertThat(answer.path("error").path("code").asInt())
                        .as("precompile " + precompile)
                        .isNotEqualTo(RpcException.INTERNAL_ERROR);
            }
        }
    }

    @Test
    void thePortTakesPostsOfAtMostAMebibyte() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        Devnet devnet = Devnet.start();
        try (devnet) {
            URI url = URI.create(devnet.listen(0));
            assertThat(devnet.listen(0)).isEqualTo(url.toString());
            HttpRequest.Builder request = HttpRequest.newBuilder(url);

            assertThat(client.send(request.GET().build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(405);
            assertThat(client.send(
                                    request.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(413);
            HttpResponse<String> answer = client.send(
                    request.POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {(byte) 0xff, 0}))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("-32700");
        }
        assertThatThrownBy(() -> devnet.listen(0)).isInstanceOf(IllegalStateException.class);
        devnet.close();
    }

    private RawTransaction transfer() {
        return RawTransaction.createTransaction(
                BigInteger.ZERO, PRICE, BigInteger.valueOf(21_000), NOWHERE, BigInteger.ONE, "");
    }

    /** Deploys code of at most 32 bytes. */
    private String deploy(String code) throws Exception {
        int size = code.length() / 2;
        // PUSHn code, PUSH0, MSTORE, PUSH1 size, PUSH1 32 - size, RETURN
        JsonNode receipt = create(String.format("%02x%s5f5260%02x60%02xf3", 0x5f + size, code, size, 32 - size));
        assertThat(receipt.path("status").asText()).isEqualTo("0x1");
        return receipt.path("contractAddress").asText();
    }

    private JsonNode create(String init) throws Exception {
        return send(RawTransaction.createContractTransaction(
                BigInteger.valueOf(nonce++), PRICE, BigInteger.valueOf(200_000), BigInteger.ZERO, "0x" + init));
    }

    private JsonNode transact(String to, long value, String data) throws Exception {
        return send(RawTransaction.createTransaction(
                BigInteger.valueOf(nonce++),
                PRICE,
                BigInteger.valueOf(200_000),
                to,
                BigInteger.valueOf(value),
                "0x" + data));
    }

    private JsonNode send(RawTransaction transaction) throws Exception {
        Bytes signed = Bytes.of(TransactionEncoder.signMessage(transaction, Devnet.CHAIN_ID, account));
        String hash = result("eth_sendRawTransaction", quoted("0x" + signed)).asText();
        return result("eth_getTransactionReceipt", quoted(hash));
    }

    private JsonNode call(String to) throws Exception {
        return call(to, "");
    }

    private JsonNode call(String to, String data) throws Exception {
        return answer("eth_call", "{\"to\":\"" + to + "\",\"data\":\"0x" + data + "\"}");
    }

    private BigInteger balance(String address) throws Exception {
        return new BigInteger(result("eth_getBalance", quoted(address)).asText().substring(2), 16);
    }

    private static BigInteger number(JsonNode node, String field) {
        return new BigInteger(node.path(field).asText().substring(2), 16);
    }

    private int errorCode(String method, String params) throws Exception {
        return answer(method, params).path("error").path("code").asInt();
    }

    private JsonNode result(String method, String params) throws Exception {
        JsonNode answer = answer(method, params);
        assertThat(answer.path("error").isMissingNode()).as(answer.toString()).isTrue();
        return answer.path("result");
    }

    private JsonNode answer(String method, String params) throws Exception {
        return JSON.readTree(
                rpc.answer("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":[" + params + "]}"));
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
