package org.verifiableai.chain.devnet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Keys;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.utils.Numeric;

/** What gets into a block, what does not, and how the interface says so. */
class JsonRpcTest {

    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final BigInteger PRICE = Ledger.MIN_GAS_PRICE;
    private static final BigInteger TOKEN = BigInteger.TEN.pow(18);
    private static final BigInteger TRANSFER_GAS = BigInteger.valueOf(21_000);
    private static final String RECIPIENT = "0x00000000000000000000000000000000000000aa";
    private static final JsonMapper JSON = new JsonMapper();

    private final Ledger ledger = new Ledger(LibEvmEngine.create(), Devnet.CHAIN_ID, Clock.fixed(NOW, ZoneOffset.UTC));
    private final JsonRpc rpc = new JsonRpc(ledger);
    private Credentials account;

    @BeforeEach
    void fund() throws Exception {
        account = Credentials.create(Keys.createEcKeyPair());
        rpc.fund(Bytes.fromHex(account.getAddress().substring(2)), TOKEN);
    }

    @AfterEach
    void stop() {
        rpc.close();
    }

    @Test
    void aTransferMovesTheValueAndTheFee() throws Exception {
        String hash = send(transfer(0, PRICE)).path("result").asText();

        JsonNode receipt = result("eth_getTransactionReceipt", quoted(hash));
        assertThat(receipt.path("status").asText()).isEqualTo("0x1");
        assertThat(receipt.path("gasUsed").asText()).isEqualTo("0x5208");
        assertThat(balance(RECIPIENT)).isEqualTo(BigInteger.ONE);
        assertThat(balance(account.getAddress()))
                .isEqualTo(TOKEN.subtract(BigInteger.ONE).subtract(PRICE.multiply(TRANSFER_GAS)));
        assertThat(result("eth_getTransactionByHash", quoted(hash)).path("from").asText())
                .isEqualTo(account.getAddress());
        JsonNode block = result("eth_getBlockByNumber", "\"latest\",false");
        assertThat(block.path("transactions").path(0).asText()).isEqualTo(hash);
        assertThat(block.path("timestamp").asText()).isEqualTo("0x" + Long.toHexString(NOW.getEpochSecond()));
    }

    @Test
    void aFeeMarketTransactionPaysTheMinimumAndItsTip() throws Exception {
        BigInteger tip = BigInteger.TEN;
        String hash = send(sign(RawTransaction.createTransaction(
                        Devnet.CHAIN_ID,
                        BigInteger.ZERO,
                        TRANSFER_GAS,
                        RECIPIENT,
                        BigInteger.ONE,
                        "",
                        tip,
                        PRICE.add(BigInteger.valueOf(100)))))
                .path("result")
                .asText();

        assertThat(result("eth_getTransactionReceipt", quoted(hash))
                        .path("effectiveGasPrice")
                        .asText())
                .isEqualTo("0x" + PRICE.add(tip).toString(16));
    }

    @Test
    void numbersHaveToFollowEachOther() throws Exception {
        assertRejected(send(transfer(1, PRICE)), "future nonce");
        send(transfer(0, PRICE));
        assertRejected(send(transfer(0, PRICE)), "invalid nonce");
        assertThat(ledger.height()).isEqualTo(1);
    }

    @Test
    void aTransactionForAnotherChainOrForAnyIsRejected() throws Exception {
        RawTransaction transfer = transfer(0, PRICE);

        assertRejected(
                send(TransactionEncoder.signMessage(transfer, 23294, account)),
                "transaction is for chain 23294, this is 23293");
        assertRejected(
                send(TransactionEncoder.signMessage(transfer, account)),
                "transaction is for chain none, this is 23293");
    }

    @Test
    void aGasPriceBelowTheMinimumIsRejected() throws Exception {
        assertRejected(send(transfer(0, PRICE.subtract(BigInteger.ONE))), "gas price too low");
    }

    @Test
    void aGasLimitBelowTheIntrinsicOrAboveTheBlockIsRejected() throws Exception {
        assertRejected(
                send(transfer(0, PRICE, 20_999, BigInteger.ONE)), "gas limit 20999 is below the intrinsic 21000");
        assertRejected(send(transfer(0, PRICE, Ledger.MAX_GAS + 1, BigInteger.ONE)), "gas limit above 15000000");
    }

    @Test
    void whoCannotPayFeeAndValueIsRejected() throws Exception {
        assertRejected(send(transfer(0, PRICE, 21_000, TOKEN)), "insufficient balance to pay fees");
        assertThat(balance(account.getAddress())).isEqualTo(TOKEN);
    }

    @Test
    void theSecondSignatureOfTheSameTransactionIsRejected() throws Exception {
        RawTransaction transfer = transfer(0, PRICE);
        byte[] message = TransactionEncoder.encode(transfer, Devnet.CHAIN_ID);
        Sign.SignatureData low = Sign.signMessage(message, account.getEcKeyPair());
        BigInteger s = Sign.CURVE_PARAMS.getN().subtract(new BigInteger(1, low.getS()));
        byte[] otherV = {(byte) (low.getV()[0] == 27 ? 28 : 27)};
        Sign.SignatureData high = TransactionEncoder.createEip155SignatureData(
                new Sign.SignatureData(otherV, low.getR(), Numeric.toBytesPadded(s, 32)), Devnet.CHAIN_ID);

        assertRejected(send(TransactionEncoder.encode(transfer, high)), "signature with high s");
    }

    @Test
    void bytesThatAreNoTransactionAreRejected() throws Exception {
        for (String raw : new String[] {"0x", "0x00", "0xc0", "0x02c0", "0xf8ff", "0x7f"}) {
            assertThat(answer("eth_sendRawTransaction", quoted(raw))
                            .path("error")
                            .path("code")
                            .asInt())
                    .as(raw)
                    .isEqualTo(RpcException.SERVER_ERROR);
        }
    }

    @Test
    void aRevertIsErrorThreeWithItsDataAndLeavesNoTrace() throws Exception {
        // PUSH4 deadbeef, PUSH0, MSTORE, PUSH1 4, PUSH1 28, REVERT
        String contract = deploy("63deadbeef5f526004601cfd");

        JsonNode error =
                answer("eth_call", "{\"to\":\"" + contract + "\"},\"latest\"").path("error");

        assertThat(error.path("code").asInt()).isEqualTo(RpcException.REVERTED);
        assertThat(error.path("message").asText()).isEqualTo("execution reverted");
        assertThat(error.path("data").asText()).isEqualTo("0xdeadbeef");
        assertThat(ledger.height()).isEqualTo(1);
    }

    @Test
    void anUnsignedCallComesFromNobody() throws Exception {
        // CALLER, PUSH0, MSTORE, PUSH1 32, PUSH0, RETURN
        String contract = deploy("335f5260205ff3");

        JsonNode result = result(
                "eth_call", "{\"from\":\"" + account.getAddress() + "\",\"to\":\"" + contract + "\"},\"latest\"");

        assertThat(result.asText()).isEqualTo("0x" + "00".repeat(32));
    }

    @Test
    void whatIsNotARequestIsAnsweredWithTheRightError() throws Exception {
        assertThat(code("{")).isEqualTo(RpcException.PARSE_ERROR);
        assertThat(code("{} {}")).isEqualTo(RpcException.PARSE_ERROR);
        assertThat(code("[".repeat(5000))).isEqualTo(RpcException.PARSE_ERROR);
        assertThat(code("")).isEqualTo(RpcException.INVALID_REQUEST);
        assertThat(code("[]")).isEqualTo(RpcException.INVALID_REQUEST);
        assertThat(code("{\"method\":7}")).isEqualTo(RpcException.INVALID_REQUEST);
        assertThat(code("{\"method\":\"eth_mine\"}")).isEqualTo(RpcException.METHOD_NOT_FOUND);
        assertThat(code("{\"method\":\"eth_getBalance\"}")).isEqualTo(RpcException.INVALID_PARAMS);
        assertThat(code("{\"method\":\"eth_getBalance\",\"params\":[\"0x01\"]}"))
                .isEqualTo(RpcException.INVALID_PARAMS);
        assertThat(code("{\"method\":\"eth_call\",\"params\":[\"0x\"]}")).isEqualTo(RpcException.INVALID_PARAMS);
    }

    @Test
    void aLongRequestIsReadWithoutRecursion() throws Exception {
        assertThat(answer("eth_call", "{\"to\":\"" + RECIPIENT + "\",\"data\":\"0x" + "00".repeat(400_000) + "\"}")
                        .path("result")
                        .asText())
                .isEqualTo("0x");
    }

    @Test
    void aClosedChainAnswersNothing() throws Exception {
        rpc.close();

        JsonNode error = answer("eth_getBalance", quoted(RECIPIENT)).path("error");
        assertThat(error.path("message").asText()).isEqualTo("the devnet is closed");
    }

    /** Deploys code of at most 32 bytes. */
    private String deploy(String code) throws Exception {
        int size = code.length() / 2;
        // PUSHn code, PUSH0, MSTORE, PUSH1 size, PUSH1 32 - size, RETURN
        String init = String.format("0x%02x%s5f5260%02x60%02xf3", 0x5f + size, code, size, 32 - size);
        String hash = send(RawTransaction.createContractTransaction(
                        BigInteger.ZERO, PRICE, BigInteger.valueOf(100_000), BigInteger.ZERO, init))
                .path("result")
                .asText();
        return result("eth_getTransactionReceipt", quoted(hash))
                .path("contractAddress")
                .asText();
    }

    private RawTransaction transfer(long nonce, BigInteger price) {
        return transfer(nonce, price, 21_000, BigInteger.ONE);
    }

    private static RawTransaction transfer(long nonce, BigInteger price, long gas, BigInteger value) {
        return RawTransaction.createTransaction(
                BigInteger.valueOf(nonce), price, BigInteger.valueOf(gas), RECIPIENT, value, "");
    }

    private byte[] sign(RawTransaction transaction) {
        return TransactionEncoder.signMessage(transaction, Devnet.CHAIN_ID, account);
    }

    private JsonNode send(RawTransaction transaction) throws Exception {
        return send(sign(transaction));
    }

    private JsonNode send(byte[] signed) throws Exception {
        return answer("eth_sendRawTransaction", quoted(Numeric.toHexString(signed)));
    }

    private BigInteger balance(String address) throws Exception {
        return Numeric.toBigInt(
                result("eth_getBalance", quoted(address) + ",\"latest\"").asText());
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

    private int code(String request) throws Exception {
        return JSON.readTree(rpc.answer(request)).path("error").path("code").asInt();
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }

    private static void assertRejected(JsonNode answer, String message) {
        assertThat(answer.path("error").path("code").asInt()).isEqualTo(RpcException.SERVER_ERROR);
        assertThat(answer.path("error").path("message").asText()).isEqualTo(message);
    }
}
