package org.verifiableai.chain.devnet;

import io.horizen.evm.Address;
import io.horizen.evm.Evm;
import io.horizen.evm.EvmContext;
import io.horizen.evm.ForkRules;
import io.horizen.evm.Hash;
import io.horizen.evm.Invocation;
import io.horizen.evm.MemoryDatabase;
import io.horizen.evm.StateDB;
import io.horizen.evm.results.EvmLog;
import io.horizen.evm.results.InvocationResult;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * The EVM of go-ethereum through libevm 1.1.0. A panic in it ends the process, so the order of calls matters: each message
 * sets up its access list first, sender, destination and coinbase in that order.
 */
final class LibEvmEngine implements EvmEngine {

    private static final String LIBRARY = "linux-x86-64/libevm.so";
    private static final String LIBRARY_SHA256 = "4939e7626ccb4bbcb0a41d178def1313848fa97e3f014dff2261a8604a27636c";
    private static final ForkRules SHANGHAI = new ForkRules(true);
    private static final Address COINBASE = Address.ZERO;

    private final MemoryDatabase database;
    private final StateDB state;
    private int transactions;

    private LibEvmEngine(MemoryDatabase database, StateDB state) {
        this.database = database;
        this.state = state;
    }

    /**
     * An empty state.
     *
     * @throws IllegalStateException if there is no library for this platform, or it is not the one that was looked at
     */
    static LibEvmEngine create() {
        requireLibrary();
        MemoryDatabase database = new MemoryDatabase();
        return new LibEvmEngine(database, new StateDB(database, StateDB.EMPTY_ROOT_HASH));
    }

    @Override
    public BigInteger balance(Bytes address) {
        return state.getBalance(address(address));
    }

    @Override
    public void setBalance(Bytes address, BigInteger balance) {
        state.setBalance(address(address), balance);
    }

    @Override
    public BigInteger nonce(Bytes address) {
        return state.getNonce(address(address));
    }

    @Override
    public void setNonce(Bytes address, BigInteger nonce) {
        state.setNonce(address(address), nonce);
    }

    @Override
    public Bytes code(Bytes address) {
        byte[] code = state.getCode(address(address));
        return code == null ? Bytes.EMPTY : Bytes.of(code);
    }

    @Override
    public Outcome run(Bytes transactionHash, Message message, Block block) {
        state.setTxContext(new Hash(transactionHash.toByteArray()), transactions++);
        Outcome outcome = apply(message, block);
        state.finalizeChanges();
        return outcome;
    }

    @Override
    public Outcome dryRun(Message message, Block block) {
        int snapshot = state.snapshot();
        try {
            return apply(message, block);
        } finally {
            state.revertToSnapshot(snapshot);
        }
    }

    @Override
    public List<Log> logs(Bytes transactionHash) {
        List<Log> logs = new ArrayList<>();
        for (EvmLog log : state.getLogs(new Hash(transactionHash.toByteArray()))) {
            List<Bytes> topics = new ArrayList<>();
            for (Hash topic : log.topics) {
                topics.add(Bytes.of(topic.toBytes()));
            }
            logs.add(new Log(Bytes.of(log.address.toBytes()), topics, bytes(log.data)));
        }
        return logs;
    }

    @Override
    public void close() {
        try {
            state.close();
            database.close();
        } catch (Exception e) {
            throw new IllegalStateException("libevm does not let go of its state", e);
        }
    }

    private Outcome apply(Message message, Block block) {
        Address from = address(message.from());
        Address to = message.to() == null ? null : address(message.to());
        state.accessSetup(from, to == null ? Address.ZERO : to, COINBASE, SHANGHAI);
        EvmContext context = new EvmContext(
                BigInteger.valueOf(block.chainId()),
                COINBASE,
                BigInteger.valueOf(block.gasLimit()),
                message.gasPrice(),
                BigInteger.valueOf(block.number()),
                BigInteger.valueOf(block.time()),
                BigInteger.ZERO,
                Hash.ZERO,
                SHANGHAI);
        InvocationResult result = Evm.Apply(
                state,
                new Invocation(
                        from,
                        to,
                        message.value(),
                        message.data().toByteArray(),
                        BigInteger.valueOf(message.gas()),
                        false),
                context);
        String error = result.executionError == null ? "" : result.executionError;
        if (error.isEmpty() && result.reverted) {
            error = "execution reverted";
        }
        return new Outcome(
                error,
                result.reverted,
                bytes(result.returnData),
                result.leftOverGas.longValueExact(),
                state.getRefund().longValueExact(),
                to == null && error.isEmpty() && result.contractAddress != null
                        ? Bytes.of(result.contractAddress.toBytes())
                        : null);
    }

    private static Address address(Bytes address) {
        return new Address(address.toByteArray());
    }

    private static Bytes bytes(byte @Nullable [] value) {
        return value == null ? Bytes.EMPTY : Bytes.of(value);
    }

    private static void requireLibrary() {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String machine = System.getProperty("os.arch", "");
        if (!system.contains("linux") || !(machine.equals("amd64") || machine.equals("x86_64"))) {
            throw new IllegalStateException("the devnet's EVM runs on Linux on x86-64, found " + system + " on "
                    + machine + "; use a node of your own instead");
        }
        String found = Library.DIGEST;
        if (!found.equals(LIBRARY_SHA256)) {
            throw new IllegalStateException(LIBRARY + " must have SHA-256 " + LIBRARY_SHA256 + ", found " + found);
        }
    }

    /** The library is 37 MB and does not change while the process lives: it is hashed at the first start only. */
    private static final class Library {
        static final String DIGEST = digest();

        private Library() {}
    }

    private static String digest() {
        try (InputStream in = Evm.class.getClassLoader().getResourceAsStream(LIBRARY)) {
            if (in == null) {
                return "no such library";
            }
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            try (DigestInputStream digested = new DigestInputStream(in, sha256)) {
                digested.transferTo(OutputStream.nullOutputStream());
            }
            return Bytes.of(sha256.digest()).hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
