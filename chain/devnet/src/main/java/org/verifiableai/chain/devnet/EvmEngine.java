package org.verifiableai.chain.devnet;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** An EVM with its accounts, under Shanghai's rules. Not thread-safe. Addresses are 20 bytes, hashes 32. */
interface EvmEngine extends AutoCloseable {

    /** A message: what a transaction asks the EVM to do, after its fees and number were seen to. */
    record Message(Bytes from, @Nullable Bytes to, BigInteger value, Bytes data, long gas, BigInteger gasPrice) {}

    /** The block in which a message runs. */
    record Block(long number, long time, long gasLimit, long chainId) {}

    /**
     * What came of a message.
     *
     * @param error why it did not run to its end; empty if it did
     * @param reverted whether it gave up by itself, with a reason in {@code output}
     * @param output what it returned, or with what it reverted
     * @param gasLeft the gas that it did not use
     * @param refund the gas that it earned back by clearing storage
     * @param created the contract that it made
     */
    record Outcome(
            String error,
            boolean reverted,
            Bytes output,
            long gasLeft,
            long refund,
            @Nullable Bytes created) {

        boolean success() {
            return error.isEmpty();
        }
    }

    /** A log entry. */
    record Log(Bytes address, List<Bytes> topics, Bytes data) {}

    BigInteger balance(Bytes address);

    void setBalance(Bytes address, BigInteger balance);

    BigInteger nonce(Bytes address);

    void setNonce(Bytes address, BigInteger nonce);

    Bytes code(Bytes address);

    /** Runs a message and keeps what it did to the accounts if it succeeds. */
    Outcome run(Bytes transactionHash, Message message, Block block);

    /** Runs a message and takes everything back. */
    Outcome dryRun(Message message, Block block);

    /** The logs of a transaction that {@link #run} ran. */
    List<Log> logs(Bytes transactionHash);

    @Override
    void close();
}
