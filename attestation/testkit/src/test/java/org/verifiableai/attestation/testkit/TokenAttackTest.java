package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.TokenLab.NONCE;
import static org.verifiableai.attestation.testkit.TokenLab.NOW;
import static org.verifiableai.attestation.testkit.TokenLab.NRAS;
import static org.verifiableai.attestation.testkit.TokenLab.OTHER_NONCE;
import static org.verifiableai.attestation.testkit.TokenLab.TOKEN;
import static org.verifiableai.attestation.testkit.TokenLab.check;
import static org.verifiableai.attestation.testkit.TokenLab.failed;
import static org.verifiableai.attestation.testkit.TokenLab.verifierAt;
import static org.verifiableai.attestation.testkit.TokenLab.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.Jwks;
import org.verifiableai.attestation.nvidia.token.TokenChecks;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;
import org.verifiableai.attestation.nvidia.token.TokenVerifier;

/** What somebody may try who wants a token accepted that the service never made, or made of something else. */
class TokenAttackTest {

    private static final SoftwareNras OTHER = SoftwareNras.create("https://other.example", NOW);

    @Test
    void anHonestTokenIsAccepted() {
        Verdict<AttestationToken> verdict = verify(TOKEN.json());

        assertThat(verdict.accepted()).as(verdict.toJson()).isTrue();
    }

    @Test
    void aTokenSignedWithNothingIsRefused() {
        assertThat(failed(verify(TOKEN.signedBy(TokenSigner.none()).json()))).containsExactly(TokenChecks.ALGORITHM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"NONE", "None", "nOnE", "", "HS384", "RS256", "ES256", "es384", "PS384"})
    void noAlgorithmButTheIssuersOwnIsTaken(String algorithm) {
        Verdict<AttestationToken> verdict =
                verify(TOKEN.withHeader("alg", algorithm).json());

        assertThat(failed(verdict)).containsExactly(TokenChecks.ALGORITHM);
        assertThat(check(verdict, TokenChecks.SIGNATURE).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
    }

    /** The public key, in every form in which somebody could have it at hand as a shared secret. */
    @ParameterizedTest
    @MethodSource("publicKeys")
    void aTokenSignedWithThePublicKeyAsASecretIsRefused(String form, Bytes secret) {
        TokenSigner forger = TokenSigner.hs256(secret).withHeader("kid", NRAS.keyId());

        assertThat(failed(verify(TOKEN.signedBy(forger).json()))).as(form).containsExactly(TokenChecks.ALGORITHM);
    }

    static Stream<Arguments> publicKeys() {
        Bytes der = NRAS.key().spkiDer();
        Bytes point = der.slice(der.size() - 97, der.size());
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toByteArray())
                + "\n-----END PUBLIC KEY-----\n";
        String jwks = new String(NRAS.jwks().toByteArray(), StandardCharsets.UTF_8);
        Map<String, Bytes> forms = Map.of(
                "raw", point,
                "coordinates", point.slice(1, point.size()),
                "DER", der,
                "PEM", Bytes.utf8(pem),
                "PEM without its last line end", Bytes.utf8(pem.stripTrailing()),
                "JWK", Bytes.utf8(jwks.substring("{\"keys\":[".length(), jwks.length() - 2)),
                "JWKS", NRAS.jwks(),
                "certificate", NRAS.certificates().get(0),
                "nothing", Bytes.zeros(1),
                "the local verifier's", Bytes.utf8("secret"));
        return forms.entrySet().stream().map(form -> Arguments.of(form.getKey(), form.getValue()));
    }

    @Test
    void theLocalVerifiersKeySignsForNobodyElse() {
        SoftwareToken forged =
                SoftwareLocalVerifier.nvtrust(NONCE, NOW).withGpus(2).withEverywhere("iss", TokenPolicy.NRAS);

        assertThat(failed(verify(forged.json(), p -> p.madeInsideGuest("a guest was promised"))))
                .contains(TokenChecks.ALGORITHM);
    }

    @Test
    void aServicesKeySignsForNoLocalVerifier() {
        SoftwareToken forged = TOKEN.withEverywhere("iss", "LOCAL_GPU_VERIFIER");

        assertThat(failed(verify(
                        forged.json(),
                        IssuerKeys.of("LOCAL_GPU_VERIFIER", keys(NRAS)),
                        p -> p.issuers(Set.of("LOCAL_GPU_VERIFIER")))))
                .contains(TokenChecks.ALGORITHM);
    }

    @Test
    void aKeyOfAnotherIssuerSignsNothing() {
        SoftwareToken forged = OTHER.token(NONCE, NOW).withGpus(2).withEverywhere("iss", TokenPolicy.NRAS);
        IssuerKeys both = NRAS.issuerKeys().and(OTHER.issuer(), keys(OTHER));

        Verdict<AttestationToken> verdict =
                verify(forged.json(), both, p -> p.issuers(Set.of(TokenPolicy.NRAS, OTHER.issuer())));

        assertThat(failed(verdict)).containsExactly(TokenChecks.KEY);
        assertThat(check(verdict, TokenChecks.KEY).detail())
                .contains("kid must be that of a key of " + TokenPolicy.NRAS + ", found " + OTHER.keyId());
        assertThat(check(verdict, TokenChecks.SIGNATURE).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
    }

    @Test
    void aSignatureUnderTheNameOfAnotherKeyIsRefused() {
        SoftwareToken forged = TOKEN.signedBy(OTHER.signer().withHeader("kid", NRAS.keyId()));

        assertThat(failed(verify(forged.json()))).containsExactly(TokenChecks.SIGNATURE);
    }

    @Test
    void aKeyThatNobodyKnowsIsRefused() {
        assertThat(failed(verify(TOKEN.withHeader("kid", "another").json()))).containsExactly(TokenChecks.KEY);
        assertThat(failed(verify(
                        TOKEN.signedBy(NRAS.signer().withoutHeader("kid")).json())))
                .containsExactly(TokenChecks.KEY);
        assertThat(failed(verify(TOKEN.json(), IssuerKeys.NONE, p -> p))).containsExactly(TokenChecks.KEY);
    }

    @Test
    void aKeyThatATokenBringsAlongIsNotUsed() {
        String jwks = new String(OTHER.jwks().toByteArray(), StandardCharsets.UTF_8);
        TokenSigner forger = OTHER.signer()
                .withHeader("kid", NRAS.keyId())
                .withHeader("jku", "https://attacker.example/jwks.json")
                .withHeader("jwk", Map.of("kty", "EC", "note", jwks))
                .withHeader(
                        "x5c", OTHER.certificates().stream().map(Bytes::base64).toList());

        assertThat(failed(verify(TOKEN.signedBy(forger).json()))).containsExactly(TokenChecks.SIGNATURE);
    }

    @Test
    void stagingIsAnotherIssuerThanProduction() {
        SoftwareNras staging = SoftwareNras.create(TokenPolicy.NRAS_STAGING, NOW);
        Bytes token = staging.token(NONCE, NOW).withGpus(2).json();

        assertThat(failed(verify(token, staging.issuerKeys(), p -> p))).containsExactly(TokenChecks.ISSUER);
        assertThat(failed(verify(token, staging.issuerKeys(), p -> p.issuers(Set.of(TokenPolicy.NRAS_STAGING)))))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://nras.attestation.nvidia.com/",
                "HTTPS://nras.attestation.nvidia.com",
                "https://nras.attestation.nvidia.com.example",
                " https://nras.attestation.nvidia.com",
                "http://nras.attestation.nvidia.com"
            })
    void anIssuerOfAlmostTheNameIsAnother(String issuer) {
        SoftwareNras almost = SoftwareNras.create(issuer, NOW).withoutCertificates();

        assertThat(failed(verify(almost.token(NONCE, NOW).withGpus(2).json(), almost.issuerKeys(), p -> p)))
                .contains(TokenChecks.ISSUER);
    }

    @Test
    void anExpiredTokenIsRefused() {
        Instant expiry = NOW.plusSeconds(3600);

        assertThat(failedAt(expiry.minusSeconds(1))).isEmpty();
        assertThat(failedAt(expiry)).containsExactly(TokenChecks.TIMES);
    }

    @Test
    void aTokenFromTheFutureIsRefusedBeyondTheLeeway() {
        assertThat(failedAt(NOW.minusSeconds(30))).isEmpty();
        assertThat(failedAt(NOW.minusSeconds(31))).containsExactly(TokenChecks.TIMES);
    }

    @Test
    void everyTokenHasToSayWhenItEnds() {
        for (String token : List.of("overall", "GPU-0", "GPU-1")) {
            for (String claim : List.of("exp", "iat")) {
                assertThat(failed(verify(TOKEN.without(token, claim).json()))).containsExactly(TokenChecks.TIMES);
            }
        }
        assertThat(failed(verify(TOKEN.without("GPU-1", "nbf").json()))).isEmpty();
    }

    @Test
    void aTokenThatEndsBeforeItBeginsIsRefused() {
        SoftwareToken token = TOKEN.with("overall", "iat", NOW.getEpochSecond() + 20)
                .with("overall", "exp", NOW.getEpochSecond() + 10);

        assertThat(failed(verify(token.json()))).containsExactly(TokenChecks.TIMES);
    }

    @Test
    void anOldTokenIsRefusedWhereThePolicyWantsANewOne() {
        TokenPolicy policy = TokenLab.policy().maximumAge(Duration.ofMinutes(5)).build();

        assertThat(failed(verifierAt(NOW.plusSeconds(300)).verify(TOKEN.json(), NRAS.issuerKeys(), policy)))
                .isEmpty();
        assertThat(failed(verifierAt(NOW.plusSeconds(301)).verify(TOKEN.json(), NRAS.issuerKeys(), policy)))
                .containsExactly(TokenChecks.TIMES);
    }

    @Test
    void aTokenForAnotherChallengeIsRefused() {
        assertThat(failed(verify(NRAS.token(OTHER_NONCE, NOW).withGpus(2).json())))
                .containsExactly(TokenChecks.NONCE);
    }

    @Test
    void anOverallTokenForThisChallengeOverDevicesOfAnotherIsRefused() {
        SoftwareToken token = NRAS.token(OTHER_NONCE, NOW).withGpus(2).with("overall", "eat_nonce", NONCE.hex());

        assertThat(failed(verify(token.json()))).containsExactly(TokenChecks.NONCE);
    }

    @Test
    void aNonceIsComparedByValue() {
        SoftwareToken token = TOKEN.withEverywhere("eat_nonce", NONCE.hex().toUpperCase(Locale.ROOT));

        assertThat(failed(verify(token.json()))).isEmpty();
        assertThat(failed(verify(
                        TOKEN.withEverywhere("eat_nonce", "0x" + NONCE.hex()).json())))
                .containsExactly(TokenChecks.NONCE);
        assertThat(failed(verify(TOKEN.without("GPU-0", "eat_nonce").json()))).containsExactly(TokenChecks.NONCE);
    }

    @Test
    void theNonceOfAPublicSampleIsNobodysChallenge() {
        Bytes sample = Bytes.fromHex("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb");

        assertThat(failed(verify(NRAS.token(sample, NOW).withGpus(2).json(), p -> p.expectedNonce(sample))))
                .containsExactly(TokenChecks.NONCE);
    }

    @Test
    void swappedDeviceTokensAreRefused() {
        SoftwareBundle bundle = TOKEN.bundle();
        SoftwareBundle swapped =
                bundle.withDevice("GPU-0", device(bundle, "GPU-1")).withDevice("GPU-1", device(bundle, "GPU-0"));

        Verdict<AttestationToken> verdict = verify(swapped.json());

        assertThat(failed(verdict)).containsExactly(TokenChecks.SUBMODULES);
        assertThat(check(verdict, TokenChecks.SUBMODULES).detail()).contains(", that of GPU-1");
    }

    @Test
    void aDeviceTokenMoreIsRefused() {
        SoftwareBundle bundle = TOKEN.bundle();
        SoftwareBundle more =
                bundle.withDevice("GPU-2", device(TOKEN.withGpus(1).bundle(), "GPU-2"));

        assertThat(failed(verify(more.json(), p -> p.gpus(3)))).containsExactly(TokenChecks.SUBMODULES);
    }

    @Test
    void aDeviceTokenLessIsRefused() {
        assertThat(failed(verify(TOKEN.bundle().withoutDevice("GPU-1").json(), p -> p.gpus(1))))
                .containsExactly(TokenChecks.SUBMODULES);
    }

    @Test
    void aDeviceTokenOfAnotherBundleIsRefused() {
        SoftwareToken other = TOKEN.with("GPU-1", "x-nvidia-gpu-driver-version", "595.71.05");

        assertThat(failed(verify(TOKEN.bundle()
                        .withDevice("GPU-1", device(other.bundle(), "GPU-1"))
                        .json())))
                .containsExactly(TokenChecks.SUBMODULES);
    }

    @Test
    void aDeviceTokenInPlaceOfTheOverallOneIsRefused() {
        SoftwareBundle bundle = TOKEN.bundle();

        assertThat(failed(verify(bundle.withOverall(device(bundle, "GPU-0")).json())))
                .contains(TokenChecks.SUBMODULES, TokenChecks.RESULT, TokenChecks.CLAIMS);
    }

    @Test
    void bothNamesOfTheHashAreTakenAndNoOther() {
        assertThat(failed(verify(TOKEN.withDigestLabel("SHA256").json()))).isEmpty();
        assertThat(failed(verify(TOKEN.withDigestLabel("SHA-384").json()))).containsExactly(TokenChecks.SUBMODULES);
    }

    @Test
    void aServicesDigestIsNotThatOfTheLocalVerifier() {
        // The service hashes the token, signature included, so that claims of the same digest are no way in.
        SoftwareToken token = TOKEN.withDigest(
                "GPU-0", Bytes.utf8("{\"measres\": \"success\"}").sha256());

        assertThat(failed(verify(token.json()))).containsExactly(TokenChecks.SUBMODULES);
    }

    @Test
    void oneDeviceUnderTwoNamesIsRefused() {
        SoftwareToken token = TOKEN.with("GPU-0", "ueid", "12345").with("GPU-1", "ueid", "12345");

        Verdict<AttestationToken> verdict = verify(token.json());

        assertThat(failed(verdict)).containsExactly(TokenChecks.DEVICES);
        assertThat(check(verdict, TokenChecks.DEVICES).detail()).contains("ueid 12345 again");
    }

    @Test
    void aSignatureInDerIsRefused() {
        TokenSigner der = NRAS.signer().withSignature(raw -> {
            try {
                return Bytes.of(new DERSequence(
                                new ASN1Integer[] {integer(raw.slice(0, 48)), integer(raw.slice(48, 96))})
                        .getEncoded());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThat(failed(verify(TOKEN.signedBy(der).json()))).containsExactly(TokenChecks.SIGNATURE);
    }

    @Test
    void aStrippedSignatureIsRefused() {
        for (String token : List.of("overall", "GPU-0", "GPU-1")) {
            SoftwareToken stripped = TOKEN.signedBy(token, NRAS.signer().withSignature(raw -> Bytes.EMPTY));

            assertThat(failed(verify(stripped.json()))).containsExactly(TokenChecks.SIGNATURE);
        }
    }

    @Test
    void aSignatureOfZerosIsRefused() {
        SoftwareToken zeros = TOKEN.signedBy(NRAS.signer().withSignature(raw -> Bytes.zeros(96)));

        assertThat(failed(verify(zeros.json()))).containsExactly(TokenChecks.SIGNATURE);
    }

    @Test
    void changedClaimsUnderAnOldSignatureAreRefused() {
        SoftwareBundle honest = TOKEN.bundle();
        String other = TOKEN.with("overall", "x-nvidia-extra", true).bundle().overall();
        String mixed = other.substring(0, other.lastIndexOf('.'))
                + honest.overall().substring(honest.overall().lastIndexOf('.'));

        assertThat(failed(verify(honest.withOverall(mixed).json()))).containsExactly(TokenChecks.SIGNATURE);
    }

    @Test
    void headersThatHaveToBeUnderstoodAreRefused() {
        assertThat(failed(verify(TOKEN.withHeader("crit", List.of("exp")).json())))
                .containsExactly(TokenChecks.FORMAT);
        assertThat(failed(verify(TOKEN.withHeader("b64", false).json()))).containsExactly(TokenChecks.FORMAT);
    }

    @Test
    void aMemberThatStandsTwiceIsRefused() {
        SoftwareBundle bundle = TOKEN.bundle();
        String twice = NRAS.signer().sign("{\"iss\":\"a\",\"iss\":\"" + TokenPolicy.NRAS + "\"}");
        String document = new String(bundle.json().toByteArray(), StandardCharsets.UTF_8);

        assertThat(failed(verify(bundle.withOverall(twice).json()))).containsExactly(TokenChecks.FORMAT);
        assertThat(failed(verify(Bytes.utf8(document.replace("\"GPU-1\":", "\"GPU-0\":")))))
                .containsExactly(TokenChecks.FORMAT);
    }

    @Test
    void aTokenIsOneText() {
        SoftwareBundle bundle = TOKEN.bundle();
        String overall = bundle.overall();
        // The last digit of 96 bytes has no unused bits; padding is what a lenient reader would take.
        for (String other : List.of(overall + "=", overall + ".", overall.replace('.', ' '), " " + overall)) {
            assertThat(failed(verify(bundle.withOverall(other).json()))).containsExactly(TokenChecks.FORMAT);
        }
    }

    @Test
    void aPinnedIntermediateHasToHaveCertifiedTheKey() {
        TokenPolicy policy = TokenLab.policy().build();
        TokenVerifier.Builder verifier = TokenVerifier.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC));
        TokenVerifier pinned =
                verifier.pinnedIntermediates(Set.of(NRAS.intermediateSha256())).build();
        SoftwareNras forger = SoftwareNras.create(NOW);
        SoftwareNras borrowing = forger.withCertificates(
                List.of(forger.certificates().get(0), NRAS.certificates().get(1)));
        SoftwareNras stealing = forger.withCertificates(NRAS.certificates());

        assertThat(failed(pinned.verify(TOKEN.json(), NRAS.issuerKeys(), policy)))
                .isEmpty();
        for (SoftwareNras other : List.of(forger, borrowing, stealing, forger.withoutCertificates())) {
            assertThat(failed(pinned.verify(other.token(NONCE, NOW).withGpus(2).json(), other.issuerKeys(), policy)))
                    .containsExactly(TokenChecks.KEY);
        }
    }

    @Test
    void aCertificateOfAnotherKeyIsRefusedPinnedOrNot() {
        SoftwareNras other = SoftwareNras.create(NOW);
        SoftwareNras stealing = other.withCertificates(NRAS.certificates());

        assertThat(failed(verify(other.token(NONCE, NOW).withGpus(2).json(), stealing.issuerKeys(), p -> p)))
                .containsExactly(TokenChecks.KEY);
    }

    @Test
    void aKeyWithoutCertificatesIsAsGoodAsItsKeySet() {
        assertThat(failed(verify(TOKEN.json(), NRAS.withoutCertificates().issuerKeys(), p -> p)))
                .isEmpty();
    }

    @Test
    void aKeyIsLookedAtAsOfTheTokensIssueAndNotOfNow() {
        IssuerKeys expiredSince =
                NRAS.withKeyValid(NOW.minusSeconds(60), NOW.plusSeconds(60)).issuerKeys();
        TokenPolicy policy = TokenLab.policy().build();

        assertThat(failed(verifierAt(NOW.plusSeconds(3000)).verify(TOKEN.json(), expiredSince, policy)))
                .isEmpty();
    }

    @Test
    void aTokenWithAWarningIsRefusedUnlessThePolicyAdmitsIt() {
        String hold = "THE CERTIFICATE HCC RIM L4 Signer IS REVOKED WITH THE STATUS AS 'CERTIFICATE_HOLD'.";
        Bytes warning =
                TOKEN.with("GPU-1", "x-nvidia-attestation-warning", hold).json();

        Verdict<AttestationToken> admitted = verify(warning, p -> p.allowWarnings("holds are lifted soon"));

        assertThat(failed(verify(warning))).containsExactly(TokenChecks.CLAIMS);
        assertThat(failed(admitted)).isEmpty();
        assertThat(check(admitted, TokenChecks.CLAIMS).detail())
                .endsWith("GPU-1 warns: " + hold + "; allowed by policy: holds are lifted soon");
        assertThat(failed(verify(TOKEN.withEverywhere("x-nvidia-attestation-warning", null)
                        .json())))
                .isEmpty();
    }

    @Test
    void aChainWithAReasonOfRevocationIsRefused() {
        SoftwareToken granular = TOKEN.withGranularClaims();

        assertThat(failed(verify(granular.json()))).isEmpty();
        for (String reason : List.of("certificateHold", "certificate_hold")) {
            Bytes held = withReason(granular, reason);
            assertThat(failed(verify(held))).containsExactly(TokenChecks.CLAIMS);
            assertThat(failed(verify(held, p -> p.allowWarnings("holds are lifted soon"))))
                    .isEmpty();
        }
        assertThat(failed(verify(withReason(granular, "keyCompromise"), p -> p.allowWarnings("holds are lifted soon"))))
                .containsExactly(TokenChecks.CLAIMS);
    }

    @Test
    void aChainCountsWhateverTheVersionOfTheClaims() {
        Map<String, String> revoked = Map.of("x-nvidia-cert-status", "revoked", "x-nvidia-cert-ocsp-status", "revoked");

        assertThat(failed(verify(TOKEN.with("GPU-1", "x-nvidia-gpu-driver-rim-cert-chain", revoked)
                        .json())))
                .containsExactly(TokenChecks.CLAIMS);
    }

    private static Bytes withReason(SoftwareToken token, String reason) {
        return token.withChain("GPU-1", "x-nvidia-gpu-driver-rim-cert-chain", "x-nvidia-cert-revocation-reason", reason)
                .json();
    }

    @Test
    void aVerdictIsNoLongerThanItsTokenManyTimesOver() {
        // What differs from the overall token's claim is told beside each device, and there may be 256 of them.
        String endless = "i".repeat(300_000);

        Verdict<AttestationToken> verdict =
                verify(TOKEN.with(SoftwareToken.OVERALL, "iss", endless).json());

        assertThat(failed(verdict)).containsExactly(TokenChecks.FORMAT);
        assertThat(check(verdict, TokenChecks.FORMAT).detail())
                .startsWith("iss: expected a text of at most 4096 characters");
    }

    @Test
    void textOfATokenCannotBreakTheLineOfAMessage() {
        Verdict<AttestationToken> verdict = verify(
                TOKEN.with("GPU-0", "measres", "fail\n2026 ACCEPTED \u202E").json());

        assertThat(failed(verdict)).containsExactly(TokenChecks.CLAIMS);
        assertThat(verdict.checks())
                .extracting(CheckResult::detail)
                .noneMatch(detail -> detail.contains("\n") || detail.contains("\u202E"));
    }

    private static List<CheckId> failedAt(Instant instant) {
        return failed(verifierAt(instant)
                .verify(TOKEN.json(), NRAS.issuerKeys(), TokenLab.policy().build()));
    }

    private static ASN1Integer integer(Bytes bigEndian) {
        return new ASN1Integer(new BigInteger(1, bigEndian.toByteArray()));
    }

    private static String device(SoftwareBundle bundle, String name) {
        return Objects.requireNonNull(bundle.devices().get(name), name);
    }

    private static Jwks keys(SoftwareNras service) {
        try {
            return Jwks.parse(service.jwks());
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }
}
