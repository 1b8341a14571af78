package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;

class AttestationTokenFuzzTest {

    private static final TokenVerifier VERIFIER = TokenVerifier.builder()
            .clock(Clock.fixed(Instant.ofEpochSecond(2), ZoneOffset.UTC))
            .build();
    private static final TokenPolicy POLICY = TokenPolicy.builder()
            .withoutFreshness("fuzzing")
            .anyDeviceCount("fuzzing")
            .build();

    @MethodSource("seeds")
    @FuzzTest
    void aTokenIsRefusedOrJudgedAndNeverAcceptedWithoutAKey(byte[] input) {
        judge(Bytes.of(input));
        // A search does not learn to write base64. So what it writes is, in lines, also a header, what is said of all
        // devices and what is said of each, and is put into the form here.
        String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", 4);
        if (lines.length == 4) {
            judge(Bytes.utf8("[[\"JWT\",\"" + Tokens.compact(lines[0], lines[1], Bytes.zeros(96)) + "\"],{\"GPU-0\":\""
                    + Tokens.compact(lines[0], lines[2], Bytes.zeros(96)) + "\",\"SWITCH-0\":\""
                    + Tokens.compact(Tokens.HEADER, lines[3], Bytes.zeros(96)) + "\"}]"));
        }
    }

    private static void judge(Bytes document) {
        Verdict<AttestationToken> verdict = VERIFIER.verify(document, IssuerKeys.NONE, POLICY);

        assertThat(verdict.accepted()).isFalse();
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(TokenChecks.ALL);
        assertThat(verdict.checks()).extracting(CheckResult::detail).noneMatch(detail -> detail.contains("\n"));
        try {
            AttestationToken token = AttestationToken.parse(document);
            assertThat(token.bundles()).isNotEmpty();
            token.devices().forEach(device -> assertThat(device.name()).contains("-"));
            assertThat(AttestationToken.parse(token.bytes())).isEqualTo(token);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(TokenChecks.FORMAT);
        }
    }

    private static String lines(String... documents) {
        return Stream.of(documents).map(document -> document.replace("\n", " ")).collect(Collectors.joining("\n"));
    }

    static List<byte[]> seeds() {
        String bundle = Tokens.bundle(Tokens.DEVICE);
        return Stream.of(
                        bundle,
                        Tokens.bundle(Tokens.ERROR),
                        bundle.replace("GPU-0", "SWITCH-0"),
                        Tokens.wrapper(),
                        "\"" + Tokens.wrapper().replace("\"", "\\\"") + "\"",
                        "{\"result_code\":0,\"detached_eat\":" + bundle + "}",
                        Tokens.compact(
                                "{\"alg\":\"HS256\"}",
                                "{\"iss\":\"LOCAL_GPU_VERIFIER\",\"x-nv-err-code\":1}",
                                Bytes.zeros(32)),
                        lines(Tokens.HEADER, Tokens.OVERALL, Tokens.DEVICE, Tokens.ERROR),
                        lines(
                                "{\"alg\":\"none\",\"typ\":\"JWT\"}",
                                Tokens.OVERALL.replace("GPU-0", "SWITCH-0").replace("\"2.0\"", "\"3.0\""),
                                Tokens.ERROR,
                                Tokens.DEVICE.replace("x-nvidia-gpu-", "x-nvidia-switch-")))
                .map(document -> Bytes.utf8(document).toByteArray())
                .toList();
    }
}
