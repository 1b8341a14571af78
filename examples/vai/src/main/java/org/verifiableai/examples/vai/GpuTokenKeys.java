package org.verifiableai.examples.vai;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.collateral.JwksClient;
import org.verifiableai.attestation.nvidia.collateral.JwksSource;
import org.verifiableai.attestation.nvidia.collateral.ServiceSettings;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.Jwks;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;
import picocli.CommandLine.Option;

/** The options that say where the keys of a token's issuer come from: a file, or the service that issued it. */
final class GpuTokenKeys {

    /** A command that somebody waits for gives up sooner than a service does. */
    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private static final Set<String> SERVICES = Set.of(TokenPolicy.NRAS, TokenPolicy.NRAS_STAGING);

    @Option(
            names = "--jwks",
            paramLabel = "FILE",
            description = "The key set of the issuer. NVIDIA's keys live for two days: keep the set beside the token."
                    + " Without it the issuer is asked, never with --offline.")
    @Nullable
    private Path jwks;

    @Option(
            names = "--nras",
            paramLabel = "URL",
            description = "Ask this mirror in place of the issuer for its keys: whoever runs it can make tokens.")
    @Nullable
    private URI mirror;

    @Option(
            names = "--nras-cache",
            paramLabel = "DIR",
            description = "Keep the keys that the issuer answers in this folder, and look there first.")
    @Nullable
    private Path cache;

    /**
     * The keys for a token, of the one issuer that the policy admits.
     *
     * @throws IllegalArgumentException if there is a key set and the policy does not say whose
     * @throws EvidenceUnavailableException if the file cannot be read, or the issuer cannot be asked
     */
    IssuerKeys toKeys(Bytes document, TokenPolicy policy, CommonOptions common, Output output)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        if (jwks != null) {
            return IssuerKeys.of(issuer(policy.issuers()), Jwks.parse(InputFile.read("key set", jwks, Jwks.MAX_SIZE)));
        }
        AttestationToken token;
        try {
            token = AttestationToken.parse(document);
        } catch (MalformedEvidenceException e) {
            return IssuerKeys.NONE; // the verdict says what is wrong with it
        }
        IssuerKeys keys = IssuerKeys.NONE;
        for (String issuer : policy.issuers()) {
            if (token.bundles().stream()
                    .anyMatch(bundle ->
                            bundle.claims().issuer().filter(issuer::equals).isPresent())) {
                keys = asked(keys, issuer, token, common, output);
            }
        }
        return keys;
    }

    private IssuerKeys asked(
            IssuerKeys keys, String issuer, AttestationToken token, CommonOptions common, Output output)
            throws EvidenceUnavailableException, MalformedEvidenceException {
        if (!SERVICES.contains(issuer) && mirror == null) {
            return keys; // no service publishes keys under that name
        }
        if (common.offline() && cache == null) {
            output.note("no --jwks, and the issuer is not asked with --offline: no signature can be verified");
            return keys;
        }
        JwksSource source = client(mirror == null ? URI.create(issuer) : mirror, common);
        Jwks found = Jwks.parse(source.keys());
        if (!found.keys().keySet().containsAll(token.keyIds())) {
            found = Jwks.parse(source.newerKeys());
        }
        return keys.and(issuer, found);
    }

    private JwksClient client(URI service, CommonOptions common) {
        ServiceSettings.Builder settings = ServiceSettings.builder().deadline(DEADLINE);
        if (cache != null) {
            settings.cacheDirectory(cache);
        }
        if (common.offline()) {
            settings.offline();
        }
        return JwksClient.builder().settings(settings.build()).baseUri(service).build();
    }

    /** A key set is one issuer's, so that a policy of several needs a program that says which. */
    private static String issuer(Set<String> issuers) {
        if (issuers.size() > 1) {
            throw new IllegalArgumentException(
                    "policy must name one issuer beside --jwks, found " + String.join(", ", issuers));
        }
        return issuers.iterator().next();
    }
}
