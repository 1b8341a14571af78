package org.verifiableai.manifest;

import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * A block of a chain as a job's challenge: nobody knew its hash before it was made, so that a job bound to it began no
 * earlier. It says nothing of how much later, and whether such a block exists is for the relying party to ask the chain
 * before it names the block in a policy; nothing here touches the network.
 *
 * @param chain a CAIP-2 chain id, such as {@code eip155:23294} for Sapphire
 * @param number the block's height, 0 to 2^53-1
 * @param hash the block's hash, 32 bytes
 */
public record BlockHash(String chain, long number, Bytes hash) {

    // CAIP-2: namespace 3 to 8 of [-a-z0-9], reference 1 to 32 of [-_a-zA-Z0-9].
    private static final Pattern CHAIN = Pattern.compile("[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,32}");

    /**
     * Checks form and range.
     *
     * @throws IllegalArgumentException if the chain is no CAIP-2 id, the number is negative or beyond 2^53-1, or the hash is
     *     not of 32 bytes or all zero
     */
    public BlockHash {
        if (!CHAIN.matcher(chain).matches()) {
            throw new IllegalArgumentException("chain: expected a CAIP-2 id such as eip155:23294, found " + chain);
        }
        if (number < 0 || number > StrictJson.MAX_SAFE_INTEGER) {
            throw new IllegalArgumentException("block number: expected 0 to 2^53-1, found " + number);
        }
        if (hash.size() != 32 || hash.isZero()) {
            throw new IllegalArgumentException("block hash: expected 32 bytes, not all zero, found " + hash);
        }
    }

    /** What verdicts call it. */
    @Override
    public String toString() {
        return "block " + number + " of " + chain;
    }
}
