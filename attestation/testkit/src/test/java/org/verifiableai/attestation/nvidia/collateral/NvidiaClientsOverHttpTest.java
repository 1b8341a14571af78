package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.nvidia.collateral.Samples.GPU;
import static org.verifiableai.attestation.nvidia.collateral.Samples.HTML;
import static org.verifiableai.attestation.nvidia.collateral.Samples.ID;
import static org.verifiableai.attestation.nvidia.collateral.Samples.KEY;
import static org.verifiableai.attestation.nvidia.collateral.Samples.RIM;
import static org.verifiableai.attestation.nvidia.collateral.Samples.failure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.RimId;
import org.verifiableai.attestation.testkit.FakeNvidia;
import org.verifiableai.attestation.testkit.ServiceFault;

/** The clients against sockets: whatever a service does, a call ends by its deadline and says whether to come back. */
@Timeout(60) // far above every deadline below; a call that does not end fails by it
class NvidiaClientsOverHttpTest {

    private static final int MANY = 100;
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Bytes NONCE = Bytes.utf8("0123456789abcdefghijklmnopqrstuv");
    private static final GpuEvidence EVIDENCE = GPU.evidence(NONCE);
    private static final Bytes KEYS = Bytes.utf8("{\"keys\":[{\"kid\":\"nv-eat-kid\"}]}");
    private static final Bytes BUNDLE = Bytes.utf8("[[\"JWT\",\"e30.e30.\"],{\"GPU-0\":\"e30.e30.\"}]");

    private final FakeNvidia nvidia = FakeNvidia.start()
            .serve(ID, RIM)
            .answer(GPU.ocsp(1), GPU.ocsp(2), GPU.ocsp(3))
            .keys(KEYS)
            .judge(request -> BUNDLE);

    @AfterEach
    void close() {
        nvidia.close();
    }

    /** One thing to ask of each service. */
    private enum Client {
        RIM_SERVICE {
            @Override
            Object ask(FakeNvidia nvidia, ServiceSettings settings) throws Exception {
                return RimClient.builder()
                        .baseUri(nvidia.baseUri())
                        .settings(settings)
                        .build()
                        .rim(ID)
                        .orElseThrow();
            }
        },
        OCSP {
            @Override
            Object ask(FakeNvidia nvidia, ServiceSettings settings) throws Exception {
                return OcspClient.builder()
                        .baseUri(nvidia.baseUri())
                        .settings(settings)
                        .nonce(OcspNonce.REQUIRE)
                        .build()
                        .response(GPU.certificates().get(1), GPU.certificates().get(2))
                        .orElseThrow();
            }
        },
        JWKS {
            @Override
            Object ask(FakeNvidia nvidia, ServiceSettings settings) throws Exception {
                return JwksClient.builder()
                        .baseUri(nvidia.baseUri())
                        .settings(settings)
                        .build()
                        .keys();
            }
        },
        NRAS {
            @Override
            Object ask(FakeNvidia nvidia, ServiceSettings settings) throws Exception {
                return NrasClient.builder()
                        .baseUri(nvidia.baseUri())
                        .settings(settings)
                        .build()
                        .attest(List.of(EVIDENCE), NONCE);
            }
        };

        abstract Object ask(FakeNvidia nvidia, ServiceSettings settings) throws Exception;
    }

    static List<ServiceFault> faults() {
        return List.of(
                ServiceFault.throttle(),
                ServiceFault.throttle("0"),
                ServiceFault.throttle("soon"),
                ServiceFault.status(500),
                ServiceFault.status(503),
                ServiceFault.status(204),
                new ServiceFault.Instead(HTML),
                new ServiceFault.Instead(Bytes.zeros(8 << 20)),
                new ServiceFault.Instead(Bytes.EMPTY),
                new ServiceFault.CutOff(0),
                new ServiceFault.CutOff(20),
                new ServiceFault.Trickle(Duration.ofMillis(60)),
                new ServiceFault.Endless(),
                new ServiceFault.Silence(),
                new ServiceFault.HangUp());
    }

    static Stream<Arguments> clientsAndFaults() {
        return Stream.of(Client.values())
                .flatMap(client -> faults().stream().map(fault -> Arguments.of(client, fault)));
    }

    @ParameterizedTest
    @MethodSource("clientsAndFaults")
    void aServiceThatFailsForEverEndsInATypedRetryableOutcome(Client client, ServiceFault fault) throws Exception {
        nvidia.always(fault);

        EvidenceUnavailableException failure =
                failure(() -> client.ask(nvidia, settings().deadline(SHORT).build()));
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining(nvidia.baseUri().toString());
    }

    @ParameterizedTest
    @MethodSource("clientsAndFaults")
    void aServiceThatFailsOnceIsAskedAgain(Client client, ServiceFault fault) throws Exception {
        nvidia.next(fault);

        assertThat(client.ask(nvidia, settings().requestTimeout(SHORT).build())).isNotNull();
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void anotherServerIsNeverVisited(Client client) throws Exception {
        try (FakeNvidia elsewhere = FakeNvidia.start().serve(ID, RIM).keys(KEYS)) {
            nvidia.always(new ServiceFault.Redirect(elsewhere.baseUri()));

            assertThat(failure(() -> client.ask(nvidia, settings().build())).retryable())
                    .isFalse();
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void aLongPauseThatTheServiceAsksForEndsTheCall(Client client) {
        nvidia.always(ServiceFault.throttle("3600"));

        assertThat(failure(() -> client.ask(nvidia, settings().build())).retryable())
                .isTrue();
        assertThat(nvidia.requests()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Client.class)
    void offlineConnectsToNothing(Client client) {
        assertThat(failure(() -> client.ask(nvidia, settings().offline().build())))
                .hasMessageContaining("offline");
        assertThat(nvidia.requests()).isEmpty();
    }

    @Test
    void aServiceKeyOpensTheServiceAndIsSeenByNoOther() throws Exception {
        nvidia.requireServiceKey(KEY);
        try (FakeNvidia elsewhere = FakeNvidia.start()) {
            RimClient client = rims().serviceKey(KEY).build();
            assertThat(client.rim(ID)).hasValue(RIM);

            nvidia.always(new ServiceFault.Redirect(elsewhere.baseUri().resolve("/v1/rim/" + ID)));
            assertThat(failure(() -> client.rim(new RimId("OTHER"))).retryable())
                    .isFalse();
            assertThat(elsewhere.requests()).isEmpty();
        }
        assertThat(failure(() -> rims().build().rim(new RimId("ANOTHER"))).retryable())
                .isFalse();
    }

    @Test
    void keysAndCertificatesAreAskedForWithoutAServiceKey() throws Exception {
        Client.JWKS.ask(nvidia, settings().build());
        Client.OCSP.ask(nvidia, settings().build());

        assertThat(nvidia.requests()).hasSize(2).noneMatch(r -> r.fields().containsKey("authorization"));
    }

    @Test
    void aHundredThreadsMakeOneRequestForAManifest() throws Exception {
        RimClient client = rims().build();

        askTogether(() -> assertThat(client.rim(ID)).hasValue(RIM));
        assertThat(nvidia.requests()).hasSize(1);
    }

    @Test
    void aHundredThreadsMakeOneRequestThroughStorms() throws Exception {
        nvidia.next(ServiceFault.throttle())
                .next(ServiceFault.throttle("0"))
                .next(ServiceFault.status(500))
                .next(new ServiceFault.CutOff(100));
        RimClient client = rims().build();

        askTogether(() -> assertThat(client.rim(ID)).hasValue(RIM));
        assertThat(nvidia.requests()).hasSize(5);
    }

    @Test
    void aHundredThreadsMakeOneRequestAboutACertificate() throws Exception {
        OcspClient client = OcspClient.builder()
                .baseUri(nvidia.baseUri())
                .settings(settings().build())
                .build();

        askTogether(() -> assertThat(client.response(
                        GPU.certificates().get(2), GPU.certificates().get(3)))
                .isPresent());
        assertThat(nvidia.requests()).hasSize(1);
    }

    @Test
    void aHundredThreadsWithAnUnknownKeyMakeOneRequest() throws Exception {
        JwksClient client = JwksClient.builder()
                .baseUri(nvidia.baseUri())
                .settings(settings().build())
                .build();

        askTogether(() -> assertThat(client.newerKeys()).isEqualTo(KEYS));
        assertThat(nvidia.requests()).hasSize(1);
    }

    @Test
    void aHundredThreadsShareAFailure() throws Exception {
        nvidia.always(new ServiceFault.Silence());
        RimClient client = rims().settings(
                        settings().deadline(Duration.ofSeconds(2)).build())
                .build();

        askTogether(() -> assertThat(failure(() -> client.rim(ID)).retryable()).isTrue());
        assertThat(nvidia.requests()).hasSize(1);
    }

    @Test
    void connectionsThatAreGivenUpAreClosed() throws Exception {
        nvidia.always(new ServiceFault.Endless());

        failure(() -> Client.NRAS.ask(nvidia, settings().deadline(SHORT).build()));
        while (nvidia.openConnections() > 0) {
            Thread.sleep(10); // the timeout of the class ends this
        }
    }

    private RimClient.Builder rims() {
        return RimClient.builder().baseUri(nvidia.baseUri()).settings(settings().build());
    }

    private static ServiceSettings.Builder settings() {
        return ServiceSettings.builder().backoff(Duration.ofMillis(20), Duration.ofMillis(50));
    }

    /** What each of many threads does. */
    @FunctionalInterface
    private interface Task {
        void run() throws Exception;
    }

    private static void askTogether(Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(MANY);
        try {
            CyclicBarrier together = new CyclicBarrier(MANY);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                all.add(threads.submit(() -> {
                    together.await();
                    task.run();
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } finally {
            threads.shutdown();
        }
    }
}
