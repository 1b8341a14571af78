package org.verifiableai.examples.vai;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.collateral.CertificateDirectory;
import org.verifiableai.attestation.snp.collateral.CertificateSource;
import org.verifiableai.attestation.snp.collateral.KdsClient;
import org.verifiableai.attestation.snp.collateral.VcekId;
import picocli.CommandLine.Option;

/** The options that say where to look for what evidence lacks: folders first, and then AMD's key service. */
final class SnpSources {

    /** A command that somebody waits for gives up sooner than a service does. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    @Option(
            names = "--certs-dir",
            paramLabel = "DIR",
            description = "Look here for certificates and revocation lists that are not named, DER or PEM.")
    private final List<Path> folders = new ArrayList<>();

    @Option(
            names = "--kds",
            paramLabel = "URL",
            description = "Ask this mirror in place of AMD's key service for what is found nowhere else.")
    @Nullable
    private URI mirror;

    @Option(
            names = "--kds-cache",
            paramLabel = "DIR",
            description = "Keep what the key service answers in this folder, and look there first.")
    @Nullable
    private Path cache;

    /**
     * Folders and, unless {@code --offline} forbids it, the key service.
     *
     * @param lists whether the key service is asked for revocation lists
     */
    CertificateSource toSource(CommonOptions common, TrustOptions trust, boolean lists, Output output)
            throws EvidenceUnavailableException {
        List<CertificateSource> sources = new ArrayList<>();
        for (Path folder : folders) {
            CertificateDirectory directory = CertificateDirectory.load(folder);
            directory.skipped().forEach(file -> output.note("passed over " + file.path() + ": " + file.reason()));
            sources.add(directory);
        }
        sources.add(new KeyService(client(common), trust.isAmd(), lists && common.isNow(), output));
        return CertificateSource.firstOf(sources);
    }

    private KdsClient client(CommonOptions common) {
        KdsClient.Builder client =
                KdsClient.builder().deadline(DEADLINE).spacing(Duration.ZERO).clock(common.clock());
        if (mirror != null) {
            client.baseUri(mirror);
        }
        if (cache != null) {
            client.cacheDirectory(cache);
        }
        if (common.offline()) {
            client.offline();
        }
        return client.build();
    }

    /** The key service, asked for no more than the verifier cannot do without. */
    private record KeyService(KdsClient client, boolean authoritiesKnown, boolean lists, Output output)
            implements CertificateSource {

        @Override
        public Optional<Bytes> vcek(VcekId id) throws EvidenceUnavailableException {
            return client.vcek(id);
        }

        @Override
        public Optional<Bytes> vlek(ProductLine line, TcbVersion tcb) throws EvidenceUnavailableException {
            return client.vlek(line, tcb);
        }

        @Override
        public List<Bytes> authorities(ProductLine line, SigningKey key) throws EvidenceUnavailableException {
            return authoritiesKnown ? List.of() : client.authorities(line, key);
        }

        /**
         * None for another instant than now, of which the list of today says nothing. One that cannot be had is no error:
         * what is at hand is judged, and the verdict says what is missing.
         */
        @Override
        public List<Bytes> revocationLists(ProductLine line, SigningKey key, Instant at) {
            if (!lists) {
                return List.of();
            }
            try {
                return client.revocationLists(line, key, at);
            } catch (EvidenceUnavailableException e) {
                output.note("not to be had: " + e.getMessage());
                return List.of();
            }
        }
    }
}
