package org.verifiableai.examples.vai;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.GpuCollateral;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import picocli.CommandLine.Option;

/** The options that name evidence of devices, and what NVIDIA says of them. */
final class GpuEvidenceOptions {

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "A device's report, bytes or hex text; once for each device, with its --chain.")
    private final List<Path> reports = new ArrayList<>();

    @Option(
            names = "--chain",
            paramLabel = "FILE",
            description = "The certificates of a report, PEM, leaf first; in the order of the reports.")
    private final List<Path> chains = new ArrayList<>();

    @Option(
            names = "--evidence",
            paramLabel = "FILE",
            description = "The evidence of several devices as the JSON of NVIDIA's collectors; may be given again, for"
                    + " switches as an example.")
    private final List<Path> evidence = new ArrayList<>();

    @Option(
            names = "--rim",
            paramLabel = "FILE",
            arity = "1..*",
            description = "NVIDIA's reference values for a driver or a VBIOS, XML.")
    private final List<Path> rims = new ArrayList<>();

    @Option(
            names = "--ocsp",
            paramLabel = "FILE",
            arity = "1..*",
            description = "An answer of NVIDIA's OCSP responder, DER or base64.")
    private final List<Path> ocspResponses = new ArrayList<>();

    /** Whether OCSP answers are named, which then are the ones to go by. */
    boolean namesOcsp() {
        return !ocspResponses.isEmpty();
    }

    /**
     * The evidence, in the order of the command line: reports first.
     *
     * @throws IllegalArgumentException if there is none, or reports and chains do not pair
     */
    List<GpuEvidence> toEvidence() throws MalformedEvidenceException, EvidenceUnavailableException {
        if (reports.size() != chains.size()) {
            throw new IllegalArgumentException("expected one --chain for each --report, found " + reports.size()
                    + " reports and " + chains.size() + " chains");
        }
        if (reports.isEmpty() && evidence.isEmpty()) {
            throw new IllegalArgumentException("expected --report with --chain, or --evidence, found neither");
        }
        List<GpuEvidence> devices = new ArrayList<>();
        for (int i = 0; i < reports.size(); i++) {
            devices.add(GpuFiles.evidence(reports.get(i), chains.get(i)));
        }
        for (Path file : evidence) {
            devices.addAll(GpuFiles.evidence(file));
        }
        return devices;
    }

    /** What is named of NVIDIA's word. */
    GpuCollateral toCollateral() throws MalformedEvidenceException, EvidenceUnavailableException {
        List<Bytes> manifests = GpuFiles.rims(rims);
        return new GpuCollateral(manifests, GpuFiles.ocspResponses(ocspResponses));
    }
}
