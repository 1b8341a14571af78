package org.verifiableai.attestation.nvidia.collateral;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.http.ClientSettings;
import org.verifiableai.attestation.internal.http.ResourceClient;
import org.verifiableai.attestation.nvidia.RimId;

/**
 * Gets reference integrity manifests from NVIDIA's RIM service, or from a mirror of it. Immutable to its users and
 * thread-safe; a program needs one, and many threads may share it.
 *
 * <p>A manifest is kept in memory and, if a folder is given, on disk, by its identifier. NVIDIA signs one manifest anew under
 * another certificate before the old one expires, so that after the refresh age the service is asked again; as long as it
 * has nothing newer to say, the manifest at hand is used.
 *
 * <p>What the service says is not trusted: every manifest is signed and verified by {@link
 * org.verifiableai.attestation.nvidia.GpuVerifier}. The client only sees to it that an answer is by its own account the one
 * that was asked for: its identifier is the one asked for, its digest that of the document, and the document a manifest.
 *
 * <p>A manifest that the service does not have (404) is no failure but an empty answer, which is remembered for a minute.
 * Failures are {@link EvidenceUnavailableException}, and none is cached. They are retryable where the service is down, slow,
 * busy (429), in trouble (5xx) or answers something else; and not where it refuses the request (401 and 403, as for want of
 * a service key, and other 4xx), leads to another server, cannot prove its name, or where the client is offline.
 *
 * <p>A report is untrusted when its manifests are fetched, so whoever sends reports decides what the service is asked for.
 * Where strangers send them, limit how many.
 *
 * <pre>{@code
 * RimClient rims = RimClient.builder().serviceKey(key).build();
 * Optional<Bytes> xml = rims.rim(new RimId("NV_GPU_DRIVER_GH100_550.90.07"));
 * }</pre>
 */
public final class RimClient implements RimSource {

    /** NVIDIA's service. */
    public static final URI NVIDIA = URI.create("https://rim.attestation.nvidia.com");

    /** The largest manifest that is taken, in bytes. Real ones have 100 KiB at most. */
    static final int MAX_RIM = 512 * 1024;

    private final ResourceClient client;

    private RimClient(ResourceClient client) {
        this.client = client;
    }

    /** A client to be set up; as it stands it asks NVIDIA, without a service key, and keeps answers in memory. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public Optional<Bytes> rim(RimId id) throws EvidenceUnavailableException {
        return client.get(new RimResource(id)).parts().stream().findFirst();
    }

    /** Sets up a {@link RimClient}. Not thread-safe. */
    public static final class Builder {

        private static final int DEFAULT_MEMORY_ENTRIES = 64;

        private ServiceSettings settings = ServiceSettings.defaults();
        private URI baseUri = NVIDIA;
        private Duration refreshAge = Duration.ofDays(1);
        private int memoryEntries = DEFAULT_MEMORY_ENTRIES;
        private @Nullable String serviceKey;

        private Builder() {}

        /** Asks, waits and remembers in this way. */
        public Builder settings(ServiceSettings shared) {
            settings = shared;
            return this;
        }

        /** Asks this service in place of {@link RimClient#NVIDIA}: a mirror, with NVIDIA's paths below this address. */
        public Builder baseUri(URI address) {
            baseUri = address;
            return this;
        }

        /**
         * Shows the service this key, as {@code Authorization: Bearer}. It is sent to this client's service alone, in no
         * message, and over nothing but https, except on the machine itself.
         */
        public Builder serviceKey(String key) {
            serviceKey = key;
            return this;
        }

        /** Asks for a newer signature of a manifest when the one at hand is this old; 1 day if this is not set. */
        public Builder refreshAge(Duration age) {
            refreshAge = age;
            return this;
        }

        /** Keeps so many manifests in memory, some 100 KiB each; 64 if this is not set. */
        public Builder memoryEntries(int manifests) {
            memoryEntries = manifests;
            return this;
        }

        /**
         * The client.
         *
         * @throws IllegalArgumentException if the address, the key, an age or a number makes no sense; no message has the
         *     key
         */
        public RimClient build() {
            ClientSettings all = settings.forService("rim service", baseUri, memoryEntries);
            all.refreshAge(refreshAge);
            if (serviceKey != null) {
                all.bearer(serviceKey);
            }
            return new RimClient(all.build());
        }
    }
}
