package org.verifiableai.chain.devnet;

import java.math.BigInteger;
import org.verifiableai.attestation.Bytes;

/** The hex forms of Ethereum's JSON-RPC: bytes in pairs of digits, quantities without leading zeros. */
final class Hex {

    private Hex() {}

    static Bytes bytes(String name, String text) throws RpcException {
        if (!text.matches("0x([0-9a-fA-F]{2})*")) {
            throw new RpcException(RpcException.INVALID_PARAMS, name + ": expected 0x and pairs of hex digits");
        }
        return Bytes.fromHex(text.substring(2));
    }

    static Bytes bytes(String name, String text, int size) throws RpcException {
        Bytes bytes = bytes(name, text);
        if (bytes.size() != size) {
            throw new RpcException(
                    RpcException.INVALID_PARAMS, name + ": expected " + size + " bytes, found " + bytes.size());
        }
        return bytes;
    }

    static BigInteger quantity(String name, String text) throws RpcException {
        if (!text.matches("0x[0-9a-fA-F]{1,64}")) {
            throw new RpcException(RpcException.INVALID_PARAMS, name + ": expected 0x and 1 to 64 hex digits");
        }
        return new BigInteger(text.substring(2), 16);
    }

    static String text(Bytes bytes) {
        return "0x" + bytes;
    }

    static String text(long quantity) {
        return "0x" + Long.toHexString(quantity);
    }

    static String text(BigInteger quantity) {
        return "0x" + quantity.toString(16);
    }
}
