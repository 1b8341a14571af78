package org.verifiableai.chain.devnet;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** A transaction in its block, with what came of it. Each block holds one. */
record IncludedTransaction(
        int type,
        Bytes hash,
        Bytes blockHash,
        long blockNumber,
        long time,
        Bytes from,
        @Nullable Bytes to,
        BigInteger nonce,
        BigInteger value,
        BigInteger gasPrice,
        long gasLimit,
        Bytes data,
        boolean success,
        long gasUsed,
        @Nullable Bytes contract,
        List<EvmEngine.Log> logs) {}
