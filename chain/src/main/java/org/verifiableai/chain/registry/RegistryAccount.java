package org.verifiableai.chain.registry;

import java.math.BigInteger;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verified;
import org.verifiableai.manifest.Provenance;
import org.web3j.crypto.Credentials;

/**
 * A registry as one account that signs. Every write may be repeated: it looks first, and what is there already is not
 * written again. Thread-safe; one transaction at a time, since each has to name the number of the one before.
 */
public final class RegistryAccount {

    // Fixed and not estimated: Sapphire estimates as if nobody called, and a call that only a publisher may make then
    // fails. The most expensive write, a first publication, takes about 160,000.
    private static final BigInteger GAS = BigInteger.valueOf(400_000);

    private final ProvenanceRegistry registry;
    private final ChainConnection chain;
    private final Credentials signer;
    private final ReentrantLock turn = new ReentrantLock();
    private BigInteger nextNonce = BigInteger.ZERO;

    RegistryAccount(ProvenanceRegistry registry, ChainConnection chain, Credentials signer) {
        this.registry = registry;
        this.chain = chain;
        this.signer = signer;
    }

    /** The account's address, with 0x. */
    public String address() {
        return signer.getAddress();
    }

    /**
     * Publishes the manifest of a model that was verified. If the entry is there already, nothing is sent.
     *
     * @return the entry as read back
     * @throws ContractException if the account may not publish, or stands behind another manifest for this model
     *     ({@code AlreadyPublished}; see {@link #supersede})
     * @throws ChainException if the chain does not do it
     */
    public Publication publish(Verified<Provenance> provenance) throws ChainException {
        return publish(provenance.value().modelDigest(), provenance.value().manifestDigest());
    }

    /**
     * Publishes a further manifest of a model, which takes the place of the newest. If that is this manifest already,
     * nothing is sent.
     *
     * @param newest the version that the caller means to replace
     * @return the entry as read back
     * @throws ContractException if the account may not publish, or {@code newest} is not the newest
     * @throws ChainException if the chain does not do it
     */
    public Publication supersede(Verified<Provenance> provenance, long newest) throws ChainException {
        return supersede(
                provenance.value().modelDigest(), newest, provenance.value().manifestDigest());
    }

    Publication publish(Bytes model, Bytes manifest) throws ChainException {
        RegistryEntry before = registry.lookup(address(), model);
        if (before instanceof RegistryEntry.Published there
                && there.manifestDigest().equals(manifest)) {
            return new Publication(there, Optional.empty());
        }
        if (!(before instanceof RegistryEntry.Unknown)) {
            throw new ContractException(
                    "AlreadyPublished", "registry has another entry for model " + model + ": " + before);
        }
        requirePublisher();
        return written(
                model,
                manifest,
                Abi.call(
                        "publish(bytes32,bytes32)",
                        Abi.digest("model digest", model),
                        Abi.digest("manifest digest", manifest)));
    }

    Publication supersede(Bytes model, long newest, Bytes manifest) throws ChainException {
        RegistryEntry before = registry.lookup(address(), model);
        if (before instanceof RegistryEntry.Published there
                && there.manifestDigest().equals(manifest)) {
            return new Publication(there, Optional.empty());
        }
        long version = version(before);
        if (version == 0) {
            throw new ContractException("NoSuchVersion", "registry has no entry for model " + model);
        }
        if (version != newest) {
            throw new ContractException("NotNewest", "registry's newest version is " + version + ", not " + newest);
        }
        requirePublisher();
        return written(
                model,
                manifest,
                Abi.call(
                        "supersede(bytes32,uint256,bytes32)",
                        Abi.digest("model digest", model),
                        Abi.number(newest),
                        Abi.digest("manifest digest", manifest)));
    }

    /**
     * Revokes the newest version of this account's own entry, for ever. If it is revoked already, nothing is sent.
     *
     * @param reason a code of 32 bits whose meaning the publisher documents
     * @throws ContractException if there is no entry
     * @throws ChainException if the chain does not do it
     */
    public RegistryEntry.Revoked revoke(Bytes modelDigest, long reason) throws ChainException {
        if (reason < 0 || reason > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("reason must be of 0 to 4294967295, found " + reason);
        }
        RegistryEntry before = registry.lookup(address(), modelDigest);
        if (before instanceof RegistryEntry.Published there) {
            transact(Abi.call(
                    "revoke(bytes32,uint256,uint32)", modelDigest, Abi.number(there.version()), Abi.number(reason)));
            before = registry.lookup(address(), modelDigest);
        }
        if (before instanceof RegistryEntry.Revoked revoked) {
            return revoked;
        }
        throw new ContractException("NoSuchVersion", "registry has no entry to revoke for model " + modelDigest);
    }

    /**
     * Lets an address publish. Only the owner may.
     *
     * @throws ContractException if this account is not the owner
     * @throws ChainException if the chain does not do it
     */
    public void authorise(String publisher) throws ChainException {
        requireOwner();
        transact(Abi.call("authorise(address)", Abi.address(publisher)));
    }

    /**
     * Lets an address publish no longer. Its entries stay. Only the owner may.
     *
     * @throws ContractException if this account is not the owner
     * @throws ChainException if the chain does not do it
     */
    public void withdraw(String publisher) throws ChainException {
        requireOwner();
        transact(Abi.call("withdraw(address)", Abi.address(publisher)));
    }

    /**
     * Offers ownership to another account, which has to accept it. Only the owner may.
     *
     * @throws ContractException if this account is not the owner
     * @throws ChainException if the chain does not do it
     */
    public void offerOwnership(String to) throws ChainException {
        requireOwner();
        transact(Abi.call("transferOwnership(address)", Abi.address(to)));
    }

    /**
     * Accepts ownership that was offered to this account.
     *
     * @throws ChainException if it was not, or the chain does not do it
     */
    public void acceptOwnership() throws ChainException {
        transact(Abi.call("acceptOwnership()"));
    }

    private void requirePublisher() throws ChainException {
        if (!registry.isPublisher(address())) {
            throw new ContractException("NotPublisher", "registry does not let " + address() + " publish");
        }
    }

    private void requireOwner() throws ChainException {
        String owner = registry.owner();
        if (!owner.equalsIgnoreCase(address())) {
            throw new ContractException("NotOwner", "registry belongs to " + owner + ", not to " + address());
        }
    }

    /** Writes, reads back, and takes nothing but what was meant. */
    private Publication written(Bytes model, Bytes manifest, Bytes call) throws ChainException {
        String hash = transact(call);
        RegistryEntry after = registry.lookup(address(), model);
        if (after instanceof RegistryEntry.Published there
                && there.manifestDigest().equals(manifest)) {
            return new Publication(there, Optional.of(hash));
        }
        throw new ChainException("transaction " + hash + " succeeded, but the registry now says " + after, false);
    }

    private static long version(RegistryEntry entry) {
        if (entry instanceof RegistryEntry.Published published) {
            return published.version();
        }
        return entry instanceof RegistryEntry.Revoked revoked ? revoked.version() : 0;
    }

    private String transact(Bytes call) throws ChainException {
        turn.lock();
        try {
            // A gateway may not count a transaction that it took a moment ago.
            BigInteger nonce = chain.nonce(address()).max(nextNonce);
            String hash =
                    chain.transact(signer, nonce, GAS, registry.address(), call).getTransactionHash();
            nextNonce = nonce.add(BigInteger.ONE);
            return hash;
        } finally {
            turn.unlock();
        }
    }
}
