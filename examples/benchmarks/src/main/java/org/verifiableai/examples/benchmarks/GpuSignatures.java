package org.verifiableai.examples.benchmarks;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuReport;

/**
 * The signatures of a device's evidence that nobody can have verified before, alone: that of a new report, by a key that is
 * decoded already, and for a device never seen also that of its leaf certificate, whose key has to be decoded.
 */
final class GpuSignatures {

    private final SignatureEngine engine;
    private final Bytes leafSpki;
    private final VerificationKey leafKey;
    private final byte[] signed;
    private final byte[] signature;

    GpuSignatures(SignatureEngine engine, GpuEvidence evidence) throws MalformedEvidenceException {
        GpuReport report = GpuReport.parse(evidence.report());
        this.engine = engine;
        this.leafSpki = Certificates.spki(evidence.certificates().get(0));
        this.leafKey = engine.key(leafSpki);
        this.signed = report.signedBytes().toByteArray();
        this.signature = report.signature().toByteArray();
    }

    /** One signature by a known key: what is left where everything but the report is known. */
    boolean ofReport() {
        return leafKey.verify(Bytes.of(signed), Bytes.of(signature));
    }

    /** Two signatures, one of them by a key that is decoded first: what is left where the device is new too. */
    boolean ofReportAndLeaf() {
        try {
            // The cost of a signature does not depend on what is signed by whom: the report's stands for the leaf's.
            return ofReport() && engine.key(leafSpki).verify(Bytes.of(signed), Bytes.of(signature));
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }
}
