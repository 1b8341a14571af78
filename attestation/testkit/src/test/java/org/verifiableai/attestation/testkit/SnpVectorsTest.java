package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpTrustAnchors;
import org.verifiableai.attestation.snp.TcbVersion;

/** Walks recorded evidence of real processors: every case has to come to what its {@code expected.json} says. */
class SnpVectorsTest {

    @TestFactory
    Stream<DynamicTest> everyReportReadsAsRecorded() throws IOException {
        return SnpVectorCase.all()
                .map(c -> dynamicTest(c.name(), () -> assertFields(SnpReport.parse(c.report()), c.expected())));
    }

    @TestFactory
    Stream<DynamicTest> everyReportGetsTheRecordedVerdict() throws IOException {
        return SnpVectorCase.all()
                .filter(c -> c.leaf().isPresent())
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

    @Test
    void everySignedByteOfARealReportCounts() throws Exception {
        SnpVectorCase base = named("milan-v3-azure");
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
    void thePinnedAuthoritiesAreAmdsOwn() throws Exception {
        Path folder = SnpVectorCase.directory().resolve("amd-roots");
        JsonNode fingerprints = SnpVectorCase.read(folder.resolve("fingerprints.json"));

        assertThat(SnpTrustAnchors.amd().anchors()).hasSize(9).hasSize(fingerprints.size());
        for (SnpTrustAnchors.Anchor anchor : SnpTrustAnchors.amd().anchors()) {
            String line = anchor.line().name().toLowerCase(Locale.ROOT);
            String role = anchor.role().name().toLowerCase(Locale.ROOT);
            JsonNode facts = fingerprints.get(line + "-" + role);
            assertThat(anchor.subject()).isEqualTo(facts.get("subject_cn").asText());
            assertThat(anchor.serialNumber())
                    .isEqualTo(new BigInteger(facts.get("serial_hex").asText(), 16));
            assertThat(anchor.notBefore()).isEqualTo(instant(facts.get("not_before")));
            assertThat(anchor.notAfter()).isEqualTo(instant(facts.get("not_after")));
            assertThat(anchor.spki().sha256().hex())
                    .isEqualTo(facts.get("spki_sha256").asText());
            assertThat(anchor.certificateSha256().hex())
                    .isEqualTo(facts.get("cert_sha256").asText());
            assertThat(SnpTrustAnchors.ofCertificates(List.of(
                                    SnpVectorCase.bytes(folder.resolve(line + "-" + role + ".pem")),
                                    SnpVectorCase.bytes(
                                            folder.resolve(line + (role.equals("ark") ? "-ask.pem" : "-ark.pem")))))
                            .anchors())
                    .contains(anchor);
        }
    }

    @TestFactory
    Stream<DynamicTest> aReportAndItsVekAreEnough() throws IOException {
        return SnpVectorCase.all()
                .filter(c -> c.leaf().isPresent())
                .map(c -> dynamicTest(c.name(), () -> {
                    SnpEvidence whole = c.evidence();
                    SnpEvidence bare = new SnpEvidence(whole.report(), whole.vek(), List.of(), List.of());

                    assertThat(c.verify(bare).failures())
                            .extracting(CheckResult::id)
                            .containsExactlyElementsOf(c.verify(whole).failures().stream()
                                    .map(CheckResult::id)
                                    .toList());
                }));
    }

    @Test
    void aRealListRevokesTheWithdrawnSigningKeyOnly() throws Exception {
        Path folder = SnpVectorCase.directory().resolve("crl-genoa");
        SnpVectorCase genoa = named("genoa-v3-azure");
        SnpEvidence evidence =
                genoa.evidence().withRevocationLists(List.of(SnpVectorCase.bytes(folder.resolve("crl.der"))));
        SnpPolicy policy = genoa.policy().toBuilder().requireRevocation().build();

        Verdict<SnpReport> current =
                SnpVectorCase.verifier(Instant.parse("2025-06-01T00:00:00Z")).verify(evidence, policy);
        Verdict<SnpReport> stale =
                SnpVectorCase.verifier(Instant.parse("2026-06-01T00:00:00Z")).verify(evidence, policy);

        assertThat(current.failures()).isEmpty();
        assertThat(stale.failures()).extracting(CheckResult::id).containsExactly(SnpChecks.REVOCATION);
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

    private static SnpVectorCase named(String name) throws IOException {
        return SnpVectorCase.all()
                .filter(c -> c.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Instant instant(JsonNode time) {
        return OffsetDateTime.parse(time.asText()).toInstant();
    }
}
