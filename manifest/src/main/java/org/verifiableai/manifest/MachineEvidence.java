package org.verifiableai.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.snp.SnpEvidence;

/**
 * What a machine said of itself, as a manifest carries it: the key, the report with its certificates, the GPU's evidence.
 *
 * @param spki the DER SubjectPublicKeyInfo of the manifest's key
 * @param snp the report with its endorsements
 * @param gpu the GPU's evidence
 * @param gpuBytes the bytes of the GPU's evidence, which the report binds; empty where there is none
 */
record MachineEvidence(Bytes spki, SnpEvidence snp, Optional<GpuEvidence> gpu, Bytes gpuBytes) {

    private static final String REPORT = "tee/snp-report";
    private static final String VEK = "tee/snp-vek";
    private static final String CA = "tee/snp-ca";
    private static final String CRL = "tee/snp-crl";
    private static final String GPU = "tee/gpu-evidence";

    private static final String REPORT_TYPE = "application/vnd.verifiableai.sev-snp-report";
    private static final String CERTIFICATE_TYPE = "application/pkix-cert";
    private static final String CRL_TYPE = "application/pkix-crl";
    private static final String GPU_TYPE = "application/json";

    private static final int MAX_FILES = 16;

    /** Reads the evidence that a manifest names. Every part is played once, and none that is not known. */
    static MachineEvidence read(Provenance provenance, ManifestFolder folder)
            throws MalformedEvidenceException, IOException {
        Bytes spki = folder.evidence(provenance.key().fingerprint());
        if (provenance.evidence().size() > MAX_FILES) {
            throw JsonObject.wrong(
                    "evidence",
                    "at most " + MAX_FILES + " pieces",
                    provenance.evidence().size() + " pieces");
        }
        List<EvidenceFile> files = new ArrayList<>();
        for (EvidenceReference reference : provenance.evidence()) {
            requireKnown(reference);
            files.add(new EvidenceFile(reference.name(), reference.mediaType(), folder.evidence(reference.sha256())));
        }
        SnpEvidence snp = new SnpEvidence(one(REPORT, files), one(VEK, files), named(CA, files), named(CRL, files));
        Optional<Bytes> gpu = optional(GPU, files);
        return new MachineEvidence(
                spki,
                snp,
                gpu.isPresent() ? Optional.of(parseGpu(gpu.get())) : Optional.empty(),
                gpu.orElse(Bytes.EMPTY));
    }

    /** The pieces that go into a manifest, without the key. */
    List<EvidenceFile> files() {
        List<EvidenceFile> files = new ArrayList<>();
        files.add(new EvidenceFile(REPORT, REPORT_TYPE, snp.report()));
        files.add(new EvidenceFile(VEK, CERTIFICATE_TYPE, snp.vek()));
        snp.authorities().forEach(ca -> files.add(new EvidenceFile(CA, CERTIFICATE_TYPE, ca)));
        snp.revocationLists().forEach(crl -> files.add(new EvidenceFile(CRL, CRL_TYPE, crl)));
        if (gpu.isPresent()) {
            files.add(new EvidenceFile(GPU, GPU_TYPE, gpuBytes));
        }
        return files;
    }

    /** Reads the form of NVIDIA's collectors, which may hold several devices; a manifest has one. */
    static GpuEvidence parseGpu(Bytes json) throws MalformedEvidenceException {
        List<GpuEvidence> devices = GpuEvidence.parseJson(json);
        if (devices.size() != 1) {
            throw JsonObject.wrong(GPU, "evidence of one GPU", devices.size() + " devices");
        }
        return devices.get(0);
    }

    private static void requireKnown(EvidenceReference reference) throws MalformedEvidenceException {
        String expected = switch (reference.name()) {
            case REPORT -> REPORT_TYPE;
            case VEK, CA -> CERTIFICATE_TYPE;
            case CRL -> CRL_TYPE;
            case GPU -> GPU_TYPE;
            default -> throw JsonObject.wrong("evidence", "a part that is known", reference.name());
        };
        if (!reference.mediaType().equals(expected)) {
            throw JsonObject.wrong(reference.name(), "media type " + expected, reference.mediaType());
        }
    }

    private static List<Bytes> named(String name, List<EvidenceFile> files) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .map(EvidenceFile::content)
                .toList();
    }

    private static Optional<Bytes> optional(String name, List<EvidenceFile> files) throws MalformedEvidenceException {
        List<Bytes> named = named(name, files);
        if (named.size() > 1) {
            throw JsonObject.wrong("evidence", "one " + name, named.size() + " of them");
        }
        return named.stream().findFirst();
    }

    private static Bytes one(String name, List<EvidenceFile> files) throws MalformedEvidenceException {
        Optional<Bytes> named = optional(name, files);
        if (named.isEmpty()) {
            throw JsonObject.wrong("evidence", "one " + name, "none");
        }
        return named.get();
    }
}
