package org.verifiableai.examples.vai.demo;

import java.time.Clock;
import java.time.Duration;
import org.verifiableai.attestation.Verified;
import org.verifiableai.chain.devnet.Devnet;
import org.verifiableai.chain.registry.ChainConnection;
import org.verifiableai.chain.registry.ChainException;
import org.verifiableai.chain.registry.ProvenanceRegistry;
import org.verifiableai.chain.registry.Publication;
import org.verifiableai.chain.registry.RegistryAccount;
import org.verifiableai.chain.registry.RegistryEntry;
import org.verifiableai.manifest.Provenance;
import org.web3j.crypto.Credentials;

/** A registry on a chain inside the process, with one publisher. */
final class Registry implements AutoCloseable {

    private final Devnet devnet;
    private final ProvenanceRegistry contract;
    private final RegistryAccount publisher;

    private Registry(Devnet devnet, ProvenanceRegistry contract, RegistryAccount publisher) {
        this.devnet = devnet;
        this.contract = contract;
        this.publisher = publisher;
    }

    static Registry deploy(Clock clock) throws ChainException {
        Devnet devnet = Devnet.start(clock);
        try {
            ChainConnection chain = ChainConnection.connect(
                    devnet.service(), devnet.chainId(), Duration.ofSeconds(10), Duration.ofMillis(1));
            Credentials owner = devnet.newAccount();
            ProvenanceRegistry contract = ProvenanceRegistry.deploy(chain, owner);
            RegistryAccount publisher = contract.as(devnet.newAccount());
            contract.as(owner).authorise(publisher.address());
            return new Registry(devnet, contract, publisher);
        } catch (ChainException | RuntimeException e) {
            devnet.close();
            throw e;
        }
    }

    String where() {
        return contract.address() + " on chain " + devnet.chainId();
    }

    String publisher() {
        return publisher.address();
    }

    RegistryEntry lookup(Provenance provenance) throws ChainException {
        return contract.lookup(publisher.address(), provenance.modelDigest());
    }

    Publication publish(Verified<Provenance> provenance) throws ChainException {
        return publisher.publish(provenance);
    }

    @Override
    public void close() {
        devnet.close();
    }
}
