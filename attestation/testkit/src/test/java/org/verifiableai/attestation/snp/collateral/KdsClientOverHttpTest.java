package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.FakeKds;
import org.verifiableai.attestation.testkit.ServiceFault;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;

/** The client against sockets: whatever the service does, a call ends by its deadline and says whether to come back. */
@Timeout(60) // far above every deadline below; a call that does not end fails by it
class KdsClientOverHttpTest {

    private static final int MANY = 100;
    private static final Duration SHORT = Duration.ofMillis(400);
    private static final TcbVersion TCB = TcbVersion.of(4, 0, 22, 219);
    private static final SoftwareAmd MILAN = SoftwareAmd.create(ProductLine.MILAN);
    private static final SoftwareSnpPlatform PLATFORM = MILAN.platform(TCB);
    private static final Bytes VCEK = PLATFORM.report(Bytes.zeros(64)).vek();
    private static final VcekId ID = Samples.id(VCEK);

    private final FakeKds kds = FakeKds.start().serve(MILAN).serve(PLATFORM);

    @AfterEach
    void close() {
        kds.close();
    }

    @Test
    void everythingIsFetchedByThePathsOfTheService() throws Exception {
        KdsClient client = client().build();

        assertThat(client.vcek(ID)).hasValue(VCEK);
        assertThat(client.authorities(ProductLine.MILAN, SigningKey.VCEK)).containsExactly(MILAN.ask(), MILAN.ark());
        assertThat(client.authorities(ProductLine.MILAN, SigningKey.VLEK)).containsExactly(MILAN.asvk(), MILAN.ark());
        assertThat(client.revocationLists(ProductLine.MILAN, SigningKey.VCEK, Instant.now()))
                .hasSize(1);
        assertThat(client.revocationLists(ProductLine.MILAN, SigningKey.VLEK, Instant.now()))
                .hasSize(1);
        assertThat(kds.requests())
                .containsExactly(
                        ID.path(),
                        "/vcek/v1/Milan/cert_chain",
                        "/vlek/v1/Milan/cert_chain",
                        "/vcek/v1/Milan/crl",
                        "/vlek/v1/Milan/crl");
    }

    static List<ServiceFault> lastingFaults() {
        SoftwareSnpPlatform otherTcb = MILAN.platform(TcbVersion.of(4, 0, 22, 218));
        return List.of(
                ServiceFault.throttle(),
                ServiceFault.throttle("0"),
                ServiceFault.throttle("3600"),
                ServiceFault.throttle("Fri, 31 Dec 9999 23:59:59 GMT"),
                ServiceFault.throttle("soon"),
                ServiceFault.status(500),
                ServiceFault.status(503),
                ServiceFault.status(204),
                new ServiceFault.Instead(
                        MILAN.platform(TCB).report(Bytes.zeros(64)).vek()),
                new ServiceFault.Instead(otherTcb.report(Bytes.zeros(64)).vek()),
                new ServiceFault.Instead(MILAN.ask()),
                new ServiceFault.Instead(Bytes.utf8("<html>maintenance</html>")),
                new ServiceFault.Instead(Bytes.zeros(1 << 20)),
                new ServiceFault.Instead(Bytes.EMPTY),
                new ServiceFault.CutOff(0),
                new ServiceFault.CutOff(500),
                new ServiceFault.Trickle(Duration.ofMillis(30)),
                new ServiceFault.Endless(),
                new ServiceFault.Silence(),
                new ServiceFault.HangUp());
    }

    @ParameterizedTest
    @MethodSource("lastingFaults")
    void aServiceThatFailsForEverEndsInATypedRetryableOutcome(ServiceFault fault) throws Exception {
        kds.always(fault);
        KdsClient client = client().deadline(SHORT).build();

        EvidenceUnavailableException failure = failure(client);
        assertThat(failure).hasMessageStartingWith(ID + ": key service " + kds.baseUri());
        assertThat(failure.retryable()).isTrue();

        // Nothing of it was kept.
        kds.healthy();
        assertThat(client().build().vcek(ID)).hasValue(VCEK);
    }

    @ParameterizedTest
    @MethodSource("lastingFaults")
    void aServiceThatFailsOnceIsAskedAgain(ServiceFault fault) throws Exception {
        Duration requestTimeout = Duration.ofMillis(300);
        kds.next(fault);
        KdsClient client = client().requestTimeout(requestTimeout).build();

        if (fault instanceof ServiceFault.Throttle throttle
                && throttle.retryAfter()
                        .filter(v -> v.length() > 3 && !v.equals("soon"))
                        .isPresent()) {
            assertThat(failure(client).retryable()).isTrue(); // it said not to come back before the deadline
        } else {
            assertThat(client.vcek(ID)).hasValue(VCEK);
        }
    }

    @ParameterizedTest
    @MethodSource("faultsOfLongAnswers")
    void aConnectionThatIsGivenUpIsClosed(ServiceFault fault) throws Exception {
        kds.always(fault);

        assertThat(failure(client().deadline(SHORT).build()).retryable()).isTrue();
        while (kds.openConnections() > 0) {
            Thread.sleep(10); // the timeout of the class ends this
        }
    }

    static List<ServiceFault> faultsOfLongAnswers() {
        return List.of(
                new ServiceFault.Endless(),
                new ServiceFault.Instead(Bytes.zeros(16 << 20)),
                new ServiceFault.Trickle(Duration.ofMillis(30)));
    }

    @Test
    void anUnknownChipIsNotRetryable() {
        VcekId unknown = Samples.id(MILAN.platform(TCB).report(Bytes.zeros(64)).vek());

        EvidenceUnavailableException failure = catchThrowableOfType(
                EvidenceUnavailableException.class, () -> client().build().vcek(unknown));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("it knows no such chip");
        assertThat(kds.requests()).hasSize(1);
    }

    @Test
    void anotherServerIsNeverVisited() {
        try (FakeKds elsewhere = FakeKds.start().serve(PLATFORM)) {
            kds.always(new ServiceFault.Redirect(elsewhere.baseUri().resolve(ID.path())));

            assertThat(failure(client().build()).retryable()).isFalse();
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void aClosedPortIsRetryable() {
        kds.close();

        assertThat(failure(client().deadline(SHORT).build()).retryable()).isTrue();
    }

    @Test
    void offlineConnectsToNothing() throws Exception {
        assertThat(failure(client().offline().build())).hasMessageContaining("offline");
        assertThat(kds.requests()).isEmpty();
    }

    @Test
    void proxiesAreUsed() throws Exception {
        // A proxy gets the whole address in the request line, and so this one is known by its answer.
        try (FakeKds proxy = FakeKds.start().serve("http://kds.invalid" + ID.path(), VCEK)) {
            KdsClient client = client().baseUri(URI.create("http://kds.invalid"))
                    .proxy(ProxySelector.of(new InetSocketAddress(
                            proxy.baseUri().getHost(), proxy.baseUri().getPort())))
                    .build();

            assertThat(client.vcek(ID)).hasValue(VCEK);
            assertThat(kds.requests()).isEmpty();
        }
    }

    @Test
    void aHundredThreadsMakeOneRequest() throws Exception {
        KdsClient client = client().build();

        for (Future<Optional<Bytes>> one : askTogether(client)) {
            assertThat(one.get()).hasValue(VCEK);
        }
        assertThat(kds.requests()).containsExactly(ID.path());
    }

    @Test
    void aHundredThreadsMakeOneRequestThroughStorms() throws Exception {
        kds.next(ServiceFault.throttle()).next(ServiceFault.status(500)).next(new ServiceFault.CutOff(100));
        KdsClient client = client().build();

        for (Future<Optional<Bytes>> one : askTogether(client)) {
            assertThat(one.get()).hasValue(VCEK);
        }
        assertThat(kds.requests()).hasSize(4);
    }

    @Test
    void aHundredThreadsShareAFailure() throws Exception {
        kds.always(new ServiceFault.Silence());
        KdsClient client = client().deadline(Duration.ofSeconds(2)).build();

        for (Future<Optional<Bytes>> one : askTogether(client)) {
            ExecutionException e = catchThrowableOfType(ExecutionException.class, one::get);
            assertThat(e.getCause())
                    .isInstanceOfSatisfying(
                            EvidenceUnavailableException.class,
                            failure -> assertThat(failure.retryable()).isTrue());
        }
        assertThat(kds.requests()).hasSize(1);
    }

    @Test
    void anInterruptEndsACallAndStaysSet() throws Exception {
        kds.always(new ServiceFault.Silence());
        KdsClient client = client().build();
        Thread.currentThread().interrupt();

        EvidenceUnavailableException failure = failure(client);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining("interrupted");
    }

    @Test
    void aServiceThatTakesNoConnectionsEndsInARetryableOutcome() throws IOException {
        // A full backlog: connections wait for one that nobody accepts.
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            KdsClient client = client().baseUri(
                            URI.create("http://" + deaf.getInetAddress().getHostAddress() + ":" + deaf.getLocalPort()))
                    .deadline(SHORT)
                    .build();

            assertThat(failure(client).retryable()).isTrue();
        }
    }

    private List<Future<Optional<Bytes>>> askTogether(KdsClient client) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(MANY);
        try {
            CyclicBarrier together = new CyclicBarrier(MANY);
            List<Future<Optional<Bytes>>> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                all.add(threads.submit(() -> {
                    together.await();
                    return client.vcek(ID);
                }));
            }
            return all;
        } finally {
            threads.shutdown();
        }
    }

    private KdsClient.Builder client() {
        return KdsClient.builder()
                .baseUri(kds.baseUri())
                .spacing(Duration.ZERO)
                .backoff(Duration.ofMillis(20), Duration.ofMillis(50));
    }

    private static EvidenceUnavailableException failure(KdsClient client) {
        return catchThrowableOfType(EvidenceUnavailableException.class, () -> client.vcek(ID));
    }
}
