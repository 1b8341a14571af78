package org.verifiableai.attestation.nvidia;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.verifiableai.attestation.Bytes;

/** The facts of an acceptance. The one place that names them. */
final class GpuFacts {

    static final String GPUS = "gpu.gpus";
    static final String SWITCHES = "gpu.switches";
    static final String POLICY_DIGEST = "gpu.policy-digest";
    static final String SIGNATURE_ENGINE = "gpu.signature-engine";
    static final String EVALUATED_AT = "gpu.evaluated-at";

    private static final Set<String> OF_THE_SYSTEM =
            Set.of(GPUS, SWITCHES, POLICY_DIGEST, SIGNATURE_ENGINE, EVALUATED_AT);

    private GpuFacts() {}

    /** Whether a fact is one of the whole rather than of one device. */
    static boolean isOfTheSystem(String name) {
        return OF_THE_SYSTEM.contains(name);
    }

    /** What an acceptance establishes of one device. */
    static Map<String, Object> ofDevice(DeviceAppraisal device) {
        GpuReport report = Objects.requireNonNull(device.report());
        DeviceChain chain = Objects.requireNonNull(device.deviceChain());
        OpaqueData opaque = report.opaqueData();
        Map<String, Object> facts = new LinkedHashMap<>();
        chain.hardwareModel().ifPresent(model -> facts.put("hwmodel", model));
        chain.architecture().ifPresent(architecture -> facts.put("architecture", architecture));
        facts.put("ueid", chain.ueid());
        facts.put("vbios", opaque.vbiosVersion());
        opaque.driverVersion().ifPresent(driver -> facts.put("driver", driver));
        opaque.mode().ifPresent(mode -> facts.put("mode", mode));
        facts.put("nonce", report.requesterNonce());
        facts.put("fwid", opaque.fwid().map(Bytes::hex).orElse("absent"));
        device.root().ifPresent(root -> facts.put("root", root.certificateSha256()));
        facts.put("report-sha256", report.bytes().sha256());
        device.manifests().forEach((role, digest) -> facts.put("rim." + role + "-sha256", digest));
        return facts;
    }
}
