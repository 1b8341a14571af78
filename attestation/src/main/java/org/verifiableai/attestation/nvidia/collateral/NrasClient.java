package org.verifiableai.attestation.nvidia.collateral;

import java.net.URI;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.ClientSettings;
import org.verifiableai.attestation.internal.http.ResourceClient;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuReport;

/**
 * Has evidence judged by NVIDIA's remote attestation service (NRAS), or another one of its interface. Immutable to its users
 * and thread-safe; a program needs one, and many threads may share it.
 *
 * <p>What comes back is a detached EAT bundle: tokens that say what the service found, also where that is a failure. The
 * client trusts it no more than evidence. It only sees to it that it is a bundle; whether the service signed it, for this
 * nonce and these devices, and what is in it, is for the verifier of tokens to say. The service learns the evidence, serial
 * numbers included.
 *
 * <p>The same evidence may be judged any number of times, so that a request which failed is repeated. Nothing is kept.
 * Failures are {@link EvidenceUnavailableException}. They are retryable where the service is down, slow, busy (429), in
 * trouble (5xx) or answers something else; and not where it refuses the request (401 and 403, for want of a licence or a
 * service key, and other 4xx), leads to another server, cannot prove its name, or where the client is offline.
 *
 * <pre>{@code
 * NrasClient nras = NrasClient.builder().serviceKey(key).build();
 * for (Bytes bundle : nras.attest(evidence, nonce).values()) {
 *     // give it to a TokenVerifier, with the keys of a JwksClient
 * }
 * }</pre>
 */
public final class NrasClient {

    /** NVIDIA's service. */
    public static final URI NVIDIA = URI.create("https://nras.attestation.nvidia.com");

    /** The interfaces that the service has. */
    public enum Version {
        /** Version 3, which makes claims of version 2.0 unless asked otherwise. */
        V3("v3"),
        /** Version 4. */
        V4("v4");

        private final String segment;

        Version(String segment) {
            this.segment = segment;
        }

        String segment() {
            return segment;
        }
    }

    /** The forms that its claims may have. */
    public enum ClaimsVersion {
        /** Claims 2.0, which are flat. */
        FLAT("2.0"),
        /** Claims 3.0, which are granular. */
        GRANULAR("3.0");

        private final String text;

        ClaimsVersion(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final ResourceClient client;
    private final Version version;
    private final ClaimsVersion claims;
    private final boolean allowCertHold;

    private NrasClient(Builder builder, ResourceClient client) {
        this.client = client;
        this.version = builder.version;
        this.claims = builder.claims;
        this.allowCertHold = builder.allowCertHold;
    }

    /** A client to be set up; as it stands it asks NVIDIA, by version 4 for claims 3.0, without a service key. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Sends evidence, with one request for each family of devices, since the service takes no others.
     *
     * @param evidence what the devices handed over, at least one
     * @param nonce the nonce that their reports answer, {@link GpuReport#NONCE_SIZE} bytes
     * @return a detached EAT bundle for each family, JSON, not trusted
     * @throws IllegalArgumentException if there is no evidence, or the nonce is of another size
     * @throws MalformedEvidenceException if the certificates of a device name no known family
     * @throws EvidenceUnavailableException if one of the bundles could not be had
     */
    public SortedMap<GpuArchitecture, Bytes> attest(List<GpuEvidence> evidence, Bytes nonce)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException("evidence must be of at least one device, found none");
        }
        if (nonce.size() != GpuReport.NONCE_SIZE) {
            throw new IllegalArgumentException(
                    "nonce must be of " + GpuReport.NONCE_SIZE + " bytes, found " + nonce.size());
        }
        SortedMap<GpuArchitecture, Bytes> bundles = new TreeMap<>();
        for (Map.Entry<GpuArchitecture, List<GpuEvidence>> family :
                families(evidence).entrySet()) {
            NrasResource resource =
                    NrasResource.of(version, claims, allowCertHold, family.getKey(), family.getValue(), nonce);
            bundles.put(family.getKey(), client.get(resource).parts().get(0));
        }
        return bundles;
    }

    private static Map<GpuArchitecture, List<GpuEvidence>> families(List<GpuEvidence> evidence)
            throws MalformedEvidenceException {
        Map<GpuArchitecture, List<GpuEvidence>> families = new EnumMap<>(GpuArchitecture.class);
        for (int i = 0; i < evidence.size(); i++) {
            GpuEvidence device = evidence.get(i);
            if (device.architecture().isEmpty()) {
                throw new MalformedEvidenceException(
                        "certificates of device " + i,
                        MalformedEvidenceException.NO_OFFSET,
                        "those of a device of a known family",
                        "others");
            }
            families.computeIfAbsent(device.architecture().get(), family -> new ArrayList<>())
                    .add(device);
        }
        return families;
    }

    /** Sets up an {@link NrasClient}. Not thread-safe. */
    public static final class Builder {

        private ServiceSettings settings = ServiceSettings.defaults();
        private URI baseUri = NVIDIA;
        private Version version = Version.V4;
        private ClaimsVersion claims = ClaimsVersion.GRANULAR;
        private boolean allowCertHold;
        private @Nullable String serviceKey;

        private Builder() {}

        /** Asks and waits in this way; there is nothing to remember. */
        public Builder settings(ServiceSettings shared) {
            settings = shared;
            return this;
        }

        /** Asks this service in place of {@link NrasClient#NVIDIA}. */
        public Builder baseUri(URI address) {
            baseUri = address;
            return this;
        }

        /** Asks by this interface, for claims of this form. */
        public Builder version(Version wanted, ClaimsVersion form) {
            version = wanted;
            claims = form;
            return this;
        }

        /** Asks the service to let certificates pass that are on hold, by {@code X-NVIDIA-OCSP-ALLOW-CERT-HOLD}. */
        public Builder allowCertHold() {
            allowCertHold = true;
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

        /**
         * The client.
         *
         * @throws IllegalArgumentException if the address or the key makes no sense; no message has the key
         */
        public NrasClient build() {
            ClientSettings all = settings.forService("attestation service", baseUri, 1);
            if (serviceKey != null) {
                all.bearer(serviceKey);
            }
            return new NrasClient(this, all.build());
        }
    }
}
