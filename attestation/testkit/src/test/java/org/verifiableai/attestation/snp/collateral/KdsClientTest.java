package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;

/** How a client asks, waits and remembers, against a service that is a script and in time that is not real. */
class KdsClientTest {

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant UNTIL = Instant.parse("2045-01-01T00:00:00Z");
    private static final TcbVersion TCB = TcbVersion.of(10, 0, 23, 84);
    private static final SoftwareAmd GENOA = SoftwareAmd.create(ProductLine.GENOA, FROM, UNTIL);
    private static final SoftwareAmd MILAN = SoftwareAmd.create(ProductLine.MILAN, FROM, UNTIL);
    private static final Bytes VCEK = vcek(GENOA, TCB);
    private static final VcekId ID = id(VCEK);
    private static final Bytes HTML = Bytes.utf8("<html><body>We will be back soon</body></html>");

    private final FakeTime time = new FakeTime(NOW);
    private final Script kds = new Script(time);
    private final List<String> events = new ArrayList<>();

    @Test
    void anAnswerIsAskedForOnce() throws Exception {
        KdsClient client = client().build();
        kds.then(VCEK).then(500);

        assertThat(client.vcek(ID)).hasValue(VCEK);
        assertThat(client.vcek(ID)).hasValue(VCEK);
        assertThat(kds.requests()).containsExactly("https://kdsintf.amd.com" + ID.path());
        assertThat(events)
                .containsExactly("miss " + ID.path(), "fetched 1 OptionalInt[200] Optional.empty", "hit MEMORY");
    }

    @Test
    void aMirrorIsAskedBelowItsAddress() throws Exception {
        kds.then(VCEK);
        client().baseUri(URI.create("http://mirror.example:8080/amd/")).build().vcek(ID);

        assertThat(kds.requests()).containsExactly("http://mirror.example:8080/amd" + ID.path());
    }

    @Test
    void pausesGrowAndStopAtTheLongest() throws Exception {
        kds.then(500).then(502).then(503).then(504).then(500).then(VCEK);

        assertThat(unspaced().backoff(seconds(1), seconds(5)).build().vcek(ID)).hasValue(VCEK);
        assertThat(time.sleeps()).containsExactly(seconds(1), seconds(2), seconds(4), seconds(5), seconds(5));
    }

    @Test
    void jitterAddsUpToAHalf() throws Exception {
        time.dice(0.5);
        kds.then(500).then(500).then(VCEK);

        unspaced().build().vcek(ID);
        assertThat(time.sleeps()).containsExactly(Duration.ofMillis(1250), Duration.ofMillis(2500));
    }

    @Test
    void requestsForOneThingKeepTheirDistance() throws Exception {
        kds.then(500).then(VCEK);

        client().build().vcek(ID);
        assertThat(time.sleeps()).containsExactly(seconds(10));
    }

    @Test
    void theDistanceIsKeptBetweenCallsToo() throws Exception {
        KdsClient client = client().deadline(seconds(8)).build();
        kds.then(429).then(VCEK);

        EvidenceUnavailableException first = failure(client);
        EvidenceUnavailableException second = failure(client);
        time.pass(seconds(4));

        assertThat(first).hasMessageContaining("answered 429").hasMessageContaining("asked 1 times");
        assertThat(second).hasMessageContaining("asked a moment ago");
        assertThat(List.of(first.retryable(), second.retryable())).containsExactly(true, true);
        assertThat(kds.requests()).hasSize(1);
        assertThat(client.vcek(ID)).hasValue(VCEK);
        assertThat(time.sleeps()).containsExactly(seconds(6));
    }

    @Test
    void otherThingsNeedNotWait() throws Exception {
        Bytes other = vcek(GENOA, TCB);
        kds.then(VCEK).then(other);
        KdsClient client = client().build();

        client.vcek(ID);
        client.vcek(id(other));
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void aRequestThatNeverArrivedCountsForNoDistance() throws Exception {
        kds.then(new ConnectException("refused"))
                .then(new ConnectException("refused"))
                .then(VCEK);

        client().build().vcek(ID);
        assertThat(time.sleeps()).containsExactly(seconds(1), seconds(2));
    }

    @Test
    void retryAfterIsHonouredInSecondsAndAsADate() throws Exception {
        kds.thenRetryAfter(429, "12")
                .thenRetryAfter(503, "Tue, 24 Nov 2026 12:00:27 GMT")
                .then(VCEK);

        client().build().vcek(ID);
        assertThat(time.sleeps()).containsExactly(seconds(12), seconds(15));
    }

    @Test
    void aRetryAfterBeyondTheDeadlineEndsTheCallAtOnce() {
        kds.thenRetryAfter(429, "31");

        EvidenceUnavailableException failure = failure(client().build());
        assertThat(failure.retryable()).isTrue();
        assertThat(failure)
                .hasMessage(ID + ": key service https://kdsintf.amd.com answered 429: too many requests; asked 1 times,"
                        + " the next request would be due in PT31S, after the deadline");
        assertThat(time.sleeps()).isEmpty();
    }

    @Test
    void aServiceThatFailsForEverIsLeftBeforeTheDeadline() {
        kds.then(500);

        assertThat(failure(client().build()).retryable()).isTrue();
        assertThat(kds.requests()).hasSize(3);
        assertThat(time.instant()).isBefore(NOW.plus(seconds(30)));
    }

    @Test
    void answersThatDoNotComeAreLeftByTheDeadline() {
        kds.thenTimeout();

        EvidenceUnavailableException failure = failure(
                unspaced().requestTimeout(seconds(10)).deadline(seconds(25)).build());
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessageContaining("gave no answer");
        assertThat(kds.timeouts()).containsExactly(seconds(10), seconds(10), seconds(2));
        assertThat(time.instant()).isEqualTo(NOW.plus(seconds(25)));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 410})
    void aRefusalIsNotTriedAgain(int status) {
        kds.then(status);

        EvidenceUnavailableException failure = failure(client().build());
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("answered " + status);
        assertThat(kds.requests()).hasSize(1);
    }

    @Test
    void anUnknownChipIsNamed() {
        kds.then(404);

        assertThat(failure(client().build()))
                .hasMessage(ID + ": key service https://kdsintf.amd.com answered 404: it knows no such chip, or not at"
                        + " this TCB");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 502, 503, 504, 599})
    void troubleIsTriedAgain(int status) throws Exception {
        kds.then(status).then(VCEK);

        assertThat(client().build().vcek(ID)).hasValue(VCEK);
    }

    @Test
    void anAnswerOfSomethingElseIsNeitherTakenNorKept() throws Exception {
        Bytes otherChip = vcek(GENOA, TCB);
        Bytes otherTcb = vcek(GENOA, TcbVersion.of(10, 0, 23, 83));
        List<Bytes> lies = List.of(
                otherChip,
                otherTcb,
                vcek(MILAN, TCB),
                GENOA.ask(),
                HTML,
                Bytes.EMPTY,
                VCEK.slice(0, 700),
                VCEK.concat(Bytes.zeros(1)));
        for (Bytes lie : lies) {
            Script liar = new Script(time).then(lie);
            EvidenceUnavailableException failure =
                    failure(client().transport(liar).deadline(seconds(5)).build());

            assertThat(failure.retryable()).isTrue();
            assertThat(failure).hasMessageContaining("answered something else");
        }
        kds.then(otherTcb).then(VCEK);
        KdsClient client = client().build();

        assertThat(client.vcek(ID)).hasValue(VCEK);
        assertThat(client.vcek(ID)).hasValue(VCEK);
        assertThat(kds.requests()).hasSize(2);
    }

    @Test
    void aCertificateForAnotherTcbIsNamedWithBoth() {
        Bytes otherTcb = vcek(GENOA, TcbVersion.of(10, 0, 22, 84));
        kds.then(otherTcb);

        assertThat(failure(client().build())).hasMessageContaining("expected " + ID + ", found " + id(otherTcb));
    }

    @Test
    void aRedirectWithinTheServerIsFollowed() throws Exception {
        kds.thenRedirect("/elsewhere")
                .thenRedirect("https://KDSINTF.amd.com:443/again")
                .then(VCEK);

        client().build().vcek(ID);
        assertThat(kds.requests())
                .containsExactly(
                        "https://kdsintf.amd.com" + ID.path(),
                        "https://kdsintf.amd.com/elsewhere",
                        "https://KDSINTF.amd.com:443/again");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/vcek",
                "http://kdsintf.amd.com/vcek",
                "https://kdsintf.amd.com:8443/vcek",
                "https://kdsintf.amd.com.evil.example/",
                "//evil.example/",
                "file:///etc/passwd",
                "not an address"
            })
    void aRedirectToElsewhereIsNotFollowed(String location) {
        kds.thenRedirect(location);

        EvidenceUnavailableException failure = failure(client().build());
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("redirected to");
        assertThat(kds.requests()).hasSize(1);
    }

    @Test
    void redirectsInACircleEnd() {
        kds.thenRedirect("/circle");

        assertThat(failure(client().build())).hasMessageContaining("redirected more than 3 times");
        assertThat(kds.requests()).hasSize(4);
    }

    @Test
    void aServerThatCannotProveItsNameIsNotTriedAgain() throws Exception {
        IOException distrust = new SSLHandshakeException("PKIX path building failed");
        distrust.initCause(new CertificateException("no path"));
        IOException hungUp = new SSLHandshakeException("Remote host terminated the handshake");
        hungUp.initCause(new EOFException());
        kds.then(hungUp).then(distrust);

        EvidenceUnavailableException failure = failure(client().build());
        assertThat(failure.retryable()).isFalse();
        assertThat(kds.requests()).hasSize(2);
    }

    @Test
    void whatTheServerWroteIsEscapedInMessages() {
        kds.then(new IOException("Invalid status line: \u001b[31m" + "x".repeat(5000)));

        assertThat(failure(client().build()).getMessage())
                .doesNotContain("\u001b")
                .hasSizeLessThan(1000);
    }

    @Test
    void authoritiesComeAsTheOneAboveAndTheRoot() throws Exception {
        kds.then(pem(GENOA.ask(), GENOA.ark()));

        assertThat(client().build().authorities(ProductLine.GENOA, SigningKey.VCEK))
                .containsExactly(GENOA.ask(), GENOA.ark());
        assertThat(kds.requests()).containsExactly("https://kdsintf.amd.com/vcek/v1/Genoa/cert_chain");
    }

    @Test
    void eachKeyHasAuthoritiesOfItsOwn() throws Exception {
        kds.then(pem(GENOA.asvk(), GENOA.ark())).then(pem(GENOA.ask(), GENOA.ark()));
        KdsClient client = client().deadline(seconds(5)).build();

        assertThat(client.authorities(ProductLine.GENOA, SigningKey.VLEK)).containsExactly(GENOA.asvk(), GENOA.ark());
        assertThat(kds.requests()).containsExactly("https://kdsintf.amd.com/vlek/v1/Genoa/cert_chain");
        assertThat(catchThrowableOfType(
                        EvidenceUnavailableException.class,
                        () -> client.authorities(ProductLine.MILAN, SigningKey.VCEK)))
                .hasMessageContaining("expected [SEV-Milan, ARK-Milan], found [SEV-Genoa, ARK-Genoa]");
    }

    @Test
    void aRevocationListOfAnotherRootIsNotTaken() {
        kds.then(list(MILAN, NOW, NOW.plus(Duration.ofDays(1))));

        assertThat(catchThrowableOfType(
                        EvidenceUnavailableException.class,
                        () -> client().build().revocationLists(ProductLine.GENOA, SigningKey.VCEK, NOW)))
                .hasMessageContaining("expected ARK-Genoa");
    }

    @Test
    void aRevocationListIsKeptUntilItIsDueForRefreshing() throws Exception {
        Bytes first = list(GENOA, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(20)));
        Bytes second = list(GENOA, NOW.plus(Duration.ofHours(1)), NOW.plus(Duration.ofDays(21)));
        kds.then(first).then(second);
        KdsClient client = client().refreshAge(Duration.ofDays(2)).build();

        assertThat(crl(client)).containsExactly(first);
        time.pass(Duration.ofHours(47));
        assertThat(crl(client)).containsExactly(first);
        assertThat(kds.requests()).hasSize(1);
        time.pass(Duration.ofHours(1));
        assertThat(crl(client)).containsExactly(second);
        assertThat(crl(client)).containsExactly(second);
        assertThat(kds.requests()).hasSize(2);
    }

    @Test
    void aRefreshThatFailsLeavesTheListAtHandAndHoldsNobodyUp() throws Exception {
        Bytes list = list(GENOA, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(3)));
        kds.then(list).then(500);
        KdsClient client = client().build();

        crl(client);
        time.pass(Duration.ofDays(1));
        assertThat(crl(client)).containsExactly(list);
        assertThat(crl(client)).containsExactly(list);
        assertThat(kds.requests()).hasSize(2);
        assertThat(time.sleeps()).isEmpty();
        time.pass(Duration.ofMinutes(2));
        assertThat(crl(client)).containsExactly(list);
        assertThat(kds.requests()).hasSize(3);
    }

    @Test
    void aRevocationListIsNeverKeptBeyondItsNextUpdate() throws Exception {
        kds.then(list(GENOA, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofHours(1))))
                .then(500);
        KdsClient client = client().build();

        crl(client);
        time.pass(Duration.ofHours(1));
        assertThat(catchThrowableOfType(EvidenceUnavailableException.class, () -> crl(client))
                        .retryable())
                .isTrue();
    }

    @Test
    void aListThatHasExpiredOnArrivalIsHandedOnAndNotKept() throws Exception {
        Bytes stale = list(GENOA, NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1)));
        kds.then(stale);
        KdsClient client = client().build();

        assertThat(crl(client)).containsExactly(stale);
        time.pass(seconds(20));
        crl(client);
        assertThat(kds.requests()).hasSize(2);
    }

    /** Kept, it would count as newer than every true one until it expires. */
    @Test
    void aListFromTheFutureIsHandedOnAndNotKept() throws Exception {
        Bytes forged = list(GENOA, NOW.plus(Duration.ofDays(1)), UNTIL);
        Bytes genuine = list(GENOA, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(20)));
        kds.then(forged).then(genuine);
        KdsClient client = client().build();

        assertThat(crl(client)).containsExactly(forged);
        time.pass(seconds(20));
        assertThat(crl(client)).containsExactly(genuine);
        assertThat(crl(client)).containsExactly(genuine);
        assertThat(kds.requests()).hasSize(2);
    }

    @Test
    void aMirrorThatLagsBehindTakesNothingBack() throws Exception {
        Bytes newer = list(GENOA, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(20)));
        Bytes older = list(GENOA, NOW.minus(Duration.ofDays(9)), NOW.plus(Duration.ofDays(12)));
        kds.then(newer).then(older);
        KdsClient client = client().build();

        crl(client);
        time.pass(Duration.ofDays(1));
        assertThat(crl(client)).containsExactly(newer);
        assertThat(kds.requests()).hasSize(2);
    }

    @Test
    void aCertificateIsFetchedAnewWhenItHasExpired() throws Exception {
        kds.then(VCEK);
        KdsClient client = client().build();

        client.vcek(ID);
        time.pass(Duration.between(NOW, UNTIL).plusDays(1));
        client.vcek(ID);
        assertThat(kds.requests()).hasSize(2);
    }

    @Test
    void memoryForgetsWhatWasNotUsedForLongest() throws Exception {
        Bytes second = vcek(GENOA, TCB);
        Bytes third = vcek(GENOA, TCB);
        kds.then(VCEK).then(second).then(third).then(second);
        KdsClient client = client().memoryEntries(2).build();

        client.vcek(ID);
        client.vcek(id(second));
        client.vcek(ID);
        client.vcek(id(third));
        client.vcek(ID);
        assertThat(kds.requests()).hasSize(3);
        client.vcek(id(second));
        assertThat(kds.requests()).hasSize(4);
    }

    @Test
    void theCertificateOfAVlekCannotBeFetched() {
        EvidenceUnavailableException failure = catchThrowableOfType(
                EvidenceUnavailableException.class, () -> client().build().vlek(ProductLine.MILAN, TCB));

        assertThat(failure.retryable()).isFalse();
        assertThat(failure)
                .hasMessage("vlek of Milan at " + TCB + ": the key service gives the certificate of a VLEK to the cloud"
                        + " provider only; it has to come with the evidence");
        assertThat(kds.requests()).isEmpty();
    }

    @Test
    void offlineTouchesNoNetworkAndSaysSo() {
        EvidenceUnavailableException failure = failure(client().offline().build());

        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessage(ID + ": not in the cache, and the client is offline");
        assertThat(kds.requests()).isEmpty();
    }

    @Test
    void aListenerThatThrowsDoesNoHarm() throws Exception {
        kds.then(VCEK);
        KdsListener broken = new KdsListener() {
            @Override
            public void fetched(Fetch fetch) {
                throw new IllegalStateException("broken");
            }
        };

        assertThat(client().listener(broken).build().vcek(ID)).hasValue(VCEK);
    }

    @Test
    void aListenerHearsOfFailuresAndRetries() throws Exception {
        kds.then(503).then(VCEK);

        client().build().vcek(ID);
        assertThat(events)
                .containsExactly(
                        "miss " + ID.path(),
                        "fetched 1 OptionalInt[503] Optional[answered 503]",
                        "retry 2 PT10S",
                        "fetched 2 OptionalInt[200] Optional.empty");
    }

    @Test
    void settingsThatMakeNoSenseAreTheCallersMistake() {
        for (String address : List.of("ftp://host/", "https://user:secret@host/", "https://host/?a=b", "/path")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KdsClient.builder().baseUri(URI.create(address)))
                    .withMessageNotContaining("secret");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KdsClient.builder().deadline(Duration.ZERO));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KdsClient.builder().requestTimeout(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KdsClient.builder().refreshAge(Duration.ofDays(4000)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KdsClient.builder().backoff(seconds(2), seconds(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KdsClient.builder().memoryEntries(0));
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KdsClient.builder().httpClient(follows));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KdsClient.builder()
                        .httpClient(HttpClient.newHttpClient())
                        .proxy(ProxySelector.getDefault())
                        .build());
    }

    private KdsClient.Builder client() {
        return KdsClient.builder().transport(kds).time(time).clock(time).listener(new Recorder());
    }

    private KdsClient.Builder unspaced() {
        return client().spacing(Duration.ZERO);
    }

    private EvidenceUnavailableException failure(KdsClient client) {
        return catchThrowableOfType(EvidenceUnavailableException.class, () -> client.vcek(ID));
    }

    private List<Bytes> crl(KdsClient client) throws EvidenceUnavailableException {
        return client.revocationLists(ProductLine.GENOA, SigningKey.VCEK, time.instant());
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static Bytes vcek(SoftwareAmd amd, TcbVersion tcb) {
        return amd.platform(tcb).report(Bytes.zeros(64)).vek();
    }

    private static VcekId id(Bytes vcek) {
        return Samples.id(vcek);
    }

    private static Bytes list(SoftwareAmd amd, Instant thisUpdate, Instant nextUpdate) {
        return amd.revocationList(thisUpdate, nextUpdate, List.of());
    }

    private static Bytes pem(Bytes... certificates) {
        return Samples.pem(certificates);
    }

    private final class Recorder implements KdsListener {
        @Override
        public void hit(String resource, Cache cache) {
            events.add("hit " + cache);
        }

        @Override
        public void miss(String resource) {
            events.add("miss " + resource);
        }

        @Override
        public void fetched(Fetch fetch) {
            events.add("fetched " + fetch.attempt() + " " + fetch.status() + " " + fetch.failure());
        }

        @Override
        public void retry(String resource, int attempt, Duration delay) {
            events.add("retry " + attempt + " " + delay);
        }
    }
}
