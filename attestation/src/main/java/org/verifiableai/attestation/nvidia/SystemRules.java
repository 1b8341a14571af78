package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.internal.Appraisal;

/** The checks of all devices of a machine together. */
final class SystemRules {

    private final Map<String, DeviceAppraisal> devices;
    private final GpuPolicy policy;
    private final GpuDemands demands;

    /** Of each device by its name, in the order of the evidence; at least one. */
    SystemRules(Map<String, DeviceAppraisal> devices, GpuPolicy policy) {
        this.devices = new LinkedHashMap<>(devices);
        this.policy = policy;
        this.demands = policy.demands();
    }

    /**
     * One device must not stand for two. Its attestation key changes with its firmware, so that two leaves with two
     * serial numbers may be of one device; the key of its identity certificate stays.
     */
    void devices(Appraisal appraisal) {
        List<String> repeated = new ArrayList<>();
        Map<String, String> byUeid = new HashMap<>();
        Map<Bytes, String> byIdentity = new HashMap<>();
        boolean readable = true;
        for (Map.Entry<String, DeviceAppraisal> entry : devices.entrySet()) {
            DeviceChain chain = entry.getValue().deviceChain();
            if (chain == null) {
                readable = false;
                continue;
            }
            String name = entry.getKey();
            String sameUeid = byUeid.putIfAbsent(chain.ueid(), name);
            Optional<String> sameIdentity =
                    chain.identityKey().flatMap(key -> Optional.ofNullable(byIdentity.putIfAbsent(key, name)));
            if (sameUeid != null) {
                repeated.add(name + " and " + sameUeid + " are both " + chain.ueid());
            } else if (sameIdentity.isPresent()) {
                repeated.add(name + " and " + sameIdentity.get() + " have the same identity key");
            }
        }
        if (repeated.isEmpty() && !readable) {
            appraisal.block(GpuChecks.DEVICES, GpuChecks.FORMAT);
        } else {
            appraisal.check(
                    GpuChecks.DEVICES,
                    repeated.isEmpty(),
                    () -> devices.size() == 1 ? "one device" : devices.size() + " different devices",
                    () -> "each device must give evidence once, found that " + String.join("; ", repeated));
        }
    }

    void count(Appraisal appraisal) {
        int gpus = of(DeviceKind.GPU).size();
        int switches = of(DeviceKind.SWITCH).size();
        if (demands.gpus == GpuDemands.ANY && demands.switches == GpuDemands.ANY) {
            appraisal.waive(
                    GpuChecks.COUNT,
                    CheckResult.NOT_DEMANDED,
                    "the policy makes no such demand; there are " + gpus + " GPUs and " + switches + " switches");
            return;
        }
        List<String> defects = new ArrayList<>();
        count("GPUs", demands.gpus, gpus, defects);
        count("switches", demands.switches, switches, defects);
        appraisal.check(
                GpuChecks.COUNT,
                defects.isEmpty(),
                () -> gpus + " GPUs and " + switches + " switches",
                () -> String.join("; ", defects));
    }

    private static void count(String what, int wanted, int found, List<String> defects) {
        if (wanted != GpuDemands.ANY && wanted != found) {
            defects.add("there must be " + wanted + " " + what + ", found " + found);
        }
    }

    void mode(Appraisal appraisal) {
        Map<String, GpuReport> gpus = reports(DeviceKind.GPU);
        if (of(DeviceKind.GPU).isEmpty()) {
            appraisal.notApplicable(GpuChecks.MODE, "there is no GPU");
            return;
        }
        if (gpus.size() < of(DeviceKind.GPU).size()) {
            appraisal.block(GpuChecks.MODE, GpuChecks.FORMAT);
            return;
        }
        Set<FeatureFlag> common = EnumSet.allOf(FeatureFlag.class);
        gpus.values().forEach(report -> common.retainAll(report.opaqueData().possibleModes()));
        String stated = gpus.entrySet().stream()
                .map(gpu -> gpu.getKey() + " " + gpu.getValue().opaqueData().possibleModes())
                .collect(Collectors.joining(", "));
        if (common.isEmpty()) {
            appraisal.fail(GpuChecks.MODE, "gpus must state one mode, found " + stated);
        } else if (!demands.modes.isEmpty()) {
            appraisal.check(
                    GpuChecks.MODE,
                    gpus.values().stream()
                            .allMatch(report -> demands.modes.containsAll(
                                    report.opaqueData().possibleModes())),
                    () -> "every gpu states " + common,
                    () -> "every gpu must state a mode of " + demands.modes + ", found " + stated);
        } else {
            appraisal.pass(GpuChecks.MODE, "what the gpus state is in keeping with " + common);
        }
    }

    /** Every GPU names the switches at its links, every switch its GPUs; both have to be those that gave evidence. */
    void topology(Appraisal appraisal) {
        int gpuCount = of(DeviceKind.GPU).size();
        int switchCount = of(DeviceKind.SWITCH).size();
        if (!demands.requireTopology && (gpuCount == 0 || switchCount == 0)) {
            appraisal.waive(
                    GpuChecks.TOPOLOGY,
                    CheckResult.NOT_DEMANDED,
                    "the policy makes no such demand, and nobody vouches for the links between devices");
            return;
        }
        Map<String, GpuReport> gpus = reports(DeviceKind.GPU);
        Map<String, GpuReport> switches = reports(DeviceKind.SWITCH);
        if (gpus.size() < gpuCount || switches.size() < switchCount) {
            appraisal.block(GpuChecks.TOPOLOGY, GpuChecks.FORMAT);
            return;
        }
        List<String> defects = Topology.defects(gpus, switches);
        appraisal.check(
                GpuChecks.TOPOLOGY,
                defects.isEmpty(),
                () -> gpuCount + " GPUs and " + switchCount + " switches name each other",
                () -> String.join("; ", defects));
    }

    /** What an acceptance establishes, of each device under its own prefix where there are several. */
    void facts(Appraisal appraisal) {
        appraisal.fact(GpuFacts.GPUS, of(DeviceKind.GPU).size());
        appraisal.fact(GpuFacts.SWITCHES, of(DeviceKind.SWITCH).size());
        appraisal.fact(GpuFacts.POLICY_DIGEST, policy.digest());
        devices.forEach((name, device) ->
                GpuFacts.ofDevice(device).forEach((fact, value) -> appraisal.fact(prefix(name) + fact, value)));
    }

    GpuSystem system() {
        return new GpuSystem(
                of(DeviceKind.GPU).stream().map(this::device).toList(),
                of(DeviceKind.SWITCH).stream().map(this::device).toList());
    }

    private GpuSystem.Device device(String name) {
        DeviceAppraisal device = Objects.requireNonNull(devices.get(name));
        return device.device(name);
    }

    private String prefix(String name) {
        if (devices.size() == 1) {
            return "gpu.";
        }
        return name.toLowerCase(Locale.ROOT).replace('-', '.') + ".";
    }

    private Set<String> of(DeviceKind kind) {
        return devices.entrySet().stream()
                .filter(entry -> entry.getValue().kind() == kind)
                .map(Map.Entry::getKey)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Map<String, GpuReport> reports(DeviceKind kind) {
        Map<String, GpuReport> reports = new LinkedHashMap<>();
        devices.forEach((name, device) -> {
            GpuReport report = device.report();
            if (report != null && device.kind() == kind) {
                reports.put(name, report);
            }
        });
        return reports;
    }
}
