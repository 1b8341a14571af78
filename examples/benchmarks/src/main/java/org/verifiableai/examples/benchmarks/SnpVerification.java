package org.verifiableai.examples.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x509.Certificate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;

/**
 * A whole verification of an SEV-SNP report, with chain and revocation list, against the signature of the report alone: one P-384 with
 * a key decoded anew, and four RSA-4096 (ASK, VCEK, the root's own certificate, the revocation list).
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SnpVerification {

    private SnpVerifier verifier;
    private SnpPolicy policy;
    private SnpEvidence evidence;
    private SnpReport report;
    private Bytes vekKey;

    /** Makes a machine and its evidence. */
    @Setup
    public void prepare() throws MalformedEvidenceException {
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA);
        SoftwareSnpPlatform platform = amd.platform(TcbVersion.of(10, 0, 23, 84));
        Bytes reportData = Bytes.utf8("benchmark").sha256().concat(Bytes.zeros(32));
        verifier = SnpVerifier.builder().trustAnchors(amd.trustAnchors()).build();
        policy = SnpPolicy.builder()
                .expectedReportData(reportData)
                .measurement(platform.measurement())
                .build();
        evidence = platform.report(reportData);
        report = SnpReport.parse(evidence.report());
        vekKey = spki(evidence.vek());
        if (!wholeVerification().accepted()) {
            throw new IllegalStateException("the benchmark's own evidence is rejected");
        }
    }

    /** Everything, from bytes to verdict. */
    @Benchmark
    public Verdict<SnpReport> wholeVerification() {
        return verifier.verify(evidence, policy);
    }

    /** The report's signature alone, its key decoded each time. */
    @Benchmark
    public boolean reportSignatureAlone() throws MalformedEvidenceException {
        VerificationKey key = SignatureEngine.standard().key(vekKey);
        return key.verify(report.signedBytes(), report.signature());
    }

    private static Bytes spki(Bytes certificate) {
        try {
            return Bytes.of(Certificate.getInstance(certificate.toByteArray())
                    .getSubjectPublicKeyInfo()
                    .getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
