package org.verifiableai.chain.devnet;

import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** An answer of the JSON-RPC interface that is an error. */
final class RpcException extends Exception {

    static final int PARSE_ERROR = -32700;
    static final int INVALID_REQUEST = -32600;
    static final int METHOD_NOT_FOUND = -32601;
    static final int INVALID_PARAMS = -32602;
    static final int INTERNAL_ERROR = -32603;
    static final int SERVER_ERROR = -32000;
    static final int REVERTED = 3;

    private static final long serialVersionUID = 1L;

    private final int code;
    private final String text;
    private final transient @Nullable Bytes data;

    RpcException(int code, String text) {
        this(code, text, null);
    }

    RpcException(int code, String text, @Nullable Bytes data) {
        super(text);
        this.code = code;
        this.text = text;
        this.data = data;
    }

    int code() {
        return code;
    }

    String text() {
        return text;
    }

    @Nullable
    Bytes data() {
        return data;
    }
}
