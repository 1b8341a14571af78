package org.verifiableai.chain.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.chain.devnet.Devnet;
import org.web3j.crypto.Credentials;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.protocol.http.HttpService;

/** The contract's behaviour, seen through the client, on the devnet. */
class ProvenanceRegistryTest {

    private static final Instant NOW = Instant.parse("2026-11-24T09:00:00Z");
    private static final Bytes MODEL = Bytes.utf8("model").sha256();
    private static final Bytes MANIFEST = Bytes.utf8("manifest").sha256();
    private static final Bytes CORRECTION = Bytes.utf8("correction").sha256();

    private Devnet devnet;
    private ChainConnection chain;
    private ProvenanceRegistry registry;
    private RegistryAccount owner;
    private RegistryAccount publisher;

    @BeforeEach
    void deploy() throws ChainException {
        devnet = Devnet.start(Clock.fixed(NOW, ZoneOffset.UTC));
        chain = ChainConnection.connect(
                devnet.service(), devnet.chainId(), Duration.ofSeconds(5), Duration.ofMillis(1));
        Credentials account = devnet.newAccount();
        registry = ProvenanceRegistry.deploy(chain, account);
        owner = registry.as(account);
        publisher = registry.as(devnet.newAccount());
        owner.authorise(publisher.address());
    }

    @AfterEach
    void stop() {
        devnet.close();
    }

    @Test
    void aModelIsUnknownUntilItIsPublished() throws ChainException {
        assertThat(registry.lookup(publisher.address(), MODEL)).isEqualTo(new RegistryEntry.Unknown());

        Publication publication = publisher.publish(MODEL, MANIFEST);

        RegistryEntry.Published expected = new RegistryEntry.Published(MANIFEST, 1, NOW);
        assertThat(publication.entry()).isEqualTo(expected);
        assertThat(publication.transaction()).isPresent();
        assertThat(registry.lookup(publisher.address(), MODEL)).isEqualTo(expected);
        assertThat(registry.verify(publisher.address(), MODEL, MANIFEST)).isEqualTo(ManifestStatus.PUBLISHED);
        assertThat(registry.verify(publisher.address(), MODEL, CORRECTION)).isEqualTo(ManifestStatus.UNKNOWN);
        assertThat(registry.lookup(owner.address(), MODEL)).isEqualTo(new RegistryEntry.Unknown());
    }

    @Test
    void publishingTheSameTwiceSendsOneTransaction() throws ChainException {
        publisher.publish(MODEL, MANIFEST);

        Publication again = publisher.publish(MODEL, MANIFEST);

        assertThat(again.transaction()).isEmpty();
        assertThat(again.entry().version()).isEqualTo(1);
        assertThat(registry.size()).isEqualTo(1);
    }

    @Test
    void anEntryDoesNotChangeSilently() throws ChainException {
        publisher.publish(MODEL, MANIFEST);

        assertRefused("AlreadyPublished", () -> publisher.publish(MODEL, CORRECTION));
        assertRefused("NotNewest", () -> publisher.supersede(MODEL, 2, CORRECTION));
        assertThat(publisher.supersede(MODEL, 1, CORRECTION).entry().version()).isEqualTo(2);

        assertThat(registry.verify(publisher.address(), MODEL, MANIFEST)).isEqualTo(ManifestStatus.SUPERSEDED);
        assertThat(registry.verify(publisher.address(), MODEL, CORRECTION)).isEqualTo(ManifestStatus.PUBLISHED);
        assertRefused("NotNewest", () -> publisher.supersede(MODEL, 1, MANIFEST));
    }

    @Test
    void aRevocationIsSeenInTheSameLookAndStays() throws ChainException {
        publisher.publish(MODEL, MANIFEST);

        RegistryEntry.Revoked revoked = publisher.revoke(MODEL, 7);

        assertThat(revoked).isEqualTo(new RegistryEntry.Revoked(MANIFEST, 1, NOW, NOW, 7));
        assertThat(registry.lookup(publisher.address(), MODEL)).isEqualTo(revoked);
        assertThat(registry.verify(publisher.address(), MODEL, MANIFEST)).isEqualTo(ManifestStatus.REVOKED);
        assertThat(publisher.revoke(MODEL, 8)).isEqualTo(revoked);
        assertRefused("AlreadyPublished", () -> publisher.publish(MODEL, MANIFEST));
    }

    @Test
    void onlyWhoIsAuthorisedPublishes() throws ChainException {
        RegistryAccount stranger = registry.as(devnet.newAccount());

        assertRefused("NotPublisher", () -> stranger.publish(MODEL, MANIFEST));
        assertRefused("NotPublisher", () -> owner.publish(MODEL, MANIFEST));
        assertRefused("NotOwner", () -> stranger.authorise(stranger.address()));

        publisher.publish(MODEL, MANIFEST);
        owner.withdraw(publisher.address());
        assertRefused("NotPublisher", () -> publisher.supersede(MODEL, 1, CORRECTION));
        assertThat(publisher.revoke(MODEL, 1).version()).isEqualTo(1);
    }

    @Test
    void theContractItselfRefusesWhatTheClientWouldNotSend() throws ChainException {
        Credentials account = devnet.newAccount();
        for (Bytes call : List.of(
                Abi.call("publish(bytes32,bytes32)", MODEL, MANIFEST),
                Abi.call("authorise(address)", Abi.address(account.getAddress())),
                Abi.call("acceptOwnership()"),
                Abi.call("revoke(bytes32,uint256,uint32)", MODEL, Abi.number(1), Abi.number(1)))) {
            assertThatThrownBy(() -> send(account, call)).hasMessageContaining("was included and failed");
        }
        owner.authorise(account.getAddress());
        assertThatThrownBy(() -> send(account, Abi.call("publish(bytes32,bytes32)", MODEL, Bytes.zeros(32))))
                .hasMessageContaining("was included and failed");
        assertThat(send(account, Abi.call("publish(bytes32,bytes32)", MODEL, MANIFEST))
                        .getLogs())
                .hasSize(1);
        assertThatThrownBy(() -> send(account, Abi.call("publish(bytes32,bytes32)", MODEL, CORRECTION)))
                .hasMessageContaining("was included and failed");
    }

    @Test
    void aRevertOfAViewIsNamed() {
        assertThatThrownBy(() -> chain.call(
                        registry.address(),
                        Abi.call(
                                "versionAt(address,bytes32,uint256)",
                                Abi.address(publisher.address()),
                                MODEL,
                                Abi.number(1))))
                .isInstanceOfSatisfying(
                        ContractException.class, e -> assertThat(e.error()).isEqualTo("NoSuchVersion"));
    }

    @Test
    void ownershipPassesWhenItIsAccepted() throws ChainException {
        RegistryAccount next = registry.as(devnet.newAccount());

        owner.offerOwnership(next.address());
        assertThat(registry.owner()).isEqualToIgnoringCase(owner.address());
        next.acceptOwnership();

        assertThat(registry.owner()).isEqualToIgnoringCase(next.address());
        assertRefused("NotOwner", () -> owner.authorise(owner.address()));
        next.authorise(next.address());
        assertThat(registry.isPublisher(next.address())).isTrue();
    }

    @Test
    void entriesAreListedInPages() throws ChainException {
        for (int i = 0; i < 5; i++) {
            publisher.publish(Bytes.utf8("model " + i).sha256(), MANIFEST);
        }

        assertThat(registry.size()).isEqualTo(5);
        assertThat(registry.list(0, 3)).hasSize(3);
        assertThat(registry.list(3, 3))
                .containsExactly(
                        new RegistryKey(
                                publisher.address(), Bytes.utf8("model 3").sha256()),
                        new RegistryKey(
                                publisher.address(), Bytes.utf8("model 4").sha256()));
        assertThat(registry.list(9, 3)).isEmpty();
    }

    @Test
    void digestsAreWholeAndNotZero() {
        assertThatThrownBy(() -> registry.lookup(publisher.address(), Bytes.zeros(32)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> publisher.publish(MODEL, Bytes.of((byte) 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anAddressWithoutARegistryIsNotOne() throws ChainException {
        assertThatThrownBy(() -> ProvenanceRegistry.at(chain, publisher.address()))
                .isInstanceOf(ChainException.class)
                .hasMessageContaining("expected a contract");
    }

    @Test
    void aGatewayToAnotherChainIsRefused() {
        assertThatThrownBy(() -> ChainConnection.connect(devnet.service(), 23294))
                .isInstanceOf(ChainException.class)
                .hasMessage("expected a gateway to chain 23294, found chain 23293");
    }

    @Test
    void aGatewayThatIsGoneIsWorthAnotherTry() {
        assertThatThrownBy(() -> ChainConnection.connect(new HttpService("http://127.0.0.1:1"), 23293))
                .isInstanceOfSatisfying(
                        ChainException.class, e -> assertThat(e.retryable()).isTrue());
    }

    @Test
    void theSameRegistryIsReadThroughThePort() throws Exception {
        publisher.publish(MODEL, MANIFEST);
        HttpService http = new HttpService(devnet.listen(0));
        try {
            ProvenanceRegistry remote =
                    ProvenanceRegistry.at(ChainConnection.connect(http, devnet.chainId()), registry.address());

            assertThat(remote.lookup(publisher.address(), MODEL))
                    .isEqualTo(new RegistryEntry.Published(MANIFEST, 1, NOW));
        } finally {
            http.close();
        }
    }

    private TransactionReceipt send(Credentials account, Bytes call) throws ChainException {
        return chain.transact(
                account, chain.nonce(account.getAddress()), BigInteger.valueOf(400_000), registry.address(), call);
    }

    private static void assertRefused(String error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContractException.class, e -> assertThat(e.error()).isEqualTo(error));
    }
}
