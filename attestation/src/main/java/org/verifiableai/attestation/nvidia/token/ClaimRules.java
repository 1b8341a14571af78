package org.verifiableai.attestation.nvidia.token;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;
import org.verifiableai.attestation.nvidia.DeviceKind;

/**
 * Which claims a device token has to have in each version, and with which values. A claim that is missing is not true: a
 * step of the appraisal that nobody claims was not done.
 */
final class ClaimRules {

    private static final String SUBJECT = "NVIDIA-PLATFORM-ATTESTATION";
    private static final Set<String> VERSIONS = Set.of("2.0", "3.0");
    private static final String MISMATCHES = "x-nvidia-mismatch-measurement-records";

    private static final List<String> REPORT = List.of(
            "arch-check",
            "attestation-report-parsed",
            "attestation-report-nonce-match",
            "attestation-report-signature-verified");
    private static final List<String> RIM =
            List.of("-rim-fetched", "-rim-signature-verified", "-rim-measurements-available");

    private ClaimRules() {}

    static List<String> defects(TokenBundle bundle, TokenPolicy policy) {
        List<String> defects = new ArrayList<>();
        OverallClaims overall = bundle.claims();
        String version = overall.version().orElse("none");
        if (!SUBJECT.equals(overall.subject().orElse(""))) {
            defects.add(bundle.label("overall") + ": sub must be " + SUBJECT + ", found "
                    + overall.subject().orElse("none"));
        }
        if (!VERSIONS.contains(version)) {
            defects.add(bundle.label("overall") + ": x-nvidia-ver must be 2.0 or 3.0, found " + version);
            return defects;
        }
        for (DeviceToken device : bundle.devices()) {
            // A token that reports an error makes no claims; that it reports one is judged elsewhere.
            if (device.claims().error().isEmpty()) {
                new OfDevice(bundle, device, version.equals("3.0"), defects).judge(policy);
            }
        }
        return defects;
    }

    /** The rules on one device's token. */
    private record OfDevice(TokenBundle bundle, DeviceToken device, boolean granular, List<String> defects) {

        void judge(TokenPolicy policy) {
            DeviceClaims claims = device.claims();
            want("measres", "success", claims.measurementResult());
            want("secboot", "true", claims.secureBoot().map(String::valueOf));
            want("dbgstat", "disabled", claims.debugStatus());
            Set<String> wanted = required();
            wanted.forEach(name -> want(name, "true", claims.check(name).map(String::valueOf)));
            nothingElseFalse(wanted);
            if (policy.warningWaiver().isEmpty()) {
                claims.warning()
                        .filter(warning -> !warning.isBlank())
                        .ifPresent(warning -> add("x-nvidia-attestation-warning must be none, found " + warning));
            }
            chains(policy);
            JsonValue mismatches = claims.claims().get(MISMATCHES).orElse(new JsonArray(List.of()));
            if (!(mismatches instanceof JsonArray list) || !list.elements().isEmpty()) {
                add(MISMATCHES + " must be empty, found measurements");
            }
        }

        private Set<String> required() {
            Set<String> names = new LinkedHashSet<>(REPORT);
            for (String rim : rims()) {
                RIM.forEach(step -> names.add(rim + step));
                if (!isNvat()) {
                    names.add(rim + "-rim-schema-validated"); // nvat looks at no schema, and says nothing of it
                }
                names.add(rim + (granular ? "-rim-version-match" : "-rim-cert-validated"));
            }
            names.add(
                    granular ? "attestation-report-cert-chain-fwid-match" : "attestation-report-cert-chain-validated");
            if (device.kind() == DeviceKind.GPU) {
                names.add("vbios-index-no-conflict");
            }
            return names;
        }

        private List<String> rims() {
            return device.kind() == DeviceKind.GPU ? List.of("driver", "vbios") : List.of("bios");
        }

        /** Whatever a newer version says of a step that failed counts too. */
        private void nothingElseFalse(Set<String> wanted) {
            String prefix = device.kind() == DeviceKind.GPU ? "x-nvidia-gpu-" : "x-nvidia-switch-";
            for (Map.Entry<String, JsonValue> claim :
                    device.claims().claims().members().entrySet()) {
                if (claim.getKey().startsWith("x-nvidia-")
                        && claim.getValue() instanceof JsonTruth truth
                        && !truth.value()
                        && !(claim.getKey().startsWith(prefix)
                                && wanted.contains(claim.getKey().substring(prefix.length())))) {
                    add(claim.getKey() + " must not be false");
                }
            }
        }

        private void chains(TokenPolicy policy) {
            // Nobody but the service may leave it unsaid whether an OCSP answer was valid and answered the question.
            boolean unsaid = isService() || policy.unstatedOcspWaiver().isPresent();
            Map<String, CertificateChainClaims> chains = device.claims().certificateChains();
            Set<String> wanted = new LinkedHashSet<>();
            if (granular) {
                wanted.add("attestation-report-cert-chain");
                rims().forEach(rim -> wanted.add(rim + "-rim-cert-chain"));
            }
            for (String name : wanted) {
                if (!chains.containsKey(name)) {
                    add(name + " must be there, found none");
                }
            }
            boolean hold = policy.warningWaiver().isPresent();
            chains.forEach((name, chain) -> chain.defects(unsaid, hold).forEach(defect -> add(name + ": " + defect)));
        }

        private boolean isService() {
            String issuer = bundle.claims().issuer().orElse("");
            return issuer.equals(TokenPolicy.NRAS) || issuer.equals(TokenPolicy.NRAS_STAGING);
        }

        private boolean isNvat() {
            return !isService() && Maker.of(bundle) != Maker.NVTRUST;
        }

        private void want(String name, String expected, Optional<String> found) {
            if (!expected.equals(found.orElse(null))) {
                add(name + " must be " + expected + ", found " + found.orElse("none"));
            }
        }

        private void add(String defect) {
            defects.add(bundle.label(device.name()) + ": " + defect);
        }
    }
}
