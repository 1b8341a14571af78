package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpTrustAnchors;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.internal.Vectors;

/** Walks recorded evidence of real processors: every case has to come to what its {@code expected.json} says. */
class SnpVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestFactory
    Stream<DynamicTest> everyReportReadsAsRecorded() throws IOException {
        return cases().map(c -> dynamicTest(c.name(), () -> assertFields(SnpReport.parse(c.report()), c.expected())));
    }

    @TestFactory
    Stream<DynamicTest> everyReportGetsTheRecordedVerdict() throws IOException {
        return cases().filter(c -> c.has("vcek.der"))
                .map(c -> dynamicTest(c.name(), () -> {
                    Verdict<SnpReport> verdict = c.verify(c.evidence());

                    JsonNode expect = c.expected().get("expect");
                    List<CheckId> failures = new ArrayList<>();
                    addIf(failures, expect, "chain", SnpChecks.CHAIN);
                    addIf(failures, expect, "signature", SnpChecks.SIGNATURE);
                    addIf(failures, expect, "tcb_vs_cert", SnpChecks.TCB_CERTIFICATE);
                    addIf(failures, expect, "chip_id_vs_hwid", SnpChecks.CHIP_ID);
                    if (c.expected().at("/policy/debug_allowed").asBoolean()) {
                        failures.add(SnpChecks.GUEST_POLICY_DEBUG);
                    }
                    assertThat(verdict.failures()).extracting(CheckResult::id).containsExactlyElementsOf(failures);
                    assertThat(verdict.accepted()).isEqualTo(failures.isEmpty());
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyMutationIsRefused() throws IOException {
        JsonNode mutations = read(directory().resolve("mutations.json")).get("mutations");
        Case base = cases().filter(c -> c.name().equals("milan-v2-plain"))
                .findFirst()
                .orElseThrow();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode mutation : mutations) {
            tests.add(dynamicTest(mutation.get("name").asText(), () -> assertRefused(base, mutation)));
        }
        return tests.stream();
    }

    @Test
    void everySignedByteOfARealReportCounts() throws Exception {
        Case base = cases().filter(c -> c.name().equals("milan-v3-azure"))
                .findFirst()
                .orElseThrow();
        SnpEvidence evidence = base.evidence();
        assertThat(base.verify(evidence).accepted()).isTrue();

        for (int offset = 0; offset < 672; offset++) {
            byte[] flipped = base.report().toByteArray();
            flipped[offset] ^= 0x40;
            Verdict<SnpReport> verdict = base.verify(new SnpEvidence(
                    Bytes.of(flipped), evidence.vek(), evidence.authorities(), evidence.revocationLists()));

            assertThat(verdict.accepted()).as("byte " + offset).isFalse();
            assertThat(verdict.failures())
                    .extracting(CheckResult::id)
                    .as("byte " + offset)
                    .containsAnyOf(SnpChecks.FORMAT, SnpChecks.PRODUCT, SnpChecks.SIGNATURE);
        }
    }

    @Test
    void thePinnedRootsAreAmdsOwn() throws Exception {
        JsonNode fingerprints = read(directory().resolve("amd-roots/fingerprints.json"));

        assertThat(SnpTrustAnchors.amd().anchors()).hasSize(ProductLine.values().length);
        for (SnpTrustAnchors.Anchor anchor : SnpTrustAnchors.amd().anchors()) {
            JsonNode root = fingerprints.get(anchor.line().amdName().toLowerCase(Locale.ROOT) + "-ark");
            assertThat(anchor.subject()).isEqualTo(root.get("subject_cn").asText());
            assertThat(anchor.spki().sha256().hex())
                    .isEqualTo(root.get("spki_sha256").asText());
        }
    }

    @Test
    void aRealListRevokesTheWithdrawnSigningKeyOnly() throws Exception {
        Path folder = directory().resolve("crl-genoa");
        Case genoa = cases().filter(c -> c.name().equals("genoa-v3-azure"))
                .findFirst()
                .orElseThrow();
        SnpEvidence evidence = genoa.evidence().withRevocationLists(List.of(bytes(folder.resolve("crl.der"))));
        SnpPolicy policy = genoa.policy().toBuilder().requireRevocation().build();

        Verdict<SnpReport> current =
                verifier(Instant.parse("2025-06-01T00:00:00Z")).verify(evidence, policy);
        Verdict<SnpReport> stale =
                verifier(Instant.parse("2026-06-01T00:00:00Z")).verify(evidence, policy);

        assertThat(current.failures()).isEmpty();
        assertThat(stale.failures()).extracting(CheckResult::id).containsExactly(SnpChecks.REVOCATION);
    }

    private static void assertRefused(Case base, JsonNode mutation) throws Exception {
        byte[] raw = base.report().toByteArray();
        Instant at = base.at();
        SnpEvidence original = base.evidence();
        List<Bytes> authorities = original.authorities();
        if (mutation.has("flip")) {
            raw[mutation.at("/flip/0").asInt()] ^= (byte) mutation.at("/flip/1").asInt();
        }
        if (mutation.has("set_u32_le")) {
            writeU32(
                    raw,
                    mutation.at("/set_u32_le/0").asInt(),
                    mutation.at("/set_u32_le/1").asInt());
        }
        if (mutation.has("or_u32_le")) {
            int offset = mutation.at("/or_u32_le/0").asInt();
            writeU32(raw, offset, raw[offset] | mutation.at("/or_u32_le/1").asInt());
        }
        if (mutation.has("fill_zero")) {
            int from = mutation.at("/fill_zero/0").asInt();
            Arrays.fill(raw, from, from + mutation.at("/fill_zero/1").asInt(), (byte) 0);
        }
        if (mutation.has("truncate")) {
            raw = Arrays.copyOf(raw, mutation.get("truncate").asInt());
        }
        if (mutation.has("append_hex")) {
            raw = Bytes.of(raw)
                    .concat(Bytes.fromHex(mutation.get("append_hex").asText()))
                    .toByteArray();
        }
        Path roots = directory().resolve("amd-roots");
        switch (mutation.get("name").asText()) {
            case "sig-r-equals-order" ->
                System.arraycopy(
                        Bytes.fromHex("ffffffffffffffffffffffffffffffffffffffffffffffff"
                                        + "c7634d81f4372ddf581a0db248b0a77aecec196accc52973")
                                .reversed()
                                .toByteArray(),
                        0,
                        raw,
                        0x2A0,
                        48);
            case "ask-replaced-by-asvk" -> authorities = certificates(roots, "milan-asvk.pem", "milan-ark.pem");
            case "ark-other-product" -> authorities = certificates(roots, "milan-ask.pem", "genoa-ark.pem");
            case "self-signed-lookalike-ark" ->
                authorities = List.of(
                        certificates(roots, "milan-ask.pem").get(0),
                        SoftwareAmd.create(ProductLine.MILAN, Instant.EPOCH, Instant.parse("2045-01-01T00:00:00Z"))
                                .ark());
            case "clock-after-not-after" ->
                at = OffsetDateTime.parse(base.expected().at("/vek/not_after").asText())
                        .toInstant()
                        .plusSeconds(1);
            case "clock-before-not-before" ->
                at = OffsetDateTime.parse(base.expected().at("/vek/not_before").asText())
                        .toInstant()
                        .minusSeconds(1);
            default -> {
                // The bytes were changed above.
            }
        }
        Verdict<SnpReport> verdict = verifier(at)
                .verify(
                        new SnpEvidence(Bytes.of(raw), original.vek(), authorities, original.revocationLists()),
                        base.policy());

        String expected = mutation.get("expect").asText();
        if (expected.contains("or-accept")) {
            assertThat(verdict.accepted())
                    .as("an unsigned byte decides nothing")
                    .isTrue();
            return;
        }
        List<CheckId> failed = verdict.failures().stream().map(CheckResult::id).toList();
        switch (expected) {
            case "chain", "untrusted-root" -> assertThat(failed).containsExactly(SnpChecks.CHAIN);
            case "expired", "not-yet-valid" -> assertThat(failed).containsExactly(SnpChecks.VALIDITY);
            case "unsigned-report", "reserved-signing-key" -> assertThat(failed).contains(SnpChecks.SIGNING_KEY);
            case "signature" -> assertThat(failed).contains(SnpChecks.SIGNATURE);
            default -> assertThat(failed).containsAnyOf(SnpChecks.FORMAT, SnpChecks.SIGNATURE);
        }
    }

    private static void assertFields(SnpReport report, JsonNode expected) {
        ProductLine line = ProductLine.parse(expected.get("product_line").asText());
        assertThat(report.raw().sha256().hex())
                .isEqualTo(expected.get("report_sha256").asText());
        assertThat(report.version()).isEqualTo(expected.get("report_version").asInt());
        assertThat(report.guestSvn()).isEqualTo(expected.get("guest_svn").asLong());
        assertThat(report.vmpl()).isEqualTo(expected.get("vmpl").asLong());
        JsonNode cpu = expected.get("cpuid");
        assertThat(report.cpuId())
                .isEqualTo(
                        cpu.isNull()
                                ? Optional.empty()
                                : Optional.of(new SnpReport.CpuId(
                                        cpu.get("family").asInt(),
                                        cpu.get("model").asInt(),
                                        cpu.get("stepping").asInt())));
        JsonNode policy = expected.get("policy");
        assertThat(report.policy().toString()).isEqualTo(policy.get("raw").asText());
        assertThat(report.policy().abiMinor()).isEqualTo(policy.get("abi_minor").asInt());
        assertThat(report.policy().abiMajor()).isEqualTo(policy.get("abi_major").asInt());
        assertThat(report.policy().smtAllowed())
                .isEqualTo(policy.get("smt_allowed").asBoolean());
        assertThat(report.policy().migrateMaAllowed())
                .isEqualTo(policy.get("migrate_ma_allowed").asBoolean());
        assertThat(report.policy().debugAllowed())
                .isEqualTo(policy.get("debug_allowed").asBoolean());
        assertThat(report.policy().singleSocketRequired())
                .isEqualTo(policy.get("single_socket_required").asBoolean());
        assertThat(report.policy().cxlAllowed())
                .isEqualTo(policy.get("cxl_allowed").asBoolean());
        assertThat(report.policy().memAes256XtsRequired())
                .isEqualTo(policy.get("mem_aes_256_xts_required").asBoolean());
        assertThat(report.policy().raplDisabledRequired())
                .isEqualTo(policy.get("rapl_disabled_required").asBoolean());
        assertThat(report.policy().ciphertextHidingRequired())
                .isEqualTo(policy.get("ciphertext_hiding_required").asBoolean());
        assertThat(report.policy().pageSwapDisabled())
                .isEqualTo(policy.get("page_swap_disabled").asBoolean());
        JsonNode platform = expected.get("platform_info");
        assertThat(report.platformInfo().toString())
                .isEqualTo(platform.get("raw").asText());
        assertThat(report.platformInfo().smtEnabled())
                .isEqualTo(platform.get("smt_enabled").asBoolean());
        assertThat(report.platformInfo().tsmeEnabled())
                .isEqualTo(platform.get("tsme_enabled").asBoolean());
        assertThat(report.platformInfo().eccEnabled())
                .isEqualTo(platform.get("ecc_enabled").asBoolean());
        assertThat(report.platformInfo().raplDisabled())
                .isEqualTo(platform.get("rapl_disabled").asBoolean());
        assertThat(report.platformInfo().ciphertextHidingEnabled())
                .isEqualTo(platform.get("ciphertext_hiding_enabled").asBoolean());
        assertThat(report.platformInfo().aliasCheckComplete())
                .isEqualTo(platform.get("alias_check_complete").asBoolean());
        assertThat(report.platformInfo().iommuWriteSafe())
                .isEqualTo(platform.get("bit6_iommu_write_safe").asBoolean());
        assertThat(report.platformInfo().tioEnabled())
                .isEqualTo(platform.get("tio_enabled").asBoolean());
        JsonNode keyInfo = expected.get("key_info");
        assertThat(report.authorKeyEnabled())
                .isEqualTo(keyInfo.get("author_key_en").asBoolean());
        assertThat(report.chipKeyMasked())
                .isEqualTo(keyInfo.get("mask_chip_key").asBoolean());
        assertThat(report.signingKey().name())
                .isEqualTo(keyInfo.get("signing_key").asText());
        assertHex(report.familyId(), expected, "family_id");
        assertHex(report.imageId(), expected, "image_id");
        assertHex(report.reportData(), expected, "report_data");
        assertHex(report.measurement(), expected, "measurement");
        assertHex(report.hostData(), expected, "host_data");
        assertHex(report.idKeyDigest(), expected, "id_key_digest");
        assertHex(report.authorKeyDigest(), expected, "author_key_digest");
        assertHex(report.reportId(), expected, "report_id");
        assertHex(report.reportIdMa(), expected, "report_id_ma");
        assertHex(report.chipId(), expected, "chip_id");
        assertTcb(report.currentTcb(), report.currentTcb(line), expected.at("/tcb/current"));
        assertTcb(report.reportedTcb(), report.reportedTcb(line), expected.at("/tcb/reported"));
        assertTcb(report.committedTcb(), report.committedTcb(line), expected.at("/tcb/committed"));
        assertTcb(report.launchTcb(), report.launchTcb(line), expected.at("/tcb/launch"));
        assertThat(report.currentVersion().toString())
                .isEqualTo(expected.get("current_version").asText());
        assertThat(report.committedVersion().toString())
                .isEqualTo(expected.get("committed_version").asText());
        assertVector(report.launchMitigationVector(), expected.get("launch_mit_vector"));
        assertVector(report.currentMitigationVector(), expected.get("current_mit_vector"));
    }

    private static void assertHex(Bytes found, JsonNode expected, String name) {
        assertThat(found.hex()).as(name).isEqualTo(expected.get(name).asText());
    }

    private static void assertTcb(Bytes raw, TcbVersion tcb, JsonNode expected) {
        assertThat(raw.hex()).isEqualTo(expected.get("raw_le_bytes").asText());
        assertThat(tcb.bootLoader()).isEqualTo(expected.get("bootloader").asInt());
        assertThat(tcb.tee()).isEqualTo(expected.get("tee").asInt());
        assertThat(tcb.snp()).isEqualTo(expected.get("snp").asInt());
        assertThat(tcb.microcode()).isEqualTo(expected.get("microcode").asInt());
        assertThat(tcb.fmc().isPresent()).isEqualTo(expected.has("fmc"));
        if (expected.has("fmc")) {
            assertThat(tcb.fmc()).hasValue(expected.get("fmc").asInt());
        }
    }

    private static void assertVector(Optional<Long> found, JsonNode expected) {
        assertThat(found.map(v -> "0x" + Long.toHexString(v)))
                .isEqualTo(expected == null || expected.isNull() ? Optional.empty() : Optional.of(expected.asText()));
    }

    private static void addIf(List<CheckId> failures, JsonNode expect, String name, CheckId id) {
        if (expect.get(name).asText().equals("fail")) {
            failures.add(id);
        }
    }

    private static void writeU32(byte[] raw, int offset, int value) {
        for (int i = 0; i < 4; i++) {
            raw[offset + i] = (byte) (value >>> (8 * i));
        }
    }

    private static List<Bytes> certificates(Path folder, String... names) throws Exception {
        List<Bytes> files = new ArrayList<>();
        for (String name : names) {
            files.add(bytes(folder.resolve(name)));
        }
        return SnpEvidence.of(Bytes.EMPTY, files.get(0), files, List.of()).authorities();
    }

    private static SnpVerifier verifier(Instant at) {
        return SnpVerifier.builder().clock(Clock.fixed(at, ZoneOffset.UTC)).build();
    }

    private static Stream<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        try (Stream<Path> folders = Files.list(directory()).sorted()) {
            for (Path folder :
                    folders.filter(f -> Files.exists(f.resolve("report.bin"))).toList()) {
                cases.add(new Case(folder, read(folder.resolve("expected.json"))));
            }
        }
        assertThat(cases).as("folders with a report").isNotEmpty();
        return cases.stream();
    }

    private static Path directory() {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded evidence is not at hand");
        return vectors.get().resolve("sev-snp");
    }

    private static JsonNode read(Path file) throws IOException {
        return JSON.readTree(file.toFile());
    }

    private static Bytes bytes(Path file) throws IOException {
        return Bytes.of(Files.readAllBytes(file));
    }

    /** One folder with a report. */
    private record Case(Path folder, JsonNode expected) {

        String name() {
            return folder.getFileName().toString();
        }

        boolean has(String file) {
            return Files.exists(folder.resolve(file));
        }

        Bytes report() throws IOException {
            return bytes(folder.resolve("report.bin"));
        }

        Instant at() {
            return OffsetDateTime.parse(expected.get("verify_at").asText()).toInstant();
        }

        SnpEvidence evidence() throws IOException, MalformedEvidenceException {
            return SnpEvidence.of(
                    report(),
                    bytes(folder.resolve("vcek.der")),
                    List.of(bytes(folder.resolve("ask.pem")), bytes(folder.resolve("ark.pem"))),
                    List.of());
        }

        SnpPolicy policy() {
            return SnpPolicy.builder()
                    .withoutFreshness("recorded evidence")
                    .anyMeasurement("recorded evidence")
                    .withoutRevocation("no list was recorded")
                    .build();
        }

        Verdict<SnpReport> verify(SnpEvidence evidence) {
            return verifier(at()).verify(evidence, policy());
        }
    }
}
