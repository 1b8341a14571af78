package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;

/**
 * Whether GPUs and switches name each other, by the device identifiers in their reports. A GPU does not state its own, so
 * that of GPUs only the number can be compared: a switch names as many as gave evidence, and all switches name the same.
 */
final class Topology {

    private Topology() {}

    /** What is wrong; empty if nothing is. Both maps are of reports by the devices' names. */
    static List<String> defects(Map<String, GpuReport> gpus, Map<String, GpuReport> switches) {
        List<String> defects = new ArrayList<>();
        if (gpus.isEmpty() || switches.isEmpty()) {
            defects.add("there must be evidence of GPUs and of switches, found " + gpus.size() + " GPUs and "
                    + switches.size() + " switches");
            return defects;
        }
        Map<Bytes, String> present = new LinkedHashMap<>();
        switches.forEach((name, report) -> {
            List<Bytes> own = report.opaqueData().switchPdis();
            if (own.size() != 1 || own.get(0).isZero()) {
                defects.add(name + " must state its own identifier, found " + own);
            } else {
                String other = present.putIfAbsent(own.get(0), name);
                if (other != null) {
                    defects.add(name + " must have an identifier of its own, found that of " + other);
                }
            }
        });
        // Where a switch is missing, all GPUs have the same defect: one sentence, that all of them find room.
        Map<Set<Bytes>, List<String>> byLinks = new LinkedHashMap<>();
        gpus.forEach((name, report) -> byLinks.computeIfAbsent(
                        Set.copyOf(used(report.opaqueData().switchPdis())), links -> new ArrayList<>())
                .add(name));
        byLinks.forEach((linked, names) -> {
            if (!linked.equals(present.keySet())) {
                defects.add(String.join(", ", names) + " must be linked to the switches " + words(present.keySet())
                        + ", found " + words(linked));
            }
        });
        Set<Bytes> named = null;
        for (Map.Entry<String, GpuReport> entry : switches.entrySet()) {
            List<Bytes> slots = entry.getValue().opaqueData().gpuPdis().stream()
                    .filter(pdi -> !pdi.isZero())
                    .toList();
            Set<Bytes> seen = used(slots);
            if (seen.size() != gpus.size() || slots.size() != seen.size()) {
                defects.add(entry.getKey() + " must name " + gpus.size() + " GPUs once each, found " + words(slots));
            }
            if (named != null && !named.equals(seen)) {
                defects.add(entry.getKey() + " must name the GPUs that the other switches do, " + words(named)
                        + ", found " + words(seen));
            }
            named = named == null ? seen : named;
        }
        return defects;
    }

    /** All zeros stand for a link that is not used. */
    private static Set<Bytes> used(Collection<Bytes> pdis) {
        return pdis.stream().filter(pdi -> !pdi.isZero()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String words(Collection<Bytes> pdis) {
        return pdis.isEmpty() ? "none" : pdis.stream().map(Bytes::hex).sorted().collect(Collectors.joining(", "));
    }
}
