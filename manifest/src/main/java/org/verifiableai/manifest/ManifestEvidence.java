package org.verifiableai.manifest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * What a machine said of itself, as a manifest carries it: the key, the report with its certificates, the GPUs' evidence
 * and what NVIDIA says of it.
 *
 * @param spki the DER SubjectPublicKeyInfo of the manifest's key
 * @param snp the report with its endorsements
 * @param gpuBytes the bytes of the GPUs' evidence, which the report binds; empty where there is none
 * @param collateral NVIDIA's word on the GPUs' firmware and certificates, as the signer had it at hand
 */
record ManifestEvidence(Bytes spki, SnpEvidence snp, Bytes gpuBytes, GpuCollateral collateral) {

    static final String REPORT = "tee/snp-report";
    private static final String VEK = "tee/snp-vek";
    private static final String CA = "tee/snp-ca";
    private static final String CRL = "tee/snp-crl";
    private static final String GPU_PREFIX = "tee/gpu-";
    private static final String GPU = "tee/gpu-evidence";
    private static final String GPU_RIM = "tee/gpu-rim";
    private static final String GPU_OCSP = "tee/gpu-ocsp";

    private static final String REPORT_TYPE = "application/vnd.verifiableai.sev-snp-report";
    private static final String CERTIFICATE_TYPE = "application/pkix-cert";
    private static final String CRL_TYPE = "application/pkix-crl";
    private static final String GPU_TYPE = "application/json";
    private static final String GPU_RIM_TYPE = "application/swid+xml";
    private static final String GPU_OCSP_TYPE = "application/ocsp-response";

    // Eight GPUs and four switches of one kind have three RIMs and some forty OCSP responses.
    private static final int MAX_FILES = 128;

    /** Reads the evidence that a manifest names. Every part is played once, and none that is not known. */
    static ManifestEvidence read(Provenance provenance, ManifestFolder folder)
            throws MalformedEvidenceException, IOException {
        Bytes spki = folder.evidence(provenance.key().fingerprint());
        List<EvidenceFile> files = read(provenance.evidence(), folder);
        return new ManifestEvidence(
                spki,
                report(files),
                optional(GPU, files).orElse(Bytes.EMPTY),
                new GpuCollateral(named(GPU_RIM, files), named(GPU_OCSP, files)));
    }

    /** Reads a report and what goes with it, and nothing of a GPU. */
    static SnpEvidence readReport(List<EvidenceReference> references, ManifestFolder folder)
            throws MalformedEvidenceException, IOException {
        for (EvidenceReference reference : references) {
            if (reference.name().startsWith(GPU_PREFIX)) {
                throw JsonObject.wrong("evidence", "a part of a report", reference.name());
            }
        }
        return report(read(references, folder));
    }

    /** A report and what goes with it as pieces of evidence. */
    static List<EvidenceFile> files(SnpEvidence snp) {
        List<EvidenceFile> files = new ArrayList<>();
        files.add(new EvidenceFile(REPORT, REPORT_TYPE, snp.report()));
        files.add(new EvidenceFile(VEK, CERTIFICATE_TYPE, snp.vek()));
        snp.authorities().forEach(ca -> files.add(new EvidenceFile(CA, CERTIFICATE_TYPE, ca)));
        snp.revocationLists().forEach(crl -> files.add(new EvidenceFile(CRL, CRL_TYPE, crl)));
        return files;
    }

    private static List<EvidenceFile> read(List<EvidenceReference> references, ManifestFolder folder)
            throws MalformedEvidenceException, IOException {
        if (references.size() > MAX_FILES) {
            throw JsonObject.wrong("evidence", "at most " + MAX_FILES + " pieces", references.size() + " pieces");
        }
        List<EvidenceFile> files = new ArrayList<>();
        for (EvidenceReference reference : references) {
            requireKnown(reference);
            files.add(new EvidenceFile(reference.name(), reference.mediaType(), folder.evidence(reference.sha256())));
        }
        return files;
    }

    private static SnpEvidence report(List<EvidenceFile> files) throws MalformedEvidenceException {
        return new SnpEvidence(one(REPORT, files), one(VEK, files), named(CA, files), named(CRL, files));
    }

    /** The pieces that go into a manifest, without the key. */
    List<EvidenceFile> files() {
        List<EvidenceFile> files = files(snp);
        if (!gpuBytes.isEmpty()) {
            files.add(new EvidenceFile(GPU, GPU_TYPE, gpuBytes));
        }
        collateral.rims().forEach(rim -> files.add(new EvidenceFile(GPU_RIM, GPU_RIM_TYPE, rim)));
        collateral.ocspResponses().forEach(ocsp -> files.add(new EvidenceFile(GPU_OCSP, GPU_OCSP_TYPE, ocsp)));
        return files;
    }

    private static void requireKnown(EvidenceReference reference) throws MalformedEvidenceException {
        String expected = switch (reference.name()) {
            case REPORT -> REPORT_TYPE;
            case VEK, CA -> CERTIFICATE_TYPE;
            case CRL -> CRL_TYPE;
            case GPU -> GPU_TYPE;
            case GPU_RIM -> GPU_RIM_TYPE;
            case GPU_OCSP -> GPU_OCSP_TYPE;
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
