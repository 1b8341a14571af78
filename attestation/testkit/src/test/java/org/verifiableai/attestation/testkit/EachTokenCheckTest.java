package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.verifiableai.attestation.testkit.TokenLab.NONCE;
import static org.verifiableai.attestation.testkit.TokenLab.NOW;
import static org.verifiableai.attestation.testkit.TokenLab.NRAS;
import static org.verifiableai.attestation.testkit.TokenLab.OTHER_NONCE;
import static org.verifiableai.attestation.testkit.TokenLab.TOKEN;
import static org.verifiableai.attestation.testkit.TokenLab.check;
import static org.verifiableai.attestation.testkit.TokenLab.failed;
import static org.verifiableai.attestation.testkit.TokenLab.verify;

import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.NvtrustPolicy;
import org.verifiableai.attestation.nvidia.token.TokenChecks;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;

/** Each check has a token that meets its demand and one that differs in one thing, by which this check fails alone. */
class EachTokenCheckTest {

    private record Defect(
            CheckId id, Supplier<Verdict<AttestationToken>> good, Supplier<Verdict<AttestationToken>> bad) {}

    private static final List<Defect> DEFECTS = List.of(
            new Defect(
                    TokenChecks.FORMAT,
                    () -> verify(TOKEN.json()),
                    () -> verify(TOKEN.json().slice(0, TOKEN.json().size() - 1))),
            defect(TokenChecks.ISSUER, TOKEN.with("GPU-1", "iss", TokenPolicy.NRAS_STAGING), p -> p),
            defect(TokenChecks.ALGORITHM, TOKEN.withHeader("alg", "ES256"), p -> p),
            new Defect(
                    TokenChecks.GUEST,
                    () -> verify(TOKEN.json()),
                    () -> verify(
                            SoftwareLocalVerifier.nvtrust(NONCE, NOW)
                                    .withGpus(2)
                                    .json(),
                            p -> p.madeInsideGuest("a guest was promised"))),
            new Defect(
                    TokenChecks.KEY,
                    () -> verify(TOKEN.json()),
                    () -> verify(
                            TOKEN.json(),
                            NRAS.withKeyValid(NOW.minusSeconds(7200), NOW.minusSeconds(1))
                                    .issuerKeys(),
                            p -> p)),
            defect(
                    TokenChecks.SIGNATURE,
                    TOKEN.signedBy("GPU-1", NRAS.signer().withSignature(Bytes::reversed)),
                    p -> p),
            defect(TokenChecks.TIMES, TOKEN.with("GPU-0", "exp", NOW.getEpochSecond()), p -> p),
            defect(TokenChecks.NONCE, TOKEN.with("GPU-1", "eat_nonce", OTHER_NONCE.hex()), p -> p),
            defect(TokenChecks.SUBMODULES, TOKEN.withDigest("GPU-1", Bytes.zeros(32)), p -> p),
            defect(TokenChecks.ERRORS, TOKEN.withError("GPU-1", 4013, "SIGNATURE"), p -> p),
            defect(TokenChecks.DEVICES, TOKEN.withGpus(1), p -> p),
            defect(TokenChecks.RESULT, TOKEN.with("overall", "x-nvidia-overall-att-result", false), p -> p),
            defect(TokenChecks.CLAIMS, TOKEN.with("GPU-1", "measres", "fail"), p -> p),
            new Defect(
                    TokenChecks.POLICY,
                    () -> verify(TOKEN.json(), p -> p.nvtrustPolicy(nvtrust("success"))),
                    () -> verify(TOKEN.json(), p -> p.nvtrustPolicy(nvtrust("comparison-successful")))));

    @Test
    void everyCheckIsHere() {
        assertThat(DEFECTS).extracting(Defect::id).containsExactlyElementsOf(TokenChecks.ALL);
        assertThat(TokenChecks.ALL).doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> eachCheckFailsAlone() {
        return DEFECTS.stream()
                .map(defect -> dynamicTest(defect.id().name(), () -> {
                    Verdict<AttestationToken> good = defect.good().get();
                    Verdict<AttestationToken> bad = defect.bad().get();

                    assertThat(good.failures()).isEmpty();
                    assertThat(good.accepted()).isTrue();
                    assertThat(check(good, defect.id()).outcome()).isEqualTo(Outcome.PASSED);
                    assertThat(failed(bad)).containsExactly(defect.id());
                    assertThat(bad.accepted()).isFalse();
                    for (Verdict<AttestationToken> verdict : List.of(good, bad)) {
                        assertThat(verdict.checks())
                                .extracting(CheckResult::id)
                                .containsExactlyElementsOf(TokenChecks.ALL);
                    }
                }));
    }

    private static Defect defect(CheckId id, SoftwareToken bad, UnaryOperator<TokenPolicy.Builder> demands) {
        return new Defect(id, () -> verify(TOKEN.json(), demands), () -> verify(bad.json(), demands));
    }

    private static NvtrustPolicy nvtrust(String measres) {
        try {
            return NvtrustPolicy.parse(Bytes.utf8("""
                    {"version":"3.0","authorization-rules":{"type":"JWT","overall-claims":{"x-nvidia-ver":"2.0"},
                    "detached-claims":{"measres":"%s","x-nvidia-gpu-arch-check":true}}}
                    """.formatted(measres)));
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }
}
