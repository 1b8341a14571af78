package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
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

/**
 * Real evidence with one thing changed: every mutation of {@code mutations.json} on every valid case, of every product
 * line. Each has to fail at the check that is named for it.
 */
class SnpMutationVectorsTest {

    private static final int SIGNATURE = 0x2A0;
    private static final Bytes P384_ORDER = Bytes.fromHex(
            "ffffffffffffffffffffffffffffffffffffffffffffffff" + "c7634d81f4372ddf581a0db248b0a77aecec196accc52973");

    /** The checks of which one has to fail, by the word that the file has for them. */
    private static final Map<String, Set<CheckId>> EXPECTED = Map.ofEntries(
            Map.entry("unsupported-version", Set.of(SnpChecks.FORMAT)),
            Map.entry("unsupported-signature-algorithm", Set.of(SnpChecks.FORMAT)),
            Map.entry("length unless the caller asked for report+cert-table", Set.of(SnpChecks.FORMAT)),
            Map.entry("length", Set.of(SnpChecks.FORMAT)),
            Map.entry("signature-format", Set.of(SnpChecks.FORMAT, SnpChecks.SIGNATURE)),
            Map.entry("signature", Set.of(SnpChecks.SIGNATURE)),
            Map.entry("signature-or-chip-id", Set.of(SnpChecks.SIGNATURE, SnpChecks.CHIP_ID)),
            Map.entry("signature-or-tcb", Set.of(SnpChecks.SIGNATURE, SnpChecks.TCB_CERTIFICATE)),
            Map.entry("signature-or-reserved", Set.of(SnpChecks.SIGNATURE, SnpChecks.FORMAT)),
            Map.entry("unsigned-report", Set.of(SnpChecks.SIGNING_KEY)),
            Map.entry("reserved-signing-key", Set.of(SnpChecks.SIGNING_KEY)),
            Map.entry("chain", Set.of(SnpChecks.CHAIN)),
            Map.entry("untrusted-root", Set.of(SnpChecks.CHAIN)),
            Map.entry("expired", Set.of(SnpChecks.VALIDITY)),
            Map.entry("not-yet-valid", Set.of(SnpChecks.VALIDITY)));

    /** Authorities that claim AMD's names, one a product line: making their keys takes a while. */
    private final Map<ProductLine, SoftwareAmd> lookalikes = new EnumMap<>(ProductLine.class);

    @TestFactory
    Stream<DynamicTest> everyMutationOfEveryValidCaseFailsAsItShould() throws IOException {
        JsonNode mutations = SnpVectorCase.read(SnpVectorCase.directory().resolve("mutations.json"))
                .get("mutations");
        List<SnpVectorCase> cases = SnpVectorCase.valid().toList();
        assertThat(cases.stream().map(SnpVectorCase::line).collect(Collectors.toSet()))
                .as("every line has a valid case")
                .containsExactlyInAnyOrder(ProductLine.values());
        List<DynamicTest> tests = new ArrayList<>();
        for (SnpVectorCase base : cases) {
            for (JsonNode mutation : mutations) {
                tests.add(dynamicTest(
                        base.name() + ": " + mutation.get("name").asText(), () -> assertRefused(base, mutation)));
            }
        }
        return tests.stream();
    }

    private void assertRefused(SnpVectorCase base, JsonNode mutation) throws Exception {
        SnpPolicy policy = base.policy().toBuilder()
                .allowDebug("one case was recorded with it")
                .build();
        SnpEvidence genuine = base.evidence();
        assertThat(SnpVectorCase.verifier(base.at()).verify(genuine, policy).failures())
                .as("before the change")
                .isEmpty();

        SnpEvidence changed = new SnpEvidence(
                Bytes.of(changedReport(base, mutation)), genuine.vek(), authorities(base, mutation), List.of());
        Verdict<SnpReport> verdict =
                SnpVectorCase.verifier(instant(base, mutation)).verify(changed, policy);

        String expected = mutation.get("expect").asText();
        if (expected.contains("or-accept; not covered by the signature")) {
            assertThat(verdict.accepted())
                    .as("an unsigned byte decides nothing")
                    .isTrue();
            assertThat(verdict.orElseThrow().facts())
                    .isEqualTo(SnpVectorCase.verifier(base.at())
                            .verify(genuine, policy)
                            .orElseThrow()
                            .facts());
            return;
        }
        assertThat(EXPECTED).as("a word that this test knows").containsKey(expected);
        List<CheckId> failed = verdict.failures().stream().map(CheckResult::id).toList();
        assertThat(failed).containsAnyElementsOf(EXPECTED.get(expected));
        if (mutation.has("clock")) {
            assertThat(failed).hasSize(1);
        } else if (mutation.has("replace_cert")) {
            // A certificate put in another's place may also be younger than the recorded instant.
            assertThat(failed).isSubsetOf(SnpChecks.CHAIN, SnpChecks.VALIDITY);
        }
        assertThat(verdict.accepted()).isFalse();
    }

    private static byte[] changedReport(SnpVectorCase base, JsonNode mutation) throws IOException {
        byte[] raw = base.report().toByteArray();
        for (Map.Entry<String, JsonNode> change : mutation.properties()) {
            JsonNode to = change.getValue();
            switch (change.getKey()) {
                case "flip" -> raw[to.get(0).asInt()] ^= (byte) to.get(1).asInt();
                case "set_u32_le" -> writeU32(raw, to.get(0).asInt(), to.get(1).asInt());
                case "or_u32_le" -> {
                    int offset = to.get(0).asInt();
                    writeU32(raw, offset, readU32(raw, offset) | to.get(1).asInt());
                }
                case "fill_zero" ->
                    Arrays.fill(
                            raw,
                            to.get(0).asInt(),
                            to.get(0).asInt() + to.get(1).asInt(),
                            (byte) 0);
                case "truncate" -> raw = Arrays.copyOf(raw, to.asInt());
                case "append_hex" ->
                    raw = Bytes.of(raw).concat(Bytes.fromHex(to.asText())).toByteArray();
                case "note" -> {
                    // The one change that the file describes in words.
                    assertThat(mutation.get("name").asText()).isEqualTo("sig-r-equals-order");
                    System.arraycopy(P384_ORDER.reversed().toByteArray(), 0, raw, SIGNATURE, P384_ORDER.size());
                }
                case "name", "expect", "clock", "replace_cert" -> {
                    // Not of the report.
                }
                default -> throw new AssertionError("a change that this test does not know: " + change.getKey());
            }
        }
        return raw;
    }

    private List<Bytes> authorities(SnpVectorCase base, JsonNode mutation) throws Exception {
        String change = mutation.path("replace_cert").asText();
        if (change.isEmpty()) {
            return base.evidence().authorities();
        }
        ProductLine line = base.line();
        if (change.equals("ask<-asvk of the same product")) {
            return List.of(root(line, "asvk"), root(line, "ark"));
        }
        if (change.equals("ark<-ark of another product")) {
            return List.of(
                    root(line, "ask"), root(line == ProductLine.MILAN ? ProductLine.GENOA : ProductLine.MILAN, "ark"));
        }
        assertThat(change).startsWith("ark<-freshly made self-signed certificate with the same subject CN");
        SoftwareAmd lookalike = lookalikes.computeIfAbsent(
                line, l -> SoftwareAmd.create(l, Instant.EPOCH, Instant.parse("2045-01-01T00:00:00Z")));
        return List.of(root(line, "ask"), lookalike.ark());
    }

    private static Instant instant(SnpVectorCase base, JsonNode mutation) {
        return switch (mutation.path("clock").asText()) {
            case "" -> base.at();
            case "vek.not_after + 1 s" -> time(base, "not_after").plusSeconds(1);
            case "vek.not_before - 1 s" -> time(base, "not_before").minusSeconds(1);
            default -> throw new AssertionError("a clock that this test does not know: " + mutation);
        };
    }

    private static Instant time(SnpVectorCase base, String name) {
        return OffsetDateTime.parse(base.expected().at("/vek/" + name).asText()).toInstant();
    }

    private static Bytes root(ProductLine line, String kind) throws Exception {
        Path file = SnpVectorCase.directory()
                .resolve("amd-roots/" + line.amdName().toLowerCase(Locale.ROOT) + "-" + kind + ".pem");
        return SnpEvidence.of(Bytes.EMPTY, SnpVectorCase.bytes(file), List.of(), List.of())
                .vek();
    }

    private static int readU32(byte[] raw, int offset) {
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = (value << 8) | (raw[offset + i] & 0xff);
        }
        return value;
    }

    private static void writeU32(byte[] raw, int offset, int value) {
        for (int i = 0; i < 4; i++) {
            raw[offset + i] = (byte) (value >>> (8 * i));
        }
    }
}
