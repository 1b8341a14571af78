package org.verifiableai.attestation.nvidia.token;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.verifiableai.attestation.nvidia.DeviceKind;

/** Which devices a token is of: nothing in it says how many a machine has. */
final class DeviceRules {

    private DeviceRules() {}

    /**
     * What is wrong. A device of which a token reports an error has no number; it counts, and that it is in error is judged
     * elsewhere.
     */
    static List<String> defects(AttestationToken token, TokenPolicy policy) {
        List<String> defects = new ArrayList<>();
        Map<DeviceKind, Set<String>> ueids = new TreeMap<>();
        for (TokenBundle bundle : token.bundles()) {
            distinct(bundle, ueids, defects);
            bundle.devices().stream()
                    .filter(device -> device.claims().error().isEmpty())
                    .forEach(device -> one(bundle, device, policy, defects));
        }
        if (token.devices().isEmpty()) {
            defects.add("token must be of at least one device, found none");
        }
        count(
                "gpus",
                policy.gpus(),
                ueids.getOrDefault(DeviceKind.GPU, Set.of()).size(),
                defects);
        count(
                "switches",
                policy.switches(),
                ueids.getOrDefault(DeviceKind.SWITCH, Set.of()).size(),
                defects);
        return defects;
    }

    /** Two bundles may be of the same devices, judged by two verifiers; one bundle names each device once. */
    private static void distinct(TokenBundle bundle, Map<DeviceKind, Set<String>> all, List<String> defects) {
        Map<String, String> first = new HashMap<>();
        for (DeviceToken device : bundle.devices()) {
            String ueid = device.claims().ueid().orElse("");
            if (ueid.isEmpty()) {
                if (device.claims().error().isEmpty()) {
                    defects.add(bundle.label(device.name()) + ": token must name its device, found no ueid");
                }
                ueid = bundle.label(device.name());
            }
            String earlier = first.putIfAbsent(ueid, device.name());
            if (earlier != null) {
                defects.add(bundle.label(device.name()) + ": device must be another than " + earlier + ", found ueid "
                        + ueid + " again");
            }
            all.computeIfAbsent(device.kind(), kind -> new HashSet<>()).add(ueid);
        }
    }

    private static void one(TokenBundle bundle, DeviceToken device, TokenPolicy policy, List<String> defects) {
        String name = bundle.label(device.name());
        String model = device.claims().hardwareModel().orElse("");
        if (!policy.hardwareModels().isEmpty()
                && policy.hardwareModels().stream()
                        .noneMatch(admitted -> model.equals(admitted) || model.startsWith(admitted + " "))) {
            defects.add(name + ": model must be " + String.join(" or ", policy.hardwareModels()) + ", found "
                    + (model.isEmpty() ? "none" : model));
        }
        String ueid = device.claims().ueid().orElse("none");
        if (!policy.devices().isEmpty() && !policy.devices().contains(ueid)) {
            defects.add(name + ": ueid must be " + String.join(" or ", policy.devices()) + ", found " + ueid);
        }
        if (policy.minimumDriver().isPresent() && device.kind() == DeviceKind.GPU) {
            String minimum = policy.minimumDriver().get();
            String driver = device.claims().driverVersion().orElse("none");
            boolean reached = DottedVersion.of(driver)
                    .flatMap(found -> DottedVersion.of(minimum).map(wanted -> found.compareTo(wanted) >= 0))
                    .orElse(false);
            if (!reached) {
                defects.add(name + ": driver must be at least " + minimum + ", found " + driver);
            }
        }
    }

    private static void count(String what, OptionalInt expected, int found, List<String> defects) {
        if (expected.isPresent() && expected.getAsInt() != found) {
            defects.add(what + " must be " + expected.getAsInt() + " in number, found " + found);
        }
    }
}
