package org.verifiableai.attestation.internal.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;

class ClientSettingsTest {

    private static final URI BASE = URI.create("https://service.example");
    private static final String KEY = "nvapi-0a1B2c3D";

    private final List<Transport.Request> requests = new ArrayList<>();

    @Test
    void anotherServiceIsNotToldTheKeyOfTheFirst() throws Exception {
        ClientSettings first = settings();
        first.bearer(KEY);

        first.build().get(new Page());
        first.forService("other", URI.create("https://other.example/"), 1)
                .build()
                .get(new Page());
        assertThat(requests.get(0).fields()).containsEntry("Authorization", "Bearer " + KEY);
        assertThat(requests.get(1).fields()).isEmpty();
        assertThat(requests.get(1).uri()).isEqualTo(URI.create("https://other.example/page"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:80",
                "http://127.0.0.1:8080",
                "http://[::1]",
                "https://anywhere.example",
                "HTTPS://X"
            })
    void aKeyGoesToTheMachineItselfOrOverHttps(String address) throws Exception {
        ClientSettings settings = settings();
        settings.bearer(KEY);
        settings.baseUri(URI.create(address));

        settings.build().get(new Page());
        assertThat(requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://service.example", "http://localhost.example", "http://127.0.0.2", "HTTP://10.0.0.1"})
    void aKeyGoesNowhereElse(String address) {
        ClientSettings settings = settings();
        settings.bearer(KEY);
        settings.baseUri(URI.create(address));

        assertThatIllegalArgumentException()
                .isThrownBy(settings::build)
                .withMessage("test service must be an https address where a service key is set, found " + address);
    }

    @Test
    void aFieldIsInNoText() throws Exception {
        ClientSettings settings = settings();
        settings.bearer(KEY);

        settings.build().get(new Page());
        assertThat(requests.get(0).toString()).isEqualTo("GET https://service.example/page");
    }

    @Test
    void whatMayNotBeKeptIsAskedForEachTime() throws Exception {
        ResourceClient client = settings().build();
        Resource fleeting = new Page() {
            @Override
            public boolean keeps() {
                return false;
            }
        };

        client.get(fleeting);
        client.get(fleeting);
        assertThat(requests).hasSize(2);
    }

    @Test
    void a404IsAFailureUnlessTheResourceSaysOtherwise() {
        ClientSettings settings = settings();
        settings.transport((request, timeout) -> new Transport.Reply(404, null, null, Bytes.EMPTY));

        EvidenceUnavailableException failure = catchThrowableOfType(
                EvidenceUnavailableException.class, () -> settings.build().get(new Page()));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure)
                .hasMessage("the page: test service https://service.example answered 404: it has nothing at /page");
    }

    @Test
    void aRefusalInTheServicesOwnWordsIsTyped() {
        for (boolean retryable : List.of(true, false)) {
            ClientSettings settings = settings();
            settings.deadline(Duration.ofMillis(1));
            Resource refused = new Page() {
                @Override
                public Question question() {
                    return Question.get(body -> {
                        throw FailedAttempt.refused("says no", retryable);
                    });
                }
            };

            EvidenceUnavailableException failure = catchThrowableOfType(
                    EvidenceUnavailableException.class, () -> settings.build().get(refused));
            assertThat(failure.retryable()).isEqualTo(retryable);
            assertThat(failure).hasMessageContaining("test service https://service.example says no");
        }
    }

    private ClientSettings settings() {
        ClientSettings settings = ClientSettings.of("test service", BASE, 1);
        settings.spacing(Duration.ZERO);
        settings.transport((request, timeout) -> {
            requests.add(request);
            return new Transport.Reply(Transport.OK, null, null, Bytes.utf8("page"));
        });
        return settings;
    }

    private static class Page implements Resource {
        @Override
        public String path() {
            return "/page";
        }

        @Override
        public int limit() {
            return 10;
        }

        @Override
        public Optional<String> file() {
            return Optional.empty();
        }

        @Override
        public Answer read(Bytes body) {
            return new Answer(body, List.of(body), Instant.EPOCH, Instant.MAX);
        }

        @Override
        public boolean changes() {
            return false;
        }

        @Override
        public String toString() {
            return "the page";
        }
    }
}
