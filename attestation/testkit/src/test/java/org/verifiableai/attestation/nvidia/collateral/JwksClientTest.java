package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.nvidia.collateral.Samples.HTML;
import static org.verifiableai.attestation.nvidia.collateral.Samples.NOW;
import static org.verifiableai.attestation.nvidia.collateral.Samples.failure;
import static org.verifiableai.attestation.nvidia.collateral.Samples.scripted;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;

class JwksClientTest {

    private static final Bytes OLD = keys("old");
    private static final Bytes NEW = keys("new");

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime(NOW);
    private final Script service = new Script(time);

    @Test
    void keysAreKeptForAnHour() throws Exception {
        service.then(OLD).then(NEW);
        JwksClient client = client().build();

        assertThat(client.keys()).isEqualTo(OLD);
        time.pass(Duration.ofMinutes(59));
        assertThat(client.keys()).isEqualTo(OLD);
        assertThat(service.requests()).containsExactly("https://nras.attestation.nvidia.com/.well-known/jwks.json");
        time.pass(Duration.ofMinutes(1));
        assertThat(client.keys()).isEqualTo(NEW);
    }

    @Test
    void forAnUnknownKeyTheServiceIsAskedAtOnceButNotOften() throws Exception {
        service.then(OLD).then(NEW);
        JwksClient client = client().build();
        client.keys();

        assertThat(client.newerKeys()).isEqualTo(OLD);
        time.pass(Duration.ofSeconds(60));
        assertThat(client.newerKeys()).isEqualTo(NEW);
        for (int i = 0; i < 100; i++) {
            assertThat(client.newerKeys()).isEqualTo(NEW);
        }
        assertThat(service.requests()).hasSize(2);
        assertThat(client.keys()).isEqualTo(NEW);
    }

    @Test
    void whoeverAsksForNewerKeysFirstGetsTheKeys() throws Exception {
        service.then(OLD);

        assertThat(client().build().newerKeys()).isEqualTo(OLD);
    }

    @Test
    void aRenewalThatFailsLeavesTheKeysAtHandAndCountsAsOne() throws Exception {
        service.then(OLD).then(500);
        JwksClient client = client().build();
        client.keys();
        time.pass(Duration.ofMinutes(10));

        assertThat(client.newerKeys()).isEqualTo(OLD);
        assertThat(client.newerKeys()).isEqualTo(OLD);
        assertThat(service.requests()).hasSize(2);
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void whoeverHoldsUpTheNetworkKeepsNoKeyAliveForLong() throws Exception {
        service.then(OLD).then(503);
        JwksClient client = client().build();
        client.keys();

        time.pass(Duration.ofHours(24).minusSeconds(1));
        assertThat(client.keys()).isEqualTo(OLD);
        time.pass(Duration.ofSeconds(1));
        EvidenceUnavailableException failure = failure(client::keys);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure)
                .hasMessageContaining("attestation service https://nras.attestation.nvidia.com answered 503");
    }

    @Test
    void keysOnDiskAreAsOldAsTheyAre() throws Exception {
        service.then(OLD).then(503);
        stored().keys();
        time.pass(Duration.ofHours(23));
        assertThat(offline().keys()).isEqualTo(OLD);
        assertThat(offline().newerKeys()).isEqualTo(OLD);

        time.pass(Duration.ofHours(1));
        assertThat(failure(() -> offline().keys()).retryable()).isFalse();
        assertThat(Files.exists(folder.resolve("jwks/nras.attestation.nvidia.com.json")))
                .isTrue();
    }

    @Test
    void servicesThatShareAHostShareNoKeys() throws Exception {
        service.then(OLD);
        stored().keys();

        for (String other :
                List.of("https://nras.attestation.nvidia.com:8443", "https://nras.attestation.nvidia.com/staging")) {
            JwksClient client = JwksClient.builder()
                    .baseUri(URI.create(other))
                    .settings(scripted(service, time)
                            .cacheDirectory(folder)
                            .offline()
                            .build())
                    .build();
            assertThat(failure(client::keys)).hasMessageContaining("not in the cache");
        }
        assertThat(offline().keys()).isEqualTo(OLD);
    }

    @Test
    void whatIsNoKeySetIsNotTaken() {
        for (Bytes other : List.of(
                HTML,
                Bytes.EMPTY,
                Bytes.utf8("[]"),
                Bytes.utf8("{}"),
                Bytes.utf8("{\"keys\":[]}"),
                Bytes.utf8("{\"keys\":{}}"),
                Bytes.utf8("{\"keys\":[[]]}"),
                Bytes.utf8("{\"keys\":[{\"kty\":\"EC\"}]}"),
                Bytes.utf8("{\"keys\":[{\"kid\":7}]}"),
                Bytes.utf8("{\"keys\":[{\"kid\":\"a\"}],\"keys\":[{\"kid\":\"b\"}]}"),
                Bytes.utf8("{\"keys\":[" + "{\"kid\":\"a\"},".repeat(1024) + "{\"kid\":\"a\"}]}"),
                OLD.concat(OLD))) {
            JwksClient client = JwksClient.builder()
                    .settings(scripted(new Script(time).then(other), time).build())
                    .build();

            EvidenceUnavailableException failure = failure(client::keys);
            assertThat(failure.retryable()).isTrue();
            assertThat(failure).hasMessageContaining("answered something else");
        }
    }

    @Test
    void aKeptSetIsASourceToo() throws Exception {
        JwksSource source = JwksSource.of(OLD);

        assertThat(source.keys()).isEqualTo(OLD);
        assertThat(source.newerKeys()).isEqualTo(OLD);
    }

    @Test
    void settingsThatMakeNoSenseAreTheCallersMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        client().baseUri(URI.create("http://mirror.example")).build())
                .withMessage("attestation service must be an https address where its answers are trusted, found"
                        + " http://mirror.example");
        assertThatIllegalArgumentException().isThrownBy(() -> client().longestUse(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> client().renewalSpacing(Duration.ofSeconds(-1)));
    }

    private JwksClient.Builder client() {
        return JwksClient.builder().settings(scripted(service, time).build());
    }

    private JwksClient stored() {
        return JwksClient.builder()
                .settings(scripted(service, time).cacheDirectory(folder).build())
                .build();
    }

    private JwksClient offline() {
        return JwksClient.builder()
                .settings(
                        scripted(service, time).cacheDirectory(folder).offline().build())
                .build();
    }

    private static Bytes keys(String kid) {
        return Bytes.utf8("{\"keys\":[{\"kty\":\"EC\",\"kid\":\"" + kid + "\",\"x5c\":[\"AA==\"]}]}");
    }
}
