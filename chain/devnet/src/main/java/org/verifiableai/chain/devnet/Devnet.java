package org.verifiableai.chain.devnet;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.Keys;
import org.web3j.protocol.Web3jService;

/**
 * A chain of one's own, gone when it is closed. It runs on Linux on x86-64, where its EVM has a native library.
 *
 * <pre>{@code
 * try (Devnet devnet = Devnet.start()) {
 *     ChainConnection chain = ChainConnection.connect(devnet.service(), devnet.chainId());
 *     ProvenanceRegistry registry = ProvenanceRegistry.deploy(chain, devnet.newAccount());
 * }
 * }</pre>
 *
 * <p>Like Sapphire, it answers unsigned calls as if nobody asked, takes no gas price below 100 gwei, and calls the newest
 * block final. It knows neither encrypted calls nor ROFL. Thread-safe.
 */
public final class Devnet implements AutoCloseable {

    /** The chain id of a local Sapphire network. */
    public static final long CHAIN_ID = 0x5afd;

    private static final BigInteger ALLOWANCE = BigInteger.TEN.pow(24); // a million tokens of 18 decimals

    private final Ledger ledger;
    private final JsonRpc rpc;
    private @Nullable LoopbackServer server;

    private Devnet(Ledger ledger) {
        this.ledger = ledger;
        this.rpc = new JsonRpc(ledger);
    }

    /**
     * Starts a chain with an empty state.
     *
     * @throws IllegalStateException if there is no EVM for this platform
     */
    public static Devnet start() {
        return start(Clock.systemUTC());
    }

    /** Starts a chain whose blocks take their time from {@code clock}. */
    public static Devnet start(Clock clock) {
        return new Devnet(new Ledger(LibEvmEngine.create(), CHAIN_ID, clock));
    }

    /** The chain's number. */
    public long chainId() {
        return ledger.chainId();
    }

    /** A way for web3j to talk to the chain, without a port. */
    public Web3jService service() {
        return new InProcessService(rpc);
    }

    /**
     * A new account with a key from the runtime's random source and more tokens than it can spend.
     *
     * @throws IllegalStateException if the chain was closed
     */
    public Credentials newAccount() {
        try {
            Credentials account = Credentials.create(Keys.createEcKeyPair());
            rpc.fund(Bytes.fromHex(account.getAddress().substring(2)), ALLOWANCE);
            return account;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime makes no secp256k1 keys", e);
        }
    }

    /**
     * Opens a port for programs on this machine.
     *
     * @param port the port, or 0 for any that is free
     * @return the URL to talk to
     * @throws IOException if the port is taken
     * @throws IllegalStateException if the chain was closed
     */
    public synchronized String listen(int port) throws IOException {
        rpc.requireOpen();
        if (server == null) {
            server = LoopbackServer.start(rpc, port);
        }
        return "http://127.0.0.1:" + server.port();
    }

    /** Waits for the request that is running, then lets go of the state; later requests are answered with an error. */
    @Override
    public synchronized void close() {
        if (server != null) {
            server.close();
        }
        rpc.close();
    }
}
