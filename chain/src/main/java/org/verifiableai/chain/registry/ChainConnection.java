package org.verifiableai.chain.registry;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.Web3jService;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthChainId;
import org.web3j.protocol.core.methods.response.EthGasPrice;
import org.web3j.protocol.core.methods.response.EthGetCode;
import org.web3j.protocol.core.methods.response.EthGetTransactionCount;
import org.web3j.protocol.core.methods.response.EthGetTransactionReceipt;
import org.web3j.protocol.core.methods.response.EthSendTransaction;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * A gateway to one chain. What it answers is taken for the chain's word: whoever does not trust a gateway asks a second.
 * Thread-safe if the service is. Blocks of Sapphire are final at once, so one receipt is enough.
 */
public final class ChainConnection {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration DEFAULT_INTERVAL = Duration.ofMillis(500);

    private final Web3j web3j;
    private final long chainId;
    private final Duration timeout;
    private final Duration interval;

    private ChainConnection(Web3j web3j, long chainId, Duration timeout, Duration interval) {
        this.web3j = web3j;
        this.chainId = chainId;
        this.timeout = timeout;
        this.interval = interval;
    }

    /**
     * Connects, and makes sure that it is the chain that was meant: a registry of the same address on another chain is
     * another registry.
     *
     * @param service how requests travel, such as web3j's HttpService
     * @param chainId the chain's number; 23294 is Sapphire's main network
     * @throws ChainException if the gateway cannot be reached, or is of another chain
     */
    public static ChainConnection connect(Web3jService service, long chainId) throws ChainException {
        return connect(service, chainId, DEFAULT_TIMEOUT, DEFAULT_INTERVAL);
    }

    /**
     * Connects like {@link #connect(Web3jService, long)}.
     *
     * @param service how requests travel
     * @param chainId the chain's number
     * @param timeout how long to wait for a receipt, above zero
     * @param interval how long to wait between two looks for it, above zero
     * @throws ChainException if the gateway cannot be reached, or is of another chain
     */
    public static ChainConnection connect(Web3jService service, long chainId, Duration timeout, Duration interval)
            throws ChainException {
        requirePositive("timeout", timeout);
        requirePositive("interval", interval);
        ChainConnection chain = new ChainConnection(Web3j.build(service), chainId, timeout, interval);
        BigInteger found = chain.ask(chain.web3j.ethChainId(), EthChainId::getChainId);
        if (!found.equals(BigInteger.valueOf(chainId))) {
            throw new ChainException("expected a gateway to chain " + chainId + ", found chain " + found, false);
        }
        return chain;
    }

    /** The chain's number. */
    public long chainId() {
        return chainId;
    }

    /** What a view of a contract returns. */
    Bytes call(String contract, Bytes data) throws ChainException {
        Transaction request = Transaction.createEthCallTransaction(null, contract, "0x" + data);
        var response = execute(web3j.ethCall(request, DefaultBlockParameterName.LATEST));
        if (response.hasError()) {
            throw RegistryErrors.of(response.getError());
        }
        return hex(response.getValue());
    }

    boolean hasCode(String address) throws ChainException {
        return !hex(ask(web3j.ethGetCode(address, DefaultBlockParameterName.LATEST), EthGetCode::getCode))
                .isEmpty();
    }

    BigInteger nonce(String address) throws ChainException {
        return ask(
                web3j.ethGetTransactionCount(address, DefaultBlockParameterName.LATEST),
                EthGetTransactionCount::getTransactionCount);
    }

    /** Signs for this chain alone (EIP-155), sends, and waits for the receipt of a success. */
    TransactionReceipt transact(
            Credentials signer, BigInteger nonce, BigInteger gasLimit, @Nullable String to, Bytes data)
            throws ChainException {
        // The chain's own price: web3j's built-in one is below what Sapphire takes.
        BigInteger gasPrice = ask(web3j.ethGasPrice(), EthGasPrice::getGasPrice);
        RawTransaction transaction = to == null
                ? RawTransaction.createContractTransaction(nonce, gasPrice, gasLimit, BigInteger.ZERO, "0x" + data)
                : RawTransaction.createTransaction(nonce, gasPrice, gasLimit, to, BigInteger.ZERO, "0x" + data);
        Bytes signed = Bytes.of(TransactionEncoder.signMessage(transaction, chainId, signer));
        // The hash follows from what was sent; a gateway that names another one answers for another transaction.
        String hash = "0x" + Bytes.of(Hash.sha3(signed.toByteArray()));
        String answered = ask(web3j.ethSendRawTransaction("0x" + signed), EthSendTransaction::getTransactionHash);
        if (!answered.equalsIgnoreCase(hash)) {
            throw new ChainException(
                    "expected transaction " + hash + " from the gateway, found " + GatewayText.line(answered), false);
        }
        TransactionReceipt receipt = awaitReceipt(hash);
        if (!hash.equalsIgnoreCase(receipt.getTransactionHash())) {
            throw new ChainException(
                    "expected the receipt of transaction " + hash + ", found that of "
                            + GatewayText.line(receipt.getTransactionHash()),
                    false);
        }
        if (!"0x1".equals(receipt.getStatus())) {
            throw new ChainException("transaction " + hash + " was included and failed", false);
        }
        return receipt;
    }

    private TransactionReceipt awaitReceipt(String hash) throws ChainException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (true) {
            var receipt = ask(web3j.ethGetTransactionReceipt(hash), EthGetTransactionReceipt::getTransactionReceipt);
            if (receipt.isPresent()) {
                return receipt.get();
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new ChainException(
                        "transaction " + hash + " has no receipt after " + timeout + "; it may still be included",
                        true);
            }
            try {
                Thread.sleep(interval.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ChainException("interrupted while transaction " + hash + " waits for its receipt", true, e);
            }
        }
    }

    /** Sends a request and reads the answer; what web3j cannot read, or reads as nothing, is no answer. */
    private <T extends Response<?>, R> R ask(Request<?, T> request, Function<T, @Nullable R> read)
            throws ChainException {
        T response = send(request);
        R value;
        try {
            value = read.apply(response);
        } catch (RuntimeException e) {
            throw new ChainException(
                    request.getMethod() + ": expected an answer of its form from the gateway, found "
                            + GatewayText.line(String.valueOf(response.getResult())),
                    false,
                    e);
        }
        if (value == null) {
            throw new ChainException(
                    request.getMethod() + ": expected an answer from the gateway, found nothing", false);
        }
        return value;
    }

    private <T extends Response<?>> T send(Request<?, T> request) throws ChainException {
        T response = execute(request);
        if (response.hasError()) {
            throw new ChainException(
                    request.getMethod() + ": gateway answers "
                            + response.getError().getCode() + " "
                            + GatewayText.line(response.getError().getMessage()),
                    false);
        }
        return response;
    }

    private <T extends Response<?>> T execute(Request<?, T> request) throws ChainException {
        try {
            return request.send();
        } catch (IOException | RuntimeException e) {
            // web3j lets its transport's own unchecked exceptions pass.
            throw new ChainException(
                    request.getMethod() + ": gateway does not answer: " + GatewayText.line(e.getMessage()), true, e);
        }
    }

    private static Bytes hex(@Nullable String text) throws ChainException {
        if (text == null || !text.matches("0x([0-9a-fA-F]{2})*")) {
            throw new ChainException("expected hex with 0x from the gateway, found " + GatewayText.line(text), false);
        }
        return Bytes.fromHex(text.substring(2));
    }

    private static void requirePositive(String name, Duration duration) {
        if (duration.isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(name + " must be above zero, found " + duration);
        }
    }
}
