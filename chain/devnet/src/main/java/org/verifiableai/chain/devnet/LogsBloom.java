package org.verifiableai.chain.devnet;

import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Hash;

/** The 2048-bit filter over a receipt's logs (Ethereum's Yellow Paper, section 4.3.1): three bits an address or topic. */
final class LogsBloom {

    private static final int SIZE = 256;
    private static final int BITS = 3;

    private LogsBloom() {}

    static Bytes of(List<EvmEngine.Log> logs) {
        byte[] bloom = new byte[SIZE];
        for (EvmEngine.Log log : logs) {
            add(bloom, log.address());
            for (Bytes topic : log.topics()) {
                add(bloom, topic);
            }
        }
        return Bytes.of(bloom);
    }

    private static void add(byte[] bloom, Bytes value) {
        Bytes hash = Bytes.of(Hash.sha3(value.toByteArray()));
        for (int i = 0; i < BITS; i++) {
            int bit = ((hash.unsigned(2 * i) << 8) | hash.unsigned(2 * i + 1)) % (8 * SIZE);
            bloom[SIZE - 1 - bit / 8] |= (byte) (1 << (bit % 8));
        }
    }
}
