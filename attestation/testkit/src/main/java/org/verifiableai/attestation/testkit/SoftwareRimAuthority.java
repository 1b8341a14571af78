package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchor;
import org.verifiableai.attestation.nvidia.NvidiaTrustAnchors;

/**
 * An authority made of software that stands where NVIDIA's authority for reference values stands: a root, two authorities
 * below it, and a signer of manifests. Immutable and thread-safe.
 *
 * <p>Its root bears the name of NVIDIA's and has another key: it is trusted only where a caller passes
 * {@link #trustAnchors()} to a verifier, and never by {@link NvidiaTrustAnchors#rim()}.
 *
 * <pre>{@code
 * SoftwareRimAuthority authority = SoftwareRimAuthority.create();
 * Bytes driver = authority.driver(gpu).xml();
 * Bytes vbios = authority.vbios(gpu).xml();
 * }</pre>
 */
public final class SoftwareRimAuthority {

    private static final String ROOT = "C=US,O=NVIDIA,CN=NVIDIA CoRIM signing Root CA";
    private static final String AUTHORITY = "CN=NVIDIA Reference Value GH100 CA,O=NVIDIA Corporation,C=US";
    private static final String INTERMEDIATE = "CN=NVIDIA Reference Value L3 GH100 002,O=NVIDIA Corporation,C=US";
    private static final String SIGNER = "C=US,ST=CA,L=Santa Clara,O=NVIDIA Corporation,CN=HCC RIM L4 Signer";
    private static final Instant FROM = Instant.parse("2020-10-17T00:00:00Z");
    private static final Instant UNTIL = Instant.parse("9999-12-31T23:59:59Z");
    private static final int INDICES = 64;

    private final List<SoftwareKey> keys;
    private final List<Bytes> certificates;

    /** Leaf first, in the order of the certificates. */
    private SoftwareRimAuthority(List<SoftwareKey> keys, List<Bytes> certificates) {
        this.keys = List.copyOf(keys);
        this.certificates = List.copyOf(certificates);
    }

    /** A new authority with keys of its own, whose certificates do not expire before the year 10000. */
    public static SoftwareRimAuthority create() {
        return create(FROM, UNTIL);
    }

    /** A new authority with keys of its own, all of whose certificates are valid from one instant until another. */
    public static SoftwareRimAuthority create(Instant from, Instant until) {
        SoftwareKey root = SoftwareKey.generate();
        SoftwareKey authority = SoftwareKey.generate();
        SoftwareKey intermediate = SoftwareKey.generate();
        SoftwareKey signer = SoftwareKey.generate();
        return new SoftwareRimAuthority(
                List.of(signer, intermediate, authority, root),
                List.of(
                        signer(signer, from, until).signedBy(intermediate),
                        DeviceCertificate.begin(AUTHORITY, INTERMEDIATE, intermediate, from, until)
                                .with(Extension.basicConstraints, true, new BasicConstraints(0))
                                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                                .signedBy(authority),
                        DeviceCertificate.authority(ROOT, AUTHORITY, authority, from, until)
                                .signedBy(root),
                        DeviceCertificate.authority(ROOT, ROOT, root, from, until)
                                .signedBy(root)));
    }

    /**
     * The same authority with a new signer, whose certificate alone has this validity: as when NVIDIA signs its manifests
     * again, or has not done so for too long.
     */
    public SoftwareRimAuthority withSigner(Instant from, Instant until) {
        SoftwareKey signer = SoftwareKey.generate();
        return new SoftwareRimAuthority(
                List.of(signer, keys.get(1), keys.get(2), keys.get(3)),
                List.of(
                        signer(signer, from, until).signedBy(keys.get(1)),
                        certificates.get(1),
                        certificates.get(2),
                        certificates.get(3)));
    }

    /** What a verifier needs in order to trust this authority's manifests, and nobody else's. */
    public NvidiaTrustAnchors trustAnchors() {
        return NvidiaTrustAnchors.of(new NvidiaTrustAnchor(
                ROOT, "software", rootCertificate().sha256(), keys.get(3).spkiDer()));
    }

    /** Its root certificate, DER. */
    public Bytes rootCertificate() {
        return certificates.get(3);
    }

    /** The certificates of its signer, DER, leaf first and root last. */
    public List<Bytes> certificates() {
        return certificates;
    }

    /**
     * The manifest of the driver that {@code gpu} reports, with the values that it measures now.
     *
     * @throws IllegalArgumentException if {@code gpu} reports no driver, as a switch does not
     */
    public SoftwareRim driver(SoftwareGpu gpu) {
        String version = report(gpu)
                .opaqueData()
                .driverVersion()
                .orElseThrow(() -> new IllegalArgumentException("device must report a driver, found none"));
        return manifest(version, gpu, IntStream.concat(IntStream.of(7), IntStream.rangeClosed(21, 40)));
    }

    /** The manifest of the firmware image that {@code gpu} reports, with the values that it measures now. */
    public SoftwareRim vbios(SoftwareGpu gpu) {
        IntStream inForce = isSwitch(gpu)
                ? IntStream.rangeClosed(0, 30)
                : IntStream.rangeClosed(0, 12).filter(index -> index != 7);
        return manifest(report(gpu).opaqueData().vbiosVersion(), gpu, inForce);
    }

    private SoftwareRim manifest(String version, SoftwareGpu gpu, IntStream inForce) {
        SortedMap<Integer, SoftwareRim.Resource> resources = new TreeMap<>();
        for (int index = 0; index < INDICES; index++) {
            resources.put(index, SoftwareRim.Resource.OUT_OF_FORCE);
        }
        SortedMap<Integer, Bytes> measurements = report(gpu).measurements();
        inForce.filter(index -> measurements.containsKey(index + 1))
                .forEach(index ->
                        resources.put(index, new SoftwareRim.Resource(true, List.of(measurements.get(index + 1)))));
        return new SoftwareRim(
                new SoftwareRim.Content(version, product(gpu), isSwitch(gpu) ? "SWITCH" : "GPU", resources),
                keys.get(0),
                certificates);
    }

    /**
     * Who answers for one certificate of its signer.
     *
     * @param certificate 0 to 2: nobody answers for the root
     */
    public SoftwareOcsp ocsp(int certificate) {
        Objects.checkIndex(certificate, certificates.size() - 1);
        return SoftwareOcsp.of(issuerKey(certificate), certificates.get(certificate + 1));
    }

    /** Good answers about certificates 0 to 2, in that order. */
    public List<Bytes> ocspAnswers(Instant thisUpdate) {
        return IntStream.range(0, certificates.size() - 1)
                .mapToObj(i -> ocsp(i).answer(certificates.get(i), thisUpdate))
                .toList();
    }

    /** Signs manifests. */
    SoftwareKey signerKey() {
        return keys.get(0);
    }

    /** The key that issued the certificate at {@code index}, counted from the leaf. */
    SoftwareKey issuerKey(int index) {
        return keys.get(Math.min(index + 1, keys.size() - 1));
    }

    private static DeviceCertificate signer(SoftwareKey key, Instant from, Instant until) {
        return DeviceCertificate.leaf(INTERMEDIATE, SIGNER, key, from, until)
                .with(Extension.basicConstraints, true, new BasicConstraints(false));
    }

    private static GpuReport report(SoftwareGpu gpu) {
        try {
            return GpuReport.parse(gpu.report(Bytes.zeros(GpuReport.NONCE_SIZE)));
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException("device must give a report that can be read: " + e.getMessage(), e);
        }
    }

    private static boolean isSwitch(SoftwareGpu gpu) {
        return product(gpu).equals("LS10");
    }

    private static String product(SoftwareGpu gpu) {
        try {
            String leaf = new X509CertificateHolder(gpu.certificates().get(0).toByteArray())
                    .getSubject()
                    .toString();
            return leaf.contains("LS_10") ? "LS10" : leaf.contains("GB100") ? "GB100" : "GH100";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
