package org.verifiableai.attestation.testkit;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;
import org.verifiableai.attestation.nvidia.token.TokenVerifier;

/** A service, its tokens and a policy that accepts them; a test changes one thing of it. */
final class TokenLab {

    static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    static final Bytes NONCE = Bytes.utf8("a challenge").sha256();
    static final Bytes OTHER_NONCE = Bytes.utf8("another challenge").sha256();

    /** Under the name of NVIDIA's service. */
    static final SoftwareNras NRAS = SoftwareNras.create(NOW);

    /** Two GPUs, in claims of version 2.0. */
    static final SoftwareToken TOKEN = NRAS.token(NONCE, NOW).withGpus(2);

    private TokenLab() {}

    static TokenPolicy.Builder policy() {
        return TokenPolicy.builder().expectedNonce(NONCE).gpus(2);
    }

    static TokenVerifier verifier() {
        return verifierAt(NOW);
    }

    static TokenVerifier verifierAt(Instant instant) {
        return TokenVerifier.builder()
                .clock(Clock.fixed(instant, ZoneOffset.UTC))
                .build();
    }

    static Verdict<AttestationToken> verify(Bytes document) {
        return verify(document, p -> p);
    }

    static Verdict<AttestationToken> verify(Bytes document, UnaryOperator<TokenPolicy.Builder> demands) {
        return verify(document, NRAS.issuerKeys(), demands);
    }

    static Verdict<AttestationToken> verify(
            Bytes document, IssuerKeys keys, UnaryOperator<TokenPolicy.Builder> demands) {
        return verifier().verify(document, keys, demands.apply(policy()).build());
    }

    static List<CheckId> failed(Verdict<?> verdict) {
        return verdict.failures().stream().map(CheckResult::id).toList();
    }

    static CheckResult check(Verdict<?> verdict, CheckId id) {
        return verdict.checks().stream()
                .filter(check -> check.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
