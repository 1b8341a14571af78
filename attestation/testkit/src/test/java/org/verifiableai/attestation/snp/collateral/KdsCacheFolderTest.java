package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.FakeTime;
import org.verifiableai.attestation.internal.http.Script;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;

/** What a client keeps on disk, and what it makes of what it finds there. */
class KdsCacheFolderTest {

    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final Instant UNTIL = Instant.parse("2045-01-01T00:00:00Z");
    private static final TcbVersion TCB = TcbVersion.ofTurin(1, 3, 2, 5, 97);
    private static final SoftwareAmd TURIN = SoftwareAmd.create(ProductLine.TURIN, FROM, UNTIL);
    private static final Bytes VCEK = vcek();
    private static final VcekId ID = Samples.id(VCEK);
    private static final Bytes CHAIN = Samples.pem(TURIN.ask(), TURIN.ark());

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime(NOW);
    private final Script kds = new Script(time);
    private final List<String> trouble = new ArrayList<>();
    private final List<KdsListener.Cache> hits = new ArrayList<>();

    @Test
    void theCacheSurvivesARestart() throws Exception {
        kds.then(VCEK).then(CHAIN).then(crl(NOW.plus(Duration.ofDays(30))));
        KdsClient before = client().build();
        before.vcek(ID);
        before.authorities(ProductLine.TURIN, SigningKey.VCEK);
        before.revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW);

        KdsClient after = client().offline().build();
        assertThat(after.vcek(ID)).hasValue(VCEK);
        assertThat(after.authorities(ProductLine.TURIN, SigningKey.VCEK)).containsExactly(TURIN.ask(), TURIN.ark());
        assertThat(after.revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW))
                .hasSize(1);
        assertThat(after.vcek(ID)).hasValue(VCEK);
        assertThat(hits)
                .containsExactly(
                        KdsListener.Cache.DIRECTORY,
                        KdsListener.Cache.DIRECTORY,
                        KdsListener.Cache.DIRECTORY,
                        KdsListener.Cache.MEMORY);
        assertThat(files())
                .containsExactlyInAnyOrder(
                        "vcek/Turin/" + ID.hwId() + "_0103020500000061.der",
                        "vcek/Turin/cert_chain.pem",
                        "vcek/Turin/crl.der");
        assertThat(trouble).isEmpty();
    }

    @Test
    void aCertificateDirectoryReadsTheCache() throws Exception {
        kds.then(VCEK).then(CHAIN).then(crl(NOW.plus(Duration.ofDays(30))));
        KdsClient client = client().build();
        client.vcek(ID);
        client.authorities(ProductLine.TURIN, SigningKey.VCEK);
        client.revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW);

        CertificateDirectory directory = CertificateDirectory.load(folder);
        assertThat(directory.skipped()).isEmpty();
        assertThat(directory.vcek(ID)).hasValue(VCEK);
        assertThat(directory.authorities(ProductLine.TURIN, SigningKey.VCEK)).hasSize(2);
        assertThat(directory.revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW))
                .hasSize(1);
    }

    @Test
    void aFileThatHoldsSomethingElseIsIgnoredAndWrittenAnew() throws Exception {
        List<Bytes> others = List.of(
                Bytes.EMPTY, Bytes.utf8("garbage"), VCEK.slice(0, 300), vcek(), TURIN.ask(), Bytes.zeros(1 << 20));
        for (Bytes other : others) {
            Files.createDirectories(file().getParent());
            Files.write(file(), other.toByteArray());
            trouble.clear();
            KdsClient client = client().transport(new Script(time).then(VCEK)).build();

            assertThat(client.vcek(ID)).hasValue(VCEK);
            assertThat(trouble).singleElement().asString().startsWith("ignored " + file() + ": ");
            assertThat(Files.readAllBytes(file())).isEqualTo(VCEK.toByteArray());
        }
    }

    @Test
    void offlineACorruptFileIsAMiss() throws Exception {
        Files.createDirectories(file().getParent());
        Files.writeString(file(), "garbage");

        assertThat(catchThrowableOfType(
                        EvidenceUnavailableException.class,
                        () -> client().offline().build().vcek(ID)))
                .hasMessageContaining("offline");
    }

    @Test
    void aFolderThatCannotBeWrittenCostsOnlySpeed() throws Exception {
        Path blocked = Files.writeString(folder.resolve("file"), "no folder");
        kds.then(VCEK);

        assertThat(client().cacheDirectory(blocked).build().vcek(ID)).hasValue(VCEK);
        assertThat(trouble).anyMatch(t -> t.startsWith("did not write " + blocked));
    }

    @Test
    void anExpiredListOnDiskIsNotUsed() throws Exception {
        kds.then(crl(NOW.plus(Duration.ofHours(1))));
        client().build().revocationLists(ProductLine.TURIN, SigningKey.VLEK, NOW);
        time.pass(Duration.ofHours(1));

        assertThat(files()).containsExactly("vlek/Turin/crl.der");
        assertThat(catchThrowableOfType(
                        EvidenceUnavailableException.class,
                        () -> client().offline()
                                .build()
                                .revocationLists(ProductLine.TURIN, SigningKey.VLEK, time.instant())))
                .hasMessageContaining("not in the cache");
    }

    @Test
    void theAgeOfAListOutlivesARestart() throws Exception {
        Bytes first = crl(NOW.plus(Duration.ofDays(30)));
        Bytes second = crl(NOW.plus(Duration.ofDays(31)));
        kds.then(first).then(second);
        client().build().revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW);

        time.pass(Duration.ofHours(23));
        assertThat(client().build().revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW))
                .containsExactly(first);
        time.pass(Duration.ofHours(1));
        assertThat(client().build().revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW))
                .containsExactly(second);
    }

    @Test
    void aFileFromTheFutureIsDueForRefreshing() throws Exception {
        Bytes first = crl(NOW.plus(Duration.ofDays(30)));
        Bytes second = crl(NOW.plus(Duration.ofDays(31)));
        kds.then(first).then(second);
        client().build().revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW);
        Files.setLastModifiedTime(folder.resolve("vcek/Turin/crl.der"), FileTime.from(NOW.plus(Duration.ofDays(400))));

        assertThat(client().build().revocationLists(ProductLine.TURIN, SigningKey.VCEK, NOW))
                .containsExactly(second);
    }

    private KdsClient.Builder client() {
        return KdsClient.builder()
                .transport(kds)
                .time(time)
                .clock(time)
                .spacing(Duration.ZERO)
                .cacheDirectory(folder)
                .listener(new KdsListener() {
                    @Override
                    public void hit(String resource, Cache cache) {
                        hits.add(cache);
                    }

                    @Override
                    public void cacheTrouble(String resource, String reason) {
                        trouble.add(reason);
                    }
                });
    }

    private Path file() {
        return folder.resolve("vcek/Turin/" + ID.hwId() + "_0103020500000061.der");
    }

    private List<String> files() throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
    }

    private static Bytes vcek() {
        return TURIN.platform(TCB).report(Bytes.zeros(64)).vek();
    }

    private static Bytes crl(Instant nextUpdate) {
        return TURIN.revocationList(NOW.minus(Duration.ofDays(1)), nextUpdate, List.of());
    }
}
