package org.verifiableai.chain.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.core.methods.response.TransactionReceipt;

/**
 * A deployed registry, for reading; anybody can. {@link #as(Credentials)} gives the side that writes. Thread-safe.
 *
 * <pre>{@code
 * ChainConnection chain = ChainConnection.connect(new HttpService(url), 23294);
 * ProvenanceRegistry registry = ProvenanceRegistry.at(chain, address);
 * RegistryEntry entry = registry.lookup(publisher, provenance.modelDigest());
 * }</pre>
 */
public final class ProvenanceRegistry {

    private static final BigInteger DEPLOY_GAS = BigInteger.valueOf(3_000_000);
    private static final int MAX_PAGE = 1000;

    private final ChainConnection chain;
    private final String address;

    private ProvenanceRegistry(ChainConnection chain, String address) {
        this.chain = chain;
        this.address = address;
    }

    /**
     * The registry at an address.
     *
     * @param address 0x and 40 hex digits
     * @throws ChainException if there is no contract, or the gateway does not answer
     */
    public static ProvenanceRegistry at(ChainConnection chain, String address) throws ChainException {
        Abi.address(address);
        if (!chain.hasCode(address)) {
            throw new ChainException("expected a contract at " + address + ", found none", false);
        }
        return new ProvenanceRegistry(chain, address);
    }

    /**
     * Deploys a registry that belongs to {@code owner}. Nobody may publish in it yet, the owner included.
     *
     * @throws ChainException if the transaction fails, or the gateway does not answer
     */
    public static ProvenanceRegistry deploy(ChainConnection chain, Credentials owner) throws ChainException {
        TransactionReceipt receipt =
                chain.transact(owner, chain.nonce(owner.getAddress()), DEPLOY_GAS, null, bytecode());
        String address = receipt.getContractAddress();
        if (address == null || !address.matches("0x[0-9a-fA-F]{40}")) {
            throw new ChainException(
                    "expected the address of the new contract from the gateway, found " + GatewayText.line(address),
                    false);
        }
        return at(chain, address);
    }

    /** The contract's address, with 0x. */
    public String address() {
        return address;
    }

    /** This registry as somebody who signs. */
    public RegistryAccount as(Credentials signer) {
        return new RegistryAccount(this, chain, signer);
    }

    /**
     * What {@code publisher} says of a model: its newest version, and whether it was revoked.
     *
     * @param publisher an address with 0x; an entry is worth as much as the publisher whose it is
     * @param modelDigest 32 bytes, not all zero
     * @throws ChainException if the gateway does not answer, or answers with what no registry says
     */
    public RegistryEntry lookup(String publisher, Bytes modelDigest) throws ChainException {
        Bytes result = Abi.sized(
                chain.call(
                        address,
                        Abi.call(
                                "lookup(address,bytes32)",
                                Abi.address(publisher),
                                Abi.digest("model digest", modelDigest))),
                6);
        ManifestStatus status = status(Abi.word(result, 0));
        long version = Abi.toLong(Abi.word(result, 1));
        Bytes manifest = Abi.word(result, 2);
        Instant publishedAt = Abi.toInstant(Abi.word(result, 3));
        Instant revokedAt = Abi.toInstant(Abi.word(result, 4));
        long reason = Abi.toLong(Abi.word(result, 5));
        requireConsistent(status, result);
        return switch (status) {
            case UNKNOWN -> new RegistryEntry.Unknown();
            case PUBLISHED -> new RegistryEntry.Published(manifest, version, publishedAt);
            case REVOKED -> new RegistryEntry.Revoked(manifest, version, publishedAt, revokedAt, reason);
            case SUPERSEDED -> throw new ChainException("registry calls its newest version superseded", false);
        };
    }

    /**
     * What {@code publisher} says of one manifest for a model.
     *
     * @throws ChainException if the gateway does not answer, or answers with what no registry says
     */
    public ManifestStatus verify(String publisher, Bytes modelDigest, Bytes manifestDigest) throws ChainException {
        return status(Abi.sized(
                chain.call(
                        address,
                        Abi.call(
                                "verify(address,bytes32,bytes32)",
                                Abi.address(publisher),
                                Abi.digest("model digest", modelDigest),
                                Abi.digest("manifest digest", manifestDigest))),
                1));
    }

    /**
     * Whether an address may publish now.
     *
     * @throws ChainException if the gateway does not answer, or answers with what no registry says
     */
    public boolean isPublisher(String publisher) throws ChainException {
        Bytes result = Abi.sized(chain.call(address, Abi.call("isPublisher(address)", Abi.address(publisher))), 1);
        return Abi.toLong(result) == 1;
    }

    /**
     * Who may authorise publishers.
     *
     * @throws ChainException if the gateway does not answer, or answers with what no registry says
     */
    public String owner() throws ChainException {
        return Abi.toAddress(Abi.sized(chain.call(address, Abi.call("owner()")), 1));
    }

    /**
     * How many models have an entry, over all publishers.
     *
     * @throws ChainException if the gateway does not answer, or answers with what no registry says
     */
    public long size() throws ChainException {
        return Abi.toLong(Abi.sized(chain.call(address, Abi.call("entryCount()")), 1));
    }

    /**
     * Which entries there are, in order of first publication.
     *
     * @param offset how many to skip
     * @param limit how many to give at the most, 1 to 1000
     * @throws ChainException if the gateway does not answer, or answers with what no registry says
     */
    public List<RegistryKey> list(long offset, int limit) throws ChainException {
        if (offset < 0 || limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException(
                    "offset must be 0 or more and limit of 1 to " + MAX_PAGE + ", found " + offset + " and " + limit);
        }
        Bytes result = chain.call(address, Abi.call("page(uint256,uint256)", Abi.number(offset), Abi.number(limit)));
        if (result.size() < 2 * Abi.WORD) {
            throw new ChainException("expected a list from the registry, found " + result.size() + " bytes", false);
        }
        long count = Abi.toLong(Abi.word(result, 1));
        if (Abi.toLong(Abi.word(result, 0)) != Abi.WORD || count > limit) {
            throw new ChainException(
                    "expected a list of at most " + limit + " from the registry, found " + count, false);
        }
        Abi.sized(result, 2 + 2 * (int) count);
        List<RegistryKey> keys = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            keys.add(new RegistryKey(Abi.toAddress(Abi.word(result, 2 + 2 * i)), Abi.word(result, 3 + 2 * i)));
        }
        return keys;
    }

    /** Refuses what the contract cannot say: a status that the other words of the same answer contradict. */
    private static void requireConsistent(ManifestStatus status, Bytes result) throws ChainException {
        boolean isEntry = !Abi.word(result, 1).isZero() && !Abi.word(result, 2).isZero();
        boolean isRevoked = !Abi.word(result, 4).isZero();
        boolean consistent = switch (status) {
            case UNKNOWN -> result.isZero();
            case PUBLISHED -> isEntry && !isRevoked && Abi.word(result, 5).isZero();
            case REVOKED -> isEntry && isRevoked;
            case SUPERSEDED -> isEntry; // refused by the caller: it asks for the newest version
        };
        if (!consistent) {
            throw new ChainException("registry calls an entry " + status + " and contradicts it: " + result, false);
        }
    }

    /** The numbers of the contract's enumeration. */
    private static ManifestStatus status(Bytes word) throws ChainException {
        long status = Abi.toLong(word);
        if (status == 0) {
            return ManifestStatus.UNKNOWN;
        }
        if (status == 1) {
            return ManifestStatus.PUBLISHED;
        }
        if (status == 2) {
            return ManifestStatus.SUPERSEDED;
        }
        if (status == 3) {
            return ManifestStatus.REVOKED;
        }
        throw new ChainException("expected a status of 0 to 3 from the registry, found " + status, false);
    }

    private static Bytes bytecode() {
        try (InputStream in = ProvenanceRegistry.class.getResourceAsStream("ProvenanceRegistry.bin")) {
            byte[] text = Objects.requireNonNull(in, "ProvenanceRegistry.bin").readAllBytes();
            return Bytes.fromHex(new String(text, StandardCharsets.US_ASCII).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
