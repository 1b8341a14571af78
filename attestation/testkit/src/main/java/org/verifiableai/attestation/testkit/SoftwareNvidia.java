package org.verifiableai.attestation.testkit;

import java.time.Instant;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchor;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchors;

/**
 * An authority made of software that stands where NVIDIA's device identity root stands, and makes devices. Immutable and
 * thread-safe.
 *
 * <p>Its root bears the name of NVIDIA's and has another key: it is trusted only where a caller passes
 * {@link #trustAnchors()} to a verifier, and never by {@link NvidiaTrustAnchors#nvidia()}. Its evidence proves nothing
 * about any machine.
 *
 * <pre>{@code
 * SoftwareNvidia nvidia = SoftwareNvidia.create();
 * SoftwareGpu gpu = nvidia.device(GpuArchitecture.HOPPER);
 * GpuVerifier verifier = GpuVerifier.builder().trustAnchors(nvidia.trustAnchors()).build();
 * Verdict<GpuReport> verdict = verifier.verify(gpu.evidence(nonce), policy);
 * }</pre>
 */
public final class SoftwareNvidia {

    /** The name of its root, which is that of NVIDIA's own. */
    static final String ROOT = "CN=NVIDIA Device Identity CA,O=NVIDIA";

    private static final Instant FROM = Instant.parse("2020-10-17T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");

    private final SoftwareKey rootKey;
    private final Bytes rootCertificate;
    private final Instant from;
    private final Instant until;

    private SoftwareNvidia(SoftwareKey rootKey, Bytes rootCertificate, Instant from, Instant until) {
        this.rootKey = rootKey;
        this.rootCertificate = rootCertificate;
        this.from = from;
        this.until = until;
    }

    /** A new authority with a key of its own. Like NVIDIA's, its certificates do not expire before the year 10000. */
    public static SoftwareNvidia create() {
        return create(FROM, UNTIL);
    }

    /** A new authority with a key of its own, all of whose certificates are valid from one instant until another. */
    public static SoftwareNvidia create(Instant from, Instant until) {
        SoftwareKey key = SoftwareKey.generate();
        Bytes certificate =
                DeviceCertificate.authority(ROOT, ROOT, key, from, until).signedBy(key);
        return new SoftwareNvidia(key, certificate, from, until);
    }

    /** What a verifier needs in order to trust this authority's devices, and nobody else's. */
    public NvidiaTrustAnchors trustAnchors() {
        return NvidiaTrustAnchors.of(
                new NvidiaTrustAnchor(ROOT, "software", rootCertificate.sha256(), rootKey.spkiDer()));
    }

    /** Its root certificate, DER. */
    public Bytes rootCertificate() {
        return rootCertificate;
    }

    /** A new device with a key of its own, a chain of five certificates, and a report like that of a real device. */
    public SoftwareGpu device(GpuArchitecture architecture) {
        DeviceProfile profile = DeviceProfile.of(architecture);
        SoftwareKey identityKey = SoftwareKey.generate();
        SoftwareKey provisionerKey = SoftwareKey.generate();
        SoftwareKey bromKey = SoftwareKey.generate();
        SoftwareKey leafKey = SoftwareKey.generate();
        String brom = profile.bromName(identifier(bromKey, 9));
        String leaf = profile.leafName(identifier(leafKey, 20));
        DeviceCertificate leafCertificate = DeviceCertificate.leaf(brom, leaf, leafKey, from, until);
        profile.stateFwid(leafCertificate, leafKey);
        Bytes bromCertificate = DeviceCertificate.authority(profile.provisionerName(), brom, bromKey, from, until)
                .signedBy(provisionerKey);
        Bytes provisionerCertificate = DeviceCertificate.authority(
                        profile.identityName(), profile.provisionerName(), provisionerKey, from, until)
                .signedBy(identityKey);
        Bytes identityCertificate = DeviceCertificate.authority(ROOT, profile.identityName(), identityKey, from, until)
                .signedBy(rootKey);
        return new SoftwareGpu(
                leafKey,
                List.of(
                        leafCertificate.signedBy(bromKey),
                        bromCertificate,
                        provisionerCertificate,
                        identityCertificate,
                        rootCertificate),
                List.of(
                        SoftwareOcsp.of(provisionerKey, provisionerCertificate),
                        SoftwareOcsp.of(identityKey, identityCertificate),
                        SoftwareOcsp.of(rootKey, rootCertificate)),
                profile.measurements(),
                profile.opaqueFields(),
                Bytes.EMPTY);
    }

    /**
     * A new machine in protected PCIe mode: GPUs and switches that name each other. NVIDIA's have eight and four.
     *
     * @param gpus 1 to 8
     * @param switches 1 to 18
     */
    public SoftwareGpuSystem protectedPcie(int gpus, int switches) {
        return SoftwareGpuSystem.of(this, gpus, switches);
    }

    SoftwareKey rootKey() {
        return rootKey;
    }

    private static String identifier(SoftwareKey key, int bytes) {
        return key.spkiDer().sha256().slice(0, bytes).hex();
    }
}
