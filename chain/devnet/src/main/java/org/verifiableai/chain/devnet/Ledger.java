package org.verifiableai.chain.devnet;

import java.math.BigInteger;
import java.security.SignatureException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Hash;
import org.web3j.crypto.RawTransaction;
import org.web3j.crypto.Sign;
import org.web3j.crypto.SignedRawTransaction;
import org.web3j.crypto.TransactionDecoder;
import org.web3j.crypto.TransactionEncoder;
import org.web3j.crypto.transaction.type.Transaction1559;
import org.web3j.crypto.transaction.type.Transaction2930;
import org.web3j.crypto.transaction.type.TransactionType;

/**
 * Accounts and blocks: what a transaction has to be like to get in, what it costs, and what is known of it afterwards. Every
 * transaction makes a block, and a block is final. Not thread-safe.
 */
final class Ledger implements AutoCloseable {

    static final BigInteger MIN_GAS_PRICE = BigInteger.valueOf(100_000_000_000L); // 100 gwei, Sapphire's minimum
    static final long MAX_GAS = 15_000_000; // the most that Sapphire takes of one transaction

    private static final int MAX_TRANSACTION = 128 * 1024;
    private static final int MAX_INIT_CODE = 128 * 1024;
    private static final long TRANSACTION_GAS = 21_000;
    private static final long CREATION_GAS = 32_000;
    private static final long ZERO_BYTE_GAS = 4;
    private static final long BYTE_GAS = 16;
    private static final long INIT_CODE_WORD_GAS = 2;
    private static final int REFUND_SHARE = 5;
    private static final int RLP_LIST = 0xc0;
    private static final int DYNAMIC_FEE = 2;
    private static final BigInteger HALF_ORDER = Sign.CURVE_PARAMS.getN().shiftRight(1);

    private final EvmEngine engine;
    private final long chainId;
    private final Clock clock;
    private final List<IncludedTransaction> blocks = new ArrayList<>();
    private final Map<Bytes, IncludedTransaction> byHash = new HashMap<>();
    private long lastTime;

    Ledger(EvmEngine engine, long chainId, Clock clock) {
        this.engine = engine;
        this.chainId = chainId;
        this.clock = clock;
    }

    EvmEngine engine() {
        return engine;
    }

    long chainId() {
        return chainId;
    }

    /** The number of the newest block; block 0 is empty. */
    long height() {
        return blocks.size();
    }

    @Nullable
    IncludedTransaction transaction(Bytes hash) {
        return byHash.get(hash);
    }

    /** The transaction of a block from 1 on. */
    IncludedTransaction block(long number) {
        return blocks.get(Math.toIntExact(number - 1));
    }

    /** The number of the block of a hash, or -1. */
    long blockNumber(Bytes hash) {
        for (long number = 0; number <= height(); number++) {
            if (blockHash(number).equals(hash)) {
                return number;
            }
        }
        return -1;
    }

    Bytes blockHash(long number) {
        return Bytes.of(
                Hash.sha3(Bytes.utf8("devnet " + chainId + " block " + number).toByteArray()));
    }

    /** Runs a message as the next block would, and takes it back. */
    EvmEngine.Outcome call(EvmEngine.Message message) {
        return engine.dryRun(message, nextBlock());
    }

    /** Takes a signed transaction, runs it, and makes a block of it. */
    IncludedTransaction include(Bytes raw) throws RpcException {
        if (raw.size() > MAX_TRANSACTION) {
            throw rejected("oversized transaction");
        }
        SignedRawTransaction signed = decode(raw);
        requireCanonical(raw, signed);
        RawTransaction transaction = signed;
        Bytes from = sender(signed);
        Bytes to = recipient(transaction);
        Bytes data = data(transaction);
        BigInteger gasPrice = gasPrice(transaction);
        long gasLimit = gasLimit(transaction);
        checkNonce(from, transaction.getNonce());
        long intrinsic = intrinsicGas(to == null, data);
        if (gasLimit < intrinsic) {
            throw rejected("gas limit " + gasLimit + " is below the intrinsic " + intrinsic);
        }
        if (to == null && data.size() > MAX_INIT_CODE) {
            throw rejected("oversized init code");
        }
        BigInteger value = transaction.getValue() == null ? BigInteger.ZERO : transaction.getValue();
        BigInteger deposit = gasPrice.multiply(BigInteger.valueOf(gasLimit));
        if (engine.balance(from).compareTo(deposit.add(value)) < 0) {
            throw rejected("insufficient balance to pay fees");
        }

        EvmEngine.Block block = nextBlock();
        engine.setBalance(from, engine.balance(from).subtract(deposit));
        // The number goes up before the code runs, for a creation too: libevm takes one off to name the contract.
        engine.setNonce(from, transaction.getNonce().add(BigInteger.ONE));
        Bytes hash = Bytes.of(Hash.sha3(raw.toByteArray()));
        EvmEngine.Outcome outcome =
                engine.run(hash, new EvmEngine.Message(from, to, value, data, gasLimit - intrinsic, gasPrice), block);
        engine.setNonce(from, transaction.getNonce().add(BigInteger.ONE));
        long used = gasLimit - outcome.gasLeft();
        used -= outcome.success() ? Math.min(outcome.refund(), used / REFUND_SHARE) : 0;
        engine.setBalance(from, engine.balance(from).add(gasPrice.multiply(BigInteger.valueOf(gasLimit - used))));

        lastTime = block.time();
        IncludedTransaction included = new IncludedTransaction(
                type(raw),
                hash,
                blockHash(block.number()),
                block.number(),
                block.time(),
                from,
                to,
                transaction.getNonce(),
                value,
                gasPrice,
                gasLimit,
                data,
                outcome.success(),
                used,
                outcome.created(),
                outcome.success() ? engine.logs(hash) : List.of());
        blocks.add(included);
        byHash.put(hash, included);
        return included;
    }

    @Override
    public void close() {
        engine.close();
    }

    static long intrinsicGas(boolean creation, Bytes data) {
        long gas = TRANSACTION_GAS;
        for (int i = 0; i < data.size(); i++) {
            gas += data.get(i) == 0 ? ZERO_BYTE_GAS : BYTE_GAS;
        }
        return creation ? gas + CREATION_GAS + INIT_CODE_WORD_GAS * ((data.size() + 31) / 32) : gas;
    }

    private EvmEngine.Block nextBlock() {
        long time = Math.max(clock.instant().getEpochSecond(), lastTime);
        return new EvmEngine.Block(height() + 1, time, MAX_GAS, chainId);
    }

    /** The type in front of the transaction (EIP-2718); a legacy one is a bare list. */
    private static int type(Bytes raw) {
        return raw.isEmpty() || raw.unsigned(0) >= RLP_LIST ? 0 : raw.unsigned(0);
    }

    private static SignedRawTransaction decode(Bytes raw) throws RpcException {
        // Sapphire takes legacy, access-list and dynamic-fee transactions; web3j would read blobs as the last.
        if (type(raw) > DYNAMIC_FEE) {
            throw rejected("transaction type " + type(raw));
        }
        try {
            if (TransactionDecoder.decode("0x" + raw) instanceof SignedRawTransaction signed) {
                return signed;
            }
        } catch (RuntimeException e) {
            // The decoder throws whatever its parts throw; all of it means the same.
            throw rejected("malformed transaction");
        }
        throw rejected("transaction is not signed");
    }

    /** One transaction has one encoding; what web3j skips while it reads would otherwise change the hash. */
    private static void requireCanonical(Bytes raw, SignedRawTransaction signed) throws RpcException {
        try {
            byte[] again = TransactionEncoder.encode(signed, signed.getSignatureData());
            if (Bytes.of(again).equals(raw)) {
                return;
            }
        } catch (RuntimeException e) {
            // Falls through: what cannot be written was not read either.
        }
        throw rejected("malformed transaction");
    }

    private Bytes sender(SignedRawTransaction signed) throws RpcException {
        Sign.SignatureData signature = signed.getSignatureData();
        BigInteger s = new BigInteger(1, signature.getS());
        if (s.compareTo(HALF_ORDER) > 0) {
            throw rejected("signature with high s");
        }
        BigInteger r = new BigInteger(1, signed.getSignatureData().getR());
        if (r.signum() == 0 || s.signum() == 0 || r.compareTo(Sign.CURVE_PARAMS.getN()) >= 0) {
            throw rejected("signature out of range");
        }
        boolean legacy = signed.getTransaction().getType() == TransactionType.LEGACY;
        Long found = legacy ? signed.getChainId() : chainIdOf(signed);
        if (found == null || found != chainId) {
            throw rejected("transaction is for chain " + (found == null ? "none" : found) + ", this is " + chainId);
        }
        try {
            return Bytes.fromHex(signed.getFrom().substring(2));
        } catch (SignatureException | RuntimeException e) {
            throw rejected("signature recovery failed");
        }
    }

    private static Long chainIdOf(SignedRawTransaction signed) throws RpcException {
        // Dynamic-fee transactions are a kind of these. The access list itself is ignored, as Sapphire does.
        if (signed.getTransaction() instanceof Transaction2930 listed) {
            return listed.getChainId();
        }
        throw rejected("transaction type " + signed.getTransaction().getType());
    }

    private static @Nullable Bytes recipient(RawTransaction transaction) throws RpcException {
        String to = transaction.getTo();
        if (to == null || to.isEmpty() || to.equals("0x")) {
            return null;
        }
        if (!to.matches("0x[0-9a-fA-F]{40}")) {
            throw rejected("malformed address " + to);
        }
        return Bytes.fromHex(to.substring(2));
    }

    private static Bytes data(RawTransaction transaction) throws RpcException {
        String data = transaction.getData() == null ? "" : transaction.getData();
        return Hex.bytes("data", data.startsWith("0x") ? data : "0x" + data);
    }

    private static BigInteger gasPrice(RawTransaction transaction) throws RpcException {
        BigInteger price;
        if (transaction.getTransaction() instanceof Transaction1559 fees) {
            BigInteger most = fees.getMaxFeePerGas();
            if (most.compareTo(MIN_GAS_PRICE) < 0) {
                throw rejected("gas price too low");
            }
            price = fees.getMaxPriorityFeePerGas()
                    .min(most.subtract(MIN_GAS_PRICE))
                    .add(MIN_GAS_PRICE);
        } else {
            price = transaction.getGasPrice();
        }
        if (price.compareTo(MIN_GAS_PRICE) < 0) {
            throw rejected("gas price too low");
        }
        return price;
    }

    private static long gasLimit(RawTransaction transaction) throws RpcException {
        BigInteger limit = transaction.getGasLimit();
        if (limit.signum() < 0 || limit.compareTo(BigInteger.valueOf(MAX_GAS)) > 0) {
            throw rejected("gas limit above " + MAX_GAS);
        }
        return limit.longValueExact();
    }

    private void checkNonce(Bytes from, BigInteger nonce) throws RpcException {
        int order = nonce.compareTo(engine.nonce(from));
        if (order != 0) {
            throw rejected(order < 0 ? "invalid nonce" : "future nonce");
        }
    }

    private static RpcException rejected(String reason) {
        return new RpcException(RpcException.SERVER_ERROR, reason);
    }
}
