package org.verifiableai.chain.devnet;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.web3j.protocol.Service;

/** web3j's way to a chain without a port: requests are answered where they are made. */
final class InProcessService extends Service {

    private final JsonRpc rpc;

    InProcessService(JsonRpc rpc) {
        super(false);
        this.rpc = rpc;
    }

    @Override
    protected InputStream performIO(String request) {
        return new ByteArrayInputStream(rpc.answer(request).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        // The devnet that it belongs to is closed by whoever started it.
    }
}
