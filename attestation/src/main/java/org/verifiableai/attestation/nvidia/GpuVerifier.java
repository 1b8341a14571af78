package org.verifiableai.attestation.nvidia;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.internal.x509.OcspExaminer;

/**
 * Appraises the evidence of a machine's GPUs and NVSwitches under a policy. Thread-safe; it uses neither network nor disk. It
 * changes in nothing but speed: certificates, manifests and answers that it has verified before it does not verify again, so
 * keep one verifier for many verifications.
 *
 * <p>An acceptance proves, as far as the policy did not waive it, that each report was signed by a device to which NVIDIA
 * gave an identity that it has not withdrawn, after the nonce was chosen; that what the device measured of its firmware and
 * its settings is what NVIDIA published for exactly that driver and that firmware image; and that no device stands for two.
 * It does not prove that the devices sit in the machine that presents the reports, that there are no others in it, that
 * the driver in the machine's kernel is unmodified (a changed one still measures as NVIDIA's), or what runs on the devices.
 *
 * <p>Every check of {@link GpuChecks} appears in every verdict, once for all devices. Checks that do not need each other all
 * run, so a report by another device than its chain's fails {@code gpu.signature} and, where the firmware differs,
 * {@code gpu.fwid} too. Devices are appraised independently of each other.
 *
 * <p>The facts of an acceptance: {@code gpu.gpus} and {@code gpu.switches} (their numbers), {@code gpu.policy-digest},
 * {@code gpu.signature-engine}, {@code gpu.evaluated-at}, and of each device {@code hwmodel} (common name of its identity
 * certificate), {@code ueid} (serial number of the leaf, decimal), {@code architecture}, {@code vbios}, {@code driver} and
 * {@code mode} (absent where not stated), {@code nonce}, {@code fwid} (hex, or {@code absent}), {@code root} (SHA-256 of the
 * root's certificate), {@code report-sha256}, {@code rim.driver-sha256} and {@code rim.vbios-sha256} (of the manifests that
 * were used). Their names begin with {@code gpu.} where there is one device, and with {@code gpu.0.}, {@code switch.0.} and
 * so on where there are several.
 *
 * <pre>{@code
 * GpuResult result = GpuVerifier.builder().build().verify(evidence, new GpuCollateral(rims, ocspResponses), policy);
 * GpuSystem system = result.verdict().orElseThrow().value();
 * }</pre>
 */
public final class GpuVerifier {

    private static final int DEFAULT_CACHE_SIZE = 1000;

    // A fleet has few drivers and firmware images, and each manifest is some tens of kilobytes.
    private static final int MAX_KEPT_RIMS = 64;

    private final DeviceAuthorities authorities;
    private final RimChecker rims;
    private final OcspExaminer ocsp;
    private final Clock clock;
    private final SignatureEngine signatureEngine;
    private final Executor executor;

    private GpuVerifier(Builder builder) {
        this.clock = builder.clock;
        this.signatureEngine = builder.signatureEngine;
        this.executor = builder.executor;
        this.authorities = new DeviceAuthorities(builder.trustAnchors, signatureEngine, builder.cacheSize);
        this.rims =
                new RimChecker(builder.rimTrustAnchors, signatureEngine, Math.min(builder.cacheSize, MAX_KEPT_RIMS));
        this.ocsp = new OcspExaminer(signatureEngine, builder.cacheSize);
    }

    /** A verifier to be set up: NVIDIA's roots, the system's clock and the SDK's signature engine unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Runs every check on each device, and on all of them together.
     *
     * @param evidence what the devices of one machine handed over, each once, in any order
     * @param collateral reference values and answers of the revocation service
     * @param policy what the relying party demands
     * @return the verdict; evidence and collateral however malformed give a rejection and no exception
     */
    public GpuResult verify(List<GpuEvidence> evidence, GpuCollateral collateral, GpuPolicy policy) {
        Appraisal appraisal = new Appraisal();
        if (evidence.isEmpty()) {
            appraisal.fail(GpuChecks.DEVICES, "there must be the evidence of at least one device, found none");
            GpuChecks.ALL.stream()
                    .filter(id -> !id.equals(GpuChecks.DEVICES))
                    .forEach(id -> appraisal.block(id, GpuChecks.DEVICES));
            return new GpuResult(appraisal.verdict(null), List.of());
        }
        Instant now = clock.instant();
        Map<String, DeviceAppraisal> devices = named(appraise(evidence, collateral, policy, now));
        SystemRules system = new SystemRules(devices, policy);
        system.devices(appraisal);
        system.count(appraisal);
        Map<String, Findings> findings = new LinkedHashMap<>();
        devices.forEach((name, device) -> findings.put(name, device.findings()));
        new FindingsOfAll(findings).enter(appraisal);
        system.mode(appraisal);
        system.topology(appraisal);
        if (appraisal.acceptable()) {
            system.facts(appraisal);
            appraisal.fact(GpuFacts.SIGNATURE_ENGINE, signatureEngine.name());
            appraisal.fact(GpuFacts.EVALUATED_AT, now);
        }
        Verdict<GpuSystem> verdict = appraisal.verdict(appraisal.acceptable() ? system.system() : null);
        List<DeviceResult> results = new ArrayList<>();
        devices.forEach((name, device) -> results.add(device.result(name)));
        return new GpuResult(verdict, results);
    }

    private List<DeviceAppraisal> appraise(
            List<GpuEvidence> evidence, GpuCollateral collateral, GpuPolicy policy, Instant now) {
        RimShelf shelf =
                policy.referenceValues() == ReferenceValues.OFF ? RimShelf.EMPTY : RimShelf.of(collateral.rims(), rims);
        List<Bytes> responses = policy.revocation() == Revocation.OFF ? List.of() : collateral.ocspResponses();
        RevocationRule revocation = new RevocationRule(policy, ocsp.hear(responses, now));
        List<Supplier<DeviceAppraisal>> tasks = new ArrayList<>();
        for (GpuEvidence device : evidence) {
            tasks.add(() -> DeviceAppraisal.run(device, authorities, shelf, revocation, policy, now));
        }
        return Parallel.run(executor, tasks);
    }

    /** Numbers the devices of each kind by the order of the evidence. */
    private static Map<String, DeviceAppraisal> named(List<DeviceAppraisal> devices) {
        Map<DeviceKind, Integer> next = new EnumMap<>(DeviceKind.class);
        Map<String, DeviceAppraisal> named = new LinkedHashMap<>();
        for (DeviceAppraisal device : devices) {
            int number = next.merge(device.kind(), 1, Integer::sum) - 1;
            named.put(FindingsOfAll.name(device.kind(), number), device);
        }
        return named;
    }

    /** Collects the world of a {@link GpuVerifier}. Not thread-safe. */
    public static final class Builder {

        private NvidiaTrustAnchors trustAnchors = NvidiaTrustAnchors.nvidia();
        private NvidiaTrustAnchors rimTrustAnchors = NvidiaTrustAnchors.rim();
        private Clock clock = Clock.systemUTC();
        private SignatureEngine signatureEngine = SignatureEngine.standard();
        private Executor executor = Runnable::run;
        private int cacheSize = DEFAULT_CACHE_SIZE;

        private Builder() {}

        /** The authorities in which chains of devices may end; {@link NvidiaTrustAnchors#nvidia()} by default. */
        public Builder trustAnchors(NvidiaTrustAnchors anchors) {
            trustAnchors = Objects.requireNonNull(anchors, "anchors");
            return this;
        }

        /** The authorities in which chains of manifests may end; {@link NvidiaTrustAnchors#rim()} by default. */
        public Builder rimTrustAnchors(NvidiaTrustAnchors anchors) {
            rimTrustAnchors = Objects.requireNonNull(anchors, "anchors");
            return this;
        }

        /** The clock at whose instant validity and revocation are judged; the system's by default. */
        public Builder clock(Clock source) {
            clock = Objects.requireNonNull(source, "source");
            return this;
        }

        /** What verifies signatures; {@link SignatureEngine#standard()} by default. */
        public Builder signatureEngine(SignatureEngine engine) {
            signatureEngine = Objects.requireNonNull(engine, "engine");
            return this;
        }

        /**
         * Appraises devices side by side on the threads of {@code threads} and on the calling one; by default the calling
         * thread appraises one after the other. What no thread has begun the calling thread does itself, so that an executor
         * that is full, shut down or busy with verifications does no harm.
         */
        public Builder executor(Executor threads) {
            executor = Objects.requireNonNull(threads, "threads");
            return this;
        }

        /**
         * Keeps up to this many verified chains of devices, some kilobytes each, by the exact bytes of their certificates,
         * as many answers of the revocation service, and at most 64 manifests; 1000 by default. What is kept saves
         * parsing and signatures; its validity is judged each time all the same, and nothing that failed is kept. Zero keeps
         * nothing.
         *
         * @throws IllegalArgumentException if {@code chains} is negative
         */
        public Builder cacheSize(int chains) {
            if (chains < 0) {
                throw new IllegalArgumentException("cache size must not be negative, found " + chains);
            }
            cacheSize = chains;
            return this;
        }

        /** The verifier. */
        public GpuVerifier build() {
            return new GpuVerifier(this);
        }
    }
}
