package org.verifiableai.chain.devnet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * Ethereum's JSON-RPC over a ledger, as Sapphire's gateway speaks it: {@code pending} means {@code latest}, an unsigned
 * {@code eth_call} comes from the zero address whatever it claims, an estimate never reports that the call would fail, and
 * a revert of {@code eth_call} is error 3 with its data. Thread-safe: one request at a time.
 */
final class JsonRpc implements AutoCloseable {

    private static final Bytes NOBODY = Bytes.zeros(20);
    private static final long ESTIMATE_EXTRA = 2_000_000; // what Sapphire adds where the simulation fails
    private static final int ERROR_STRING_SIZE = 4 + 2 * 32;
    private static final String ZERO_HASH = Hex.text(Bytes.zeros(32));

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Ledger ledger;
    private final ReentrantLock turn = new ReentrantLock();
    private boolean closed;

    JsonRpc(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Answers one request; whatever is wrong with it is part of the answer. */
    String answer(String request) {
        JsonNode id = NullNode.getInstance();
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
        try {
            JsonNode call = parse(request);
            id = call.path("id");
            JsonNode result = locked(call.path("method").asText(), call.path("params"));
            answer.set("id", id);
            answer.set("result", result);
        } catch (RpcException e) {
            writeError(answer, id, e);
        } catch (RuntimeException e) {
            // A defect of the devnet, or of what is under it. The caller waits for an answer all the same.
            writeError(answer, id, new RpcException(RpcException.INTERNAL_ERROR, "internal error: " + e));
        }
        return answer.toString();
    }

    private static void writeError(ObjectNode answer, JsonNode id, RpcException e) {
        answer.set("id", id.isMissingNode() ? NullNode.getInstance() : id);
        ObjectNode error = answer.putObject("error").put("code", e.code()).put("message", e.text());
        Bytes data = e.data();
        if (data != null) {
            error.put("data", Hex.text(data));
        }
    }

    void requireOpen() {
        turn.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the devnet is closed");
            }
        } finally {
            turn.unlock();
        }
    }

    /** Gives an account tokens out of nothing. */
    void fund(Bytes address, BigInteger balance) {
        turn.lock();
        try {
            requireOpen();
            ledger.engine().setBalance(address, balance);
        } finally {
            turn.unlock();
        }
    }

    /** Closes the ledger once no request is on its way. Requests that come later are answered with an error. */
    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                ledger.close();
            }
        } finally {
            turn.unlock();
        }
    }

    private static JsonNode parse(String request) throws RpcException {
        JsonNode call;
        try {
            call = JSON.readTree(request);
        } catch (JsonProcessingException e) {
            throw new RpcException(RpcException.PARSE_ERROR, "expected JSON");
        }
        if (!call.isObject() || !call.path("method").isTextual()) {
            throw new RpcException(RpcException.INVALID_REQUEST, "expected one request with a method");
        }
        return call;
    }

    private JsonNode locked(String method, JsonNode params) throws RpcException {
        turn.lock();
        try {
            if (closed) {
                // The engine is native: it must not be asked once its state is gone.
                throw new RpcException(RpcException.SERVER_ERROR, "the devnet is closed");
            }
            return dispatch(method, params);
        } finally {
            turn.unlock();
        }
    }

    private JsonNode dispatch(String method, JsonNode params) throws RpcException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (method) {
            case "web3_clientVersion" -> json.textNode("verifiable-ai-devnet");
            case "net_version" -> json.textNode(Long.toString(ledger.chainId()));
            case "eth_chainId" -> json.textNode(Hex.text(ledger.chainId()));
            case "eth_blockNumber" -> json.textNode(Hex.text(ledger.height()));
            case "eth_gasPrice" -> json.textNode(Hex.text(Ledger.MIN_GAS_PRICE));
            case "eth_getBalance" -> json.textNode(Hex.text(newestState(params).balance(address(params, 0))));
            case "eth_getTransactionCount" ->
                json.textNode(Hex.text(newestState(params).nonce(address(params, 0))));
            case "eth_getCode" -> json.textNode(Hex.text(newestState(params).code(address(params, 0))));
            case "eth_call" -> {
                newestState(params);
                yield json.textNode(Hex.text(call(params.path(0))));
            }
            case "eth_estimateGas" -> json.textNode(Hex.text(estimate(params.path(0))));
            case "eth_sendRawTransaction" -> json.textNode(Hex.text(send(params)));
            case "eth_getTransactionReceipt" -> receipt(found(params));
            case "eth_getTransactionByHash" -> transaction(found(params));
            case "eth_getBlockByNumber" ->
                block(blockNumber("block", text(params, 0)), params.path(1).asBoolean());
            case "eth_getBlockByHash" ->
                block(
                        ledger.blockNumber(Hex.bytes("block hash", text(params, 0), 32)),
                        params.path(1).asBoolean());
            case "eth_getLogs" -> logs(params.path(0));
            default ->
                throw new RpcException(RpcException.METHOD_NOT_FOUND, "the method " + method + " does not exist");
        };
    }

    /** The state after the newest block. No other is kept, and to answer from it for another block would be a lie. */
    private EvmEngine newestState(JsonNode params) throws RpcException {
        if (params.has(1)) {
            long number = blockNumber("block", text(params, 1));
            if (number != ledger.height()) {
                throw new RpcException(RpcException.SERVER_ERROR, "the state of block " + number + " is not kept");
            }
        }
        return ledger.engine();
    }

    private Bytes send(JsonNode params) throws RpcException {
        return ledger.include(Hex.bytes("transaction", text(params, 0))).hash();
    }

    private Bytes call(JsonNode request) throws RpcException {
        EvmEngine.Outcome outcome = ledger.call(message(request));
        if (outcome.success()) {
            return outcome.output();
        }
        if (!outcome.reverted()) {
            throw new RpcException(RpcException.SERVER_ERROR, "execution failed: " + outcome.error());
        }
        throw new RpcException(
                RpcException.REVERTED, "execution reverted" + reason(outcome.output()), outcome.output());
    }

    private long estimate(JsonNode request) throws RpcException {
        EvmEngine.Message message = message(request);
        EvmEngine.Outcome outcome = ledger.call(message);
        long used = message.gas() - outcome.gasLeft() + Ledger.intrinsicGas(message.to() == null, message.data());
        return outcome.success() ? used : used + ESTIMATE_EXTRA;
    }

    private static EvmEngine.Message message(JsonNode request) throws RpcException {
        if (!request.isObject()) {
            throw new RpcException(RpcException.INVALID_PARAMS, "expected a call");
        }
        String data = request.path("data").asText(request.path("input").asText("0x"));
        String to = request.path("to").asText("");
        return new EvmEngine.Message(
                NOBODY,
                to.isEmpty() || to.equals("0x") ? null : Hex.bytes("to", to, 20),
                Hex.quantity("value", request.path("value").asText("0x0")),
                Hex.bytes("data", data),
                Ledger.MAX_GAS,
                BigInteger.ZERO);
    }

    /** The text of Solidity's Error(string), if it is one. */
    private static String reason(Bytes revert) {
        if (revert.size() < ERROR_STRING_SIZE || !revert.slice(0, 4).hex().equals("08c379a0")) {
            return "";
        }
        BigInteger length =
                new BigInteger(1, revert.slice(4 + 32, ERROR_STRING_SIZE).toByteArray());
        if (length.compareTo(BigInteger.valueOf(revert.size() - ERROR_STRING_SIZE)) > 0) {
            return "";
        }
        Bytes text = revert.slice(ERROR_STRING_SIZE, ERROR_STRING_SIZE + length.intValueExact());
        return ": " + new String(text.toByteArray(), StandardCharsets.UTF_8);
    }

    private JsonNode receipt(@Nullable IncludedTransaction transaction) {
        if (transaction == null) {
            return NullNode.getInstance();
        }
        ObjectNode receipt = place(transaction)
                .put("from", Hex.text(transaction.from()))
                .put("gasUsed", Hex.text(transaction.gasUsed()))
                .put("cumulativeGasUsed", Hex.text(transaction.gasUsed()))
                .put("effectiveGasPrice", Hex.text(transaction.gasPrice()))
                .put("status", transaction.success() ? "0x1" : "0x0")
                .put("type", Hex.text(transaction.type()))
                .put("logsBloom", Hex.text(LogsBloom.of(transaction.logs())));
        putAddress(receipt, "to", transaction.to());
        putAddress(receipt, "contractAddress", transaction.contract());
        ArrayNode logs = receipt.putArray("logs");
        for (int i = 0; i < transaction.logs().size(); i++) {
            logs.add(log(transaction, i));
        }
        return receipt;
    }

    private JsonNode transaction(@Nullable IncludedTransaction transaction) {
        if (transaction == null) {
            return NullNode.getInstance();
        }
        ObjectNode node = place(transaction)
                .put("hash", Hex.text(transaction.hash()))
                .put("type", Hex.text(transaction.type()))
                .put("from", Hex.text(transaction.from()))
                .put("nonce", Hex.text(transaction.nonce()))
                .put("value", Hex.text(transaction.value()))
                .put("gas", Hex.text(transaction.gasLimit()))
                .put("gasPrice", Hex.text(transaction.gasPrice()))
                .put("input", Hex.text(transaction.data()));
        putAddress(node, "to", transaction.to());
        return node;
    }

    private JsonNode block(long number, boolean whole) {
        if (number < 0 || number > ledger.height()) {
            return NullNode.getInstance();
        }
        ObjectNode block = JsonNodeFactory.instance
                .objectNode()
                .put("number", Hex.text(number))
                .put("hash", Hex.text(ledger.blockHash(number)))
                .put("parentHash", number == 0 ? ZERO_HASH : Hex.text(ledger.blockHash(number - 1)))
                .put(
                        "timestamp",
                        Hex.text(number == 0 ? 0 : ledger.block(number).time()))
                .put("gasLimit", Hex.text(Ledger.MAX_GAS))
                .put("gasUsed", Hex.text(number == 0 ? 0 : ledger.block(number).gasUsed()));
        ArrayNode transactions = block.putArray("transactions");
        if (number > 0) {
            IncludedTransaction included = ledger.block(number);
            if (whole) {
                transactions.add(transaction(included));
            } else {
                transactions.add(Hex.text(included.hash()));
            }
        }
        return block;
    }

    private JsonNode logs(JsonNode filter) throws RpcException {
        if (!filter.isObject()) {
            throw new RpcException(RpcException.INVALID_PARAMS, "expected a filter");
        }
        long from;
        long to;
        if (filter.has("blockHash")) {
            from = ledger.blockNumber(
                    Hex.bytes("blockHash", filter.path("blockHash").asText(), 32));
            to = from;
            if (from < 0) {
                throw new RpcException(RpcException.SERVER_ERROR, "unknown block");
            }
        } else {
            from = blockNumber("fromBlock", filter.path("fromBlock").asText("latest"));
            to = Math.min(
                    ledger.height(),
                    blockNumber("toBlock", filter.path("toBlock").asText("latest")));
        }
        ArrayNode found = JsonNodeFactory.instance.arrayNode();
        for (long number = Math.max(1, from); number <= to; number++) {
            IncludedTransaction transaction = ledger.block(number);
            for (int i = 0; i < transaction.logs().size(); i++) {
                if (matches(filter, transaction.logs().get(i))) {
                    found.add(log(transaction, i));
                }
            }
        }
        return found;
    }

    private static boolean matches(JsonNode filter, EvmEngine.Log log) {
        JsonNode address = filter.path("address");
        if (!address.isMissingNode() && !address.isNull() && !oneOf(address, log.address())) {
            return false;
        }
        JsonNode topics = filter.path("topics");
        for (int i = 0; i < topics.size(); i++) {
            if (!topics.get(i).isNull()
                    && (i >= log.topics().size()
                            || !oneOf(topics.get(i), log.topics().get(i)))) {
                return false;
            }
        }
        return true;
    }

    private static boolean oneOf(JsonNode wanted, Bytes found) {
        if (wanted.isArray()) {
            if (wanted.isEmpty()) {
                return true; // no choice is any choice
            }
            for (JsonNode one : wanted) {
                if (oneOf(one, found)) {
                    return true;
                }
            }
            return false;
        }
        return wanted.asText().equalsIgnoreCase(Hex.text(found));
    }

    private static ObjectNode log(IncludedTransaction transaction, int index) {
        EvmEngine.Log log = transaction.logs().get(index);
        ObjectNode node = place(transaction)
                .put("address", Hex.text(log.address()))
                .put("data", Hex.text(log.data()))
                .put("logIndex", Hex.text(index))
                .put("removed", false);
        ArrayNode topics = node.putArray("topics");
        log.topics().forEach(topic -> topics.add(Hex.text(topic)));
        return node;
    }

    private static ObjectNode place(IncludedTransaction transaction) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("transactionHash", Hex.text(transaction.hash()))
                .put("transactionIndex", "0x0")
                .put("blockHash", Hex.text(transaction.blockHash()))
                .put("blockNumber", Hex.text(transaction.blockNumber()));
    }

    private static void putAddress(ObjectNode node, String name, @Nullable Bytes address) {
        if (address == null) {
            node.putNull(name);
        } else {
            node.put(name, Hex.text(address));
        }
    }

    private @Nullable IncludedTransaction found(JsonNode params) throws RpcException {
        return ledger.transaction(Hex.bytes("transaction hash", text(params, 0), 32));
    }

    private long blockNumber(String name, String block) throws RpcException {
        return switch (block) {
            case "latest", "pending", "safe", "finalized" -> ledger.height();
            case "earliest" -> 0;
            default ->
                Hex.quantity(name, block)
                        .min(BigInteger.valueOf(Long.MAX_VALUE))
                        .longValueExact();
        };
    }

    private static Bytes address(JsonNode params, int index) throws RpcException {
        return Hex.bytes("address", text(params, index), 20);
    }

    private static String text(JsonNode params, int index) throws RpcException {
        if (!params.path(index).isTextual()) {
            throw new RpcException(RpcException.INVALID_PARAMS, "parameter " + index + ": expected a text");
        }
        return params.get(index).asText();
    }
}
