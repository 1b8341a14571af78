package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.nvidia.collateral.Samples.AUTHORITY;
import static org.verifiableai.attestation.nvidia.collateral.Samples.GPU;
import static org.verifiableai.attestation.nvidia.collateral.Samples.HTML;
import static org.verifiableai.attestation.nvidia.collateral.Samples.ID;
import static org.verifiableai.attestation.nvidia.collateral.Samples.KEY;
import static org.verifiableai.attestation.nvidia.collateral.Samples.NOW;
import static org.verifiableai.attestation.nvidia.collateral.Samples.RIM;
import static org.verifiableai.attestation.nvidia.collateral.Samples.failure;
import static org.verifiableai.attestation.nvidia.collateral.Samples.rimAnswer;
import static org.verifiableai.attestation.nvidia.collateral.Samples.scripted;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;
import org.verifiableai.attestation.nvidia.RimId;
import org.verifiableai.attestation.testkit.FakeNvidia;

class RimClientTest {

    private static final Bytes SIGNED_AGAIN = AUTHORITY
            .withSigner(NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(700)))
            .driver(GPU)
            .xml();

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime(NOW);
    private final Script service = new Script(time);
    private final List<String> events = new ArrayList<>();

    @Test
    void aManifestIsAskedForOnce() throws Exception {
        service.then(rimAnswer(RIM)).then(500);
        RimClient client = client().build();

        assertThat(client.rim(ID)).hasValue(RIM);
        assertThat(client.rim(ID)).hasValue(RIM);
        assertThat(service.requests())
                .containsExactly("https://rim.attestation.nvidia.com/v1/rim/NV_GPU_DRIVER_GH100_550.90.07");
        assertThat(service.asked().get(0).fields()).isEqualTo(Map.of("Accept", "application/json"));
    }

    @Test
    void aMirrorIsAskedBelowItsAddress() throws Exception {
        service.then(rimAnswer(RIM));

        client().baseUri(URI.create("http://mirror.example/nvidia/")).build().rim(ID);
        assertThat(service.requests()).containsExactly("http://mirror.example/nvidia/v1/rim/" + ID);
    }

    @Test
    void theServiceKeyIsShownAndNeverSaid() {
        service.then(401);

        EvidenceUnavailableException failure =
                failure(() -> client().serviceKey(KEY).build().rim(ID));
        assertThat(service.asked().get(0).fields()).containsEntry("Authorization", "Bearer " + KEY);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure)
                .hasMessage("rim " + ID + ": rim service https://rim.attestation.nvidia.com answered 401: it wants a"
                        + " service key, or another one");
        assertThat(events.toString() + failure + service.asked()).doesNotContain(KEY);
    }

    @Test
    void theServiceKeyGoesNowhereElse() {
        for (String elsewhere : List.of(
                "https://evil.example/",
                "http://rim.attestation.nvidia.com/v1/rim/x",
                "https://rim.attestation.nvidia.com:444/")) {
            Script redirecting = new Script(time).thenRedirect(elsewhere);
            ServiceSettings settings = scripted(redirecting, time).build();
            RimClient client =
                    RimClient.builder().settings(settings).serviceKey(KEY).build();

            assertThat(failure(() -> client.rim(ID)).retryable()).isFalse();
            assertThat(redirecting.requests()).hasSize(1);
        }
    }

    @Test
    void theServiceKeyGoesAlongWithinTheServer() throws Exception {
        service.thenRedirect("/v2/rim").then(rimAnswer(RIM));

        client().serviceKey(KEY).build().rim(ID);
        assertThat(service.asked().get(1).fields()).containsEntry("Authorization", "Bearer " + KEY);
    }

    @Test
    void aServiceKeyIsNotSentInTheClear() {
        RimClient.Builder open = client().serviceKey(KEY).baseUri(URI.create("http://mirror.example"));

        assertThatIllegalArgumentException()
                .isThrownBy(open::build)
                .withMessageContaining("https")
                .withMessageNotContaining(KEY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\nbreak", "k\u00e9y", "a:b"})
    void whatIsNoServiceKeyIsTheCallersMistake(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().serviceKey(key).build())
                .withMessage("service key must be a bearer token of letters, digits and ._~+/=-, found other characters"
                        + " or none");
    }

    @Test
    void aManifestThatTheServiceDoesNotHaveIsNoFailureAndNotAskedForAgainAtOnce() throws Exception {
        service.then(404);
        RimClient client = client().build();

        assertThat(client.rim(ID)).isEmpty();
        assertThat(client.rim(ID)).isEmpty();
        assertThat(service.requests()).hasSize(1);
        assertThat(events).contains("fetched OptionalInt[404] Optional.empty");

        time.pass(Duration.ofMinutes(1));
        assertThat(client.rim(ID)).isEmpty();
        assertThat(service.requests()).hasSize(2);
    }

    @Test
    void aManifestThatTheServiceHasNoLongerIsKept() throws Exception {
        service.then(rimAnswer(RIM)).then(404);
        RimClient client = client().build();
        client.rim(ID);
        time.pass(Duration.ofDays(1));

        assertThat(client.rim(ID)).hasValue(RIM);
        assertThat(service.requests()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 410})
    void aRefusalIsNotTriedAgain(int status) {
        service.then(status);

        EvidenceUnavailableException failure = failure(() -> client().build().rim(ID));
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("answered " + status);
        assertThat(service.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 503})
    void troubleIsTriedAgain(int status) throws Exception {
        service.then(status).then(rimAnswer(RIM));

        assertThat(client().build().rim(ID)).hasValue(RIM);
        assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(1));
    }

    @Test
    void anAnswerOfSomethingElseIsNeitherTakenNorKept() throws Exception {
        String sha256 = RIM.sha256().hex();
        Bytes noRim = Bytes.utf8("<SoftwareIdentity/>");
        String sound = text(rimAnswer(RIM));
        List<Bytes> lies = List.of(
                HTML,
                Bytes.EMPTY,
                Bytes.utf8("[]"),
                Bytes.utf8("{}"),
                Bytes.utf8(sound + sound),
                Bytes.utf8(sound.substring(0, sound.length() - 2)),
                Bytes.utf8(sound.replace("{\"id\"", "{\"id\":\"x\",\"id\"")),
                Bytes.utf8(sound.replace("TCG", "CORIM")),
                Bytes.utf8(sound.replace("\"" + sha256 + "\"", "null")),
                Bytes.utf8(sound.replace("\"rim\":\"", "\"rim\":\"*")),
                FakeNvidia.rimAnswer("NV_GPU_DRIVER_GH100_550.90.08", RIM, sha256),
                FakeNvidia.rimAnswer(ID.text().toLowerCase(Locale.ROOT), RIM, sha256),
                FakeNvidia.rimAnswer(ID.text(), SIGNED_AGAIN, sha256),
                FakeNvidia.rimAnswer(ID.text(), RIM, ""),
                FakeNvidia.rimAnswer(ID.text(), noRim, noRim.sha256().hex()));
        for (Bytes lie : lies) {
            Script liar = new Script(time).then(lie).then(rimAnswer(RIM));
            RimClient client = RimClient.builder()
                    .settings(scripted(liar, time).cacheDirectory(folder).build())
                    .build();
            EvidenceUnavailableException failure = failure(() -> RimClient.builder()
                    .settings(scripted(new Script(time).then(lie), time)
                            .deadline(Duration.ofSeconds(1))
                            .build())
                    .build()
                    .rim(ID));

            assertThat(failure.retryable()).isTrue();
            assertThat(failure).hasMessageContaining("answered something else: ");
            assertThat(client.rim(ID)).hasValue(RIM);
            assertThat(client.rim(ID)).hasValue(RIM);
            assertThat(liar.requests()).hasSize(2);
            Files.delete(folder.resolve("rim/" + ID + ".xml"));
        }
    }

    @Test
    void aDigestMayBeWrittenInCapitalsAndUnknownMembersMayCome() throws Exception {
        String answer =
                text(FakeNvidia.rimAnswer(ID.text(), RIM, RIM.sha256().hex().toUpperCase(Locale.ROOT)));
        service.then(Bytes.utf8(answer.replace("{\"id\"", "{\"more\":{\"id\":[1]},\"id\"")));

        assertThat(client().build().rim(ID)).hasValue(RIM);
    }

    @Test
    void anotherSignatureOfTheSameManifestIsTakenWhenRefreshingIsDue() throws Exception {
        service.then(rimAnswer(RIM)).then(rimAnswer(SIGNED_AGAIN)).then(500);
        RimClient client = client().refreshAge(Duration.ofHours(2)).build();

        assertThat(client.rim(ID)).hasValue(RIM);
        time.pass(Duration.ofMinutes(119));
        assertThat(client.rim(ID)).hasValue(RIM);
        time.pass(Duration.ofMinutes(1));
        assertThat(client.rim(ID)).hasValue(SIGNED_AGAIN);
        time.pass(Duration.ofDays(400));
        assertThat(client.rim(ID)).hasValue(SIGNED_AGAIN);
        assertThat(service.requests()).hasSize(3);
    }

    @Test
    void theCacheSurvivesARestartAndIsADirectoryOfManifests() throws Exception {
        service.then(rimAnswer(RIM));
        stored().rim(ID);

        RimClient offline = RimClient.builder()
                .settings(
                        scripted(service, time).cacheDirectory(folder).offline().build())
                .build();
        assertThat(offline.rim(ID)).hasValue(RIM);
        assertThat(RimDirectory.of(folder.resolve("rim")).rim(ID)).hasValue(RIM);
        assertThat(service.requests()).hasSize(1);
    }

    @Test
    void aDamagedFileIsIgnoredAndWrittenAnew() throws Exception {
        Path file = folder.resolve("rim/" + ID + ".xml");
        Files.createDirectories(file.getParent());
        for (Bytes damaged :
                List.of(Bytes.EMPTY, HTML, RIM.slice(0, RIM.size() / 2), Bytes.zeros(1 << 20), rimAnswer(RIM))) {
            Files.write(file, damaged.toByteArray());
            events.clear();
            ServiceSettings settings = scripted(new Script(time).then(rimAnswer(RIM)), time)
                    .cacheDirectory(folder)
                    .listener(new Recorder())
                    .build();

            assertThat(RimClient.builder().settings(settings).build().rim(ID)).hasValue(RIM);
            assertThat(events).anyMatch(event -> event.startsWith("trouble ignored " + file + ": "));
            assertThat(Files.readAllBytes(file)).isEqualTo(RIM.toByteArray());
        }
    }

    @Test
    void offlineTouchesNoNetworkAndSaysSo() {
        EvidenceUnavailableException failure = failure(() -> RimClient.builder()
                .settings(scripted(service, time).offline().build())
                .build()
                .rim(ID));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessage("rim " + ID + ": not in the cache, and the client is offline");
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void memoryForgetsWhatWasNotUsedForLongest() throws Exception {
        service.thenAnswer(request -> {
            String path = request.uri().getPath();
            return FakeNvidia.rimAnswer(
                    path.substring(path.lastIndexOf('/') + 1), RIM, RIM.sha256().hex());
        });
        RimClient client = client().memoryEntries(1).build();

        client.rim(new RimId("A"));
        client.rim(new RimId("B"));
        client.rim(new RimId("A"));
        assertThat(service.requests()).hasSize(3);
    }

    @Test
    void settingsThatMakeNoSenseAreTheCallersMistake() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().baseUri(URI.create("ftp://host")).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().refreshAge(Duration.ZERO).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> client().memoryEntries(0).build());
    }

    private RimClient.Builder client() {
        return RimClient.builder()
                .settings(scripted(service, time).listener(new Recorder()).build());
    }

    private RimClient stored() {
        return RimClient.builder()
                .settings(scripted(service, time).cacheDirectory(folder).build())
                .build();
    }

    private static String text(Bytes json) {
        return new String(json.toByteArray(), StandardCharsets.UTF_8);
    }

    private final class Recorder implements ServiceListener {
        @Override
        public void hit(String resource, Cache cache) {
            events.add("hit " + resource + " " + cache);
        }

        @Override
        public void miss(String resource) {
            events.add("miss " + resource);
        }

        @Override
        public void fetched(Fetch fetch) {
            events.add("fetched " + fetch.status() + " " + fetch.failure());
        }

        @Override
        public void retry(String resource, int attempt, Duration delay) {
            events.add("retry " + resource + " " + attempt + " " + delay);
        }

        @Override
        public void cacheTrouble(String resource, String reason) {
            events.add("trouble " + reason);
        }
    }
}
