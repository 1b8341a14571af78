package org.verifiableai.attestation.nvidia.collateral;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.ClientSettings;
import org.verifiableai.attestation.internal.http.ResourceClient;
import org.verifiableai.attestation.internal.x509.OcspCertId;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * Asks NVIDIA's OCSP service, or a mirror of it, whether certificates still stand (RFC 6960). Immutable to its users and
 * thread-safe; a program needs one, and many threads may share it.
 *
 * <p>A question names the certificate by SHA-384 and has, unless this is switched off, a critical nonce of 32 random bytes. An
 * answer is kept in memory and, if a folder is given, on disk until its nextUpdate, and asked for anew before that when it
 * is older than the refresh age; but where the nonce is {@linkplain OcspNonce#REQUIRE required} nothing is kept, and only
 * threads that ask at the same time share one answer.
 *
 * <p>What the service says is not trusted: every answer is signed and verified by {@link
 * org.verifiableai.attestation.nvidia.GpuVerifier}, which also judges its times. The client only sees to it that an answer
 * speaks of the certificate it was asked about and repeats no other nonce. That a certificate is revoked is an answer as
 * any other.
 *
 * <p>Failures are {@link EvidenceUnavailableException}, and none is cached. They are retryable where the service is down, slow,
 * busy (429, or tryLater), in trouble (5xx, or internalError) or answers something else; and not where it refuses the
 * request (other 4xx, or malformedRequest, sigRequired and unauthorized), leads to another server, cannot prove its name, or
 * where the client is offline.
 *
 * <pre>{@code
 * OcspClient ocsp = OcspClient.builder().nonce(OcspNonce.REQUIRE).build();
 * Optional<Bytes> response = ocsp.response(certificate, issuer);
 * }</pre>
 */
public final class OcspClient implements OcspSource {

    /** NVIDIA's service. */
    public static final URI NVIDIA = URI.create("https://ocsp.ndis.nvidia.com");

    private final ResourceClient client;
    private final OcspNonce nonce;
    private final SecureRandom random;

    private OcspClient(ResourceClient client, OcspNonce nonce, SecureRandom random) {
        this.client = client;
        this.nonce = nonce;
        this.random = random;
    }

    /** A client to be set up; as it stands it asks NVIDIA, takes answers with and without nonce, and keeps them in memory. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Never empty.
     */
    @Override
    public Optional<Bytes> response(Bytes certificate, Bytes issuer)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        OcspCertId certId = OcspCertId.of(X509Cert.parse(certificate), X509Cert.parse(issuer));
        return client.get(new OcspResource(certId, nonce, random)).parts().stream()
                .findFirst();
    }

    /** Sets up an {@link OcspClient}. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_MEMORY_ENTRIES = 2_000;

        private ServiceSettings settings = ServiceSettings.defaults();
        private URI baseUri = NVIDIA;
        private OcspNonce nonce = OcspNonce.IF_ECHOED;
        private Duration refreshAge = Duration.ofDays(1);
        private int memoryEntries = DEFAULT_MEMORY_ENTRIES;
        private SecureRandom random = new SecureRandom();

        private Builder() {}

        /** Asks, waits and remembers in this way. */
        public Builder settings(ServiceSettings shared) {
            settings = shared;
            return this;
        }

        /** Asks this service in place of {@link OcspClient#NVIDIA}. */
        public Builder baseUri(URI address) {
            baseUri = address;
            return this;
        }

        /** What to make of nonces; {@link OcspNonce#IF_ECHOED} if this is not set. */
        public Builder nonce(OcspNonce wanted) {
            nonce = wanted;
            return this;
        }

        /** Asks for a newer answer when the one at hand is this old, whatever its nextUpdate; 1 day if this is not set. */
        public Builder refreshAge(Duration age) {
            refreshAge = age;
            return this;
        }

        /** Keeps so many answers in memory, some 2 KiB each; 2000 if this is not set. */
        public Builder memoryEntries(int answers) {
            memoryEntries = answers;
            return this;
        }

        /** Takes nonces from here. */
        public Builder random(SecureRandom source) {
            random = source;
            return this;
        }

        /**
         * The client.
         *
         * @throws IllegalArgumentException if the address, an age or a number makes no sense
         */
        public OcspClient build() {
            ClientSettings all = settings.forService("ocsp service", baseUri, memoryEntries);
            all.refreshAge(refreshAge);
            return new OcspClient(all.build(), nonce, random);
        }
    }
}
