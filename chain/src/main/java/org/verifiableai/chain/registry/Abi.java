package org.verifiableai.chain.registry;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Hash;

/**
 * As much of Solidity's ABI as the registry speaks: arguments and results are words of 32 bytes, and one result is an
 * array of them.
 */
final class Abi {

    static final int WORD = 32;

    private static final int SELECTOR = 4;
    private static final int ADDRESS = 20;

    private Abi() {}

    /** A call: the first bytes of the signature's Keccak-256, then the arguments. */
    static Bytes call(String signature, Bytes... words) {
        return selector(signature).concat(words);
    }

    static Bytes selector(String signature) {
        return Bytes.of(Hash.sha3(signature.getBytes(StandardCharsets.US_ASCII)), 0, SELECTOR);
    }

    static Bytes number(long value) {
        return Bytes.zeros(WORD - Long.BYTES).concat(Bytes.fromHex(String.format("%016x", value)));
    }

    static Bytes address(String address) {
        if (!address.matches("0x[0-9a-fA-F]{40}")) {
            throw new IllegalArgumentException("address must be 0x and 40 hex digits, found " + address);
        }
        return Bytes.zeros(WORD - ADDRESS).concat(Bytes.fromHex(address.substring(2)));
    }

    static Bytes digest(String name, Bytes digest) {
        if (digest.size() != WORD || digest.isZero()) {
            throw new IllegalArgumentException(name + " must be of 32 bytes and not all zero, found " + digest);
        }
        return digest;
    }

    /** The word at {@code index} of a result. */
    static Bytes word(Bytes result, int index) {
        return result.slice(WORD * index, WORD * (index + 1));
    }

    /** A number that fits in 63 bits; times, versions and codes do. */
    static long toLong(Bytes word) throws ChainException {
        BigInteger value = new BigInteger(1, word.toByteArray());
        if (value.bitLength() >= Long.SIZE) {
            throw new ChainException("expected a number below 2^63 from the registry, found " + value, false);
        }
        return value.longValue();
    }

    /** A time in seconds since 1970; one that a calendar cannot hold is not the time of a block. */
    static Instant toInstant(Bytes word) throws ChainException {
        long seconds = toLong(word);
        if (seconds > Instant.MAX.getEpochSecond()) {
            throw new ChainException("expected a time from the registry, found " + seconds, false);
        }
        return Instant.ofEpochSecond(seconds);
    }

    static String toAddress(Bytes word) throws ChainException {
        if (!word.slice(0, WORD - ADDRESS).isZero()) {
            throw new ChainException("expected an address from the registry, found " + word, false);
        }
        return "0x" + word.slice(WORD - ADDRESS, WORD);
    }

    /**
     * Refuses a result of another length. A contract that is not the registry, or no contract at all, answers too, with
     * something else or with nothing.
     */
    static Bytes sized(Bytes result, int words) throws ChainException {
        if (result.size() != WORD * words) {
            throw new ChainException(
                    "expected " + WORD * words + " bytes from the registry, found " + result.size()
                            + "; is there a registry at this address?",
                    false);
        }
        return result;
    }
}
