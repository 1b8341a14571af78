package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.testkit.TokenLab.NONCE;
import static org.verifiableai.attestation.testkit.TokenLab.NOW;
import static org.verifiableai.attestation.testkit.TokenLab.NRAS;
import static org.verifiableai.attestation.testkit.TokenLab.TOKEN;
import static org.verifiableai.attestation.testkit.TokenLab.check;
import static org.verifiableai.attestation.testkit.TokenLab.failed;
import static org.verifiableai.attestation.testkit.TokenLab.verifier;
import static org.verifiableai.attestation.testkit.TokenLab.verify;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.Verified;
import org.verifiableai.attestation.nvidia.token.AttestationToken;
import org.verifiableai.attestation.nvidia.token.GuestBinding;
import org.verifiableai.attestation.nvidia.token.IssuerKeys;
import org.verifiableai.attestation.nvidia.token.Jwks;
import org.verifiableai.attestation.nvidia.token.NvtrustPolicy;
import org.verifiableai.attestation.nvidia.token.TokenChecks;
import org.verifiableai.attestation.nvidia.token.TokenPolicy;
import org.verifiableai.attestation.nvidia.token.TokenVerifier;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;

class TokenVerifierTest {

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);
    private static final SoftwareSnpPlatform GUEST = AMD.platform(TcbVersion.of(10, 0, 23, 84));

    private static final SoftwareToken LOCAL =
            SoftwareLocalVerifier.nvtrust(NONCE, NOW).withGpus(2);
    private static final SoftwareToken NVAT =
            SoftwareLocalVerifier.nvat(NONCE, NOW).withGpus(2);

    @Test
    void anAcceptanceSaysWhatItEstablishes() throws Exception {
        Verified<AttestationToken> verified = verify(TOKEN.json()).orElseThrow();

        assertThat(verified.facts())
                .containsEntry("token.form", "BUNDLE")
                .containsEntry("token.issuer", TokenPolicy.NRAS)
                .containsEntry("token.claims-version", "2.0")
                .containsEntry("token.nonce", NONCE.hex())
                .containsEntry("token.issued-at", "2026-06-01T12:00:00Z")
                .containsEntry("token.expires", "2026-06-01T13:00:00Z")
                .containsEntry("token.key-id", NRAS.keyId())
                .containsEntry("token.proof", "service")
                .containsEntry("token.devices", "2")
                .containsEntry("token.sha256", TOKEN.json().sha256().hex())
                .containsEntry("token.evaluated-at", NOW.toString())
                .containsEntry(
                        "token.policy-digest",
                        TokenLab.policy().build().digest().hex())
                .containsEntry("token.device.GPU-1.hwmodel", "GH100")
                .containsEntry("token.device.GPU-1.driver", "570.124.06")
                .containsEntry("token.device.GPU-1.vbios", "96.00.CF.00.01")
                .containsEntry("token.device.GPU-1.measres", "success")
                .containsKey("token.device.GPU-1.ueid");
    }

    @Test
    void claimsOfVersion3AndSwitchesAreJudgedToo() {
        SoftwareToken granular =
                NRAS.token(NONCE, NOW).withGranularClaims().withGpus(8).withSwitches(4);

        assertThat(failed(verify(granular.json(), p -> p.gpus(8).switches(4)))).isEmpty();
        assertThat(failed(verify(
                        NRAS.token(NONCE, NOW).withSwitches(4).json(),
                        p -> p.gpus(0).switches(4))))
                .isEmpty();
        assertThat(failed(verify(granular.json(), p -> p.gpus(8)))).containsExactly(TokenChecks.DEVICES);
    }

    @Test
    void everyFormIsJudgedAlike() throws Exception {
        SoftwareBundle bundle = TOKEN.bundle();
        String json = text(bundle.json());

        assertThat(form(bundle.nvattest())).isEqualTo(AttestationToken.Form.NVATTEST);
        assertThat(form(SoftwareBundle.wrapped(Map.of("REMOTE_GPU_CLAIMS", bundle))))
                .isEqualTo(AttestationToken.Form.SDK_WRAPPER);
        assertThat(form(Bytes.utf8("\n " + json + "\n"))).isEqualTo(AttestationToken.Form.BUNDLE);
        assertThat(form(Bytes.utf8("\"" + json.replace("\"", "\\\"") + "\""))).isEqualTo(AttestationToken.Form.BUNDLE);
        assertThat(form(Bytes.utf8("{\"result_code\":0,\"detached_eat\":\"" + json.replace("\"", "\\\"") + "\"}")))
                .isEqualTo(AttestationToken.Form.NVATTEST);
    }

    private static AttestationToken.Form form(Bytes document) throws Exception {
        return verify(document).orElseThrow().value().form();
    }

    @Test
    void everyBundleOfAWrapperHasToPass() {
        Map<String, SoftwareBundle> bundles = new LinkedHashMap<>();
        bundles.put("REMOTE_GPU_CLAIMS", TOKEN.bundle());
        bundles.put(
                "REMOTE_SWITCH_CLAIMS", NRAS.token(NONCE, NOW).withSwitches(1).bundle());
        Verdict<AttestationToken> good = verify(SoftwareBundle.wrapped(bundles), p -> p.switches(1));
        bundles.put(
                "REMOTE_SWITCH_CLAIMS",
                NRAS.token(NONCE, NOW)
                        .withSwitches(1)
                        .with("SWITCH-0", "x-nvidia-switch-bios-rim-fetched", false)
                        .bundle());
        Verdict<AttestationToken> bad = verify(SoftwareBundle.wrapped(bundles), p -> p.switches(1));

        assertThat(failed(good)).isEmpty();
        assertThat(failed(bad)).containsExactly(TokenChecks.CLAIMS);
        assertThat(check(bad, TokenChecks.CLAIMS).detail())
                .isEqualTo("REMOTE_SWITCH_CLAIMS SWITCH-0: bios-rim-fetched must be true, found false");
    }

    @Test
    void aLocalBundleBesideARemoteOneIsNotCarriedAlong() {
        Map<String, SoftwareBundle> bundles = new LinkedHashMap<>();
        bundles.put("LOCAL_GPU_CLAIMS", LOCAL.bundle());
        bundles.put("REMOTE_GPU_CLAIMS", TOKEN.bundle());

        Verdict<AttestationToken> verdict = verify(SoftwareBundle.wrapped(bundles));

        // The same two devices, judged twice, are two.
        assertThat(failed(verdict)).containsExactly(TokenChecks.ISSUER, TokenChecks.GUEST);
        assertThat(check(verdict, TokenChecks.SIGNATURE).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
    }

    @Test
    void aFailureOfTheLocalVerifierIsNamed() {
        Verdict<AttestationToken> verdict =
                verify(SoftwareLocalVerifier.failure("7", "no GPU found"), p -> p.anyDeviceCount("none expected"));

        assertThat(verdict.accepted()).isFalse();
        assertThat(check(verdict, TokenChecks.ERRORS).detail()).isEqualTo("overall: error 7 no GPU found");
        assertThat(failed(verdict)).contains(TokenChecks.ISSUER, TokenChecks.SUBMODULES, TokenChecks.DEVICES);
    }

    @Test
    void aDocumentThatIsNoneIsRefusedAndBlocksTheRest() {
        for (String document : List.of(
                "", "null", "[]", "{}", "eyJ", "\"\"", "[[\"JWT\",\"a.b.c\"],{}]", "{\"detached_eat\":null}", "7")) {
            Verdict<AttestationToken> verdict = verify(Bytes.utf8(document));

            assertThat(failed(verdict)).as(document).containsExactly(TokenChecks.FORMAT);
            assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(TokenChecks.ALL);
        }
    }

    @Test
    void aLocalTokenPassesWhereAGuestsReportBindsIt() throws Exception {
        Bytes token = LOCAL.json();
        Bytes reportData = Bytes.zeros(32).concat(token.sha256());
        Verified<SnpReport> guest = guest(reportData);

        Verdict<AttestationToken> verdict =
                verifier().verify(token, IssuerKeys.NONE, insideGuest(), GuestBinding.digestAt(guest, 32));

        assertThat(failed(verdict)).isEmpty();
        assertThat(verdict.orElseThrow().facts()).containsEntry("token.proof", "guest");
        assertThat(check(verdict, TokenChecks.KEY).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(check(verdict, TokenChecks.KEY).detail()).contains("the guest is known");
        assertThat(check(verdict, TokenChecks.GUEST).detail()).contains("the guest is known");
    }

    @Test
    void aLocalTokenPassesUnderARuleOfTheCallers() throws Exception {
        Bytes token = NVAT.json();
        Bytes domain = Bytes.utf8("a rule\0");
        Verified<SnpReport> guest = guest(domain.concat(token).sha256().concat(Bytes.zeros(32)));

        GuestBinding binding = GuestBinding.of(
                guest, "a rule", document -> domain.concat(document).sha256().concat(Bytes.zeros(32)));

        assertThat(failed(verifier().verify(token, IssuerKeys.NONE, insideGuest(), binding)))
                .isEmpty();
    }

    @Test
    void aGuestVouchesForNoOtherToken() throws Exception {
        Verified<SnpReport> guest = guest(Bytes.zeros(32).concat(LOCAL.json().sha256()));
        Bytes other = LOCAL.with("GPU-0", "ueid", "1").json();

        Verdict<AttestationToken> verdict =
                verifier().verify(other, IssuerKeys.NONE, insideGuest(), GuestBinding.digestAt(guest, 32));

        assertThat(failed(verdict)).containsExactly(TokenChecks.GUEST);
        assertThat(check(verdict, TokenChecks.SIGNATURE).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(failed(verifier()
                        .verify(LOCAL.json(), IssuerKeys.NONE, insideGuest(), GuestBinding.digestAt(guest, 0))))
                .containsExactly(TokenChecks.GUEST);
    }

    @Test
    void aRuleThatIgnoresTheTokenBindsNothing() throws Exception {
        Bytes constant = Bytes.fromHex("5a".repeat(64));

        Verdict<AttestationToken> verdict = verifier()
                .verify(
                        LOCAL.json(),
                        IssuerKeys.NONE,
                        insideGuest(),
                        GuestBinding.of(guest(constant), "a constant", document -> constant));

        assertThat(failed(verdict)).containsExactly(TokenChecks.GUEST);
        assertThat(check(verdict, TokenChecks.GUEST).detail()).contains("a constant must depend on the token");
    }

    @Test
    void aBindingCountsOnlyWhereThePolicyWantsOne() throws Exception {
        Bytes token = LOCAL.json();
        GuestBinding binding = GuestBinding.digestAt(guest(token.sha256().concat(Bytes.zeros(32))), 0);

        assertThat(failed(verifier()
                        .verify(token, IssuerKeys.NONE, TokenLab.policy().build(), binding)))
                .containsExactly(TokenChecks.ISSUER, TokenChecks.GUEST);
    }

    @Test
    void aGuestDoesNotMakeUpForWhatATokenSays() throws Exception {
        SoftwareToken failed =
                LOCAL.with("GPU-0", "measres", "fail").with("overall", "x-nvidia-overall-att-result", false);
        Bytes token = failed.json();
        GuestBinding binding = GuestBinding.digestAt(guest(token.sha256().concat(Bytes.zeros(32))), 0);

        assertThat(failed(verifier().verify(token, IssuerKeys.NONE, insideGuest(), binding)))
                .containsExactly(TokenChecks.RESULT, TokenChecks.CLAIMS);
    }

    @Test
    void aLocalTokenOfAnotherKeyIsRefusedInsideAGuestToo() throws Exception {
        Bytes token = LOCAL.signedBy(TokenSigner.hs256(Bytes.utf8("another"))).json();
        GuestBinding binding = GuestBinding.digestAt(guest(token.sha256().concat(Bytes.zeros(32))), 0);

        assertThat(failed(verifier().verify(token, IssuerKeys.NONE, insideGuest(), binding)))
                .containsExactly(TokenChecks.SIGNATURE);
    }

    @Test
    void anUnsignedTokenWithASignatureIsRefused() throws Exception {
        Bytes token = NVAT.signedBy(TokenSigner.none().withSignature(raw -> Bytes.zeros(1)))
                .json();
        GuestBinding binding = GuestBinding.digestAt(guest(token.sha256().concat(Bytes.zeros(32))), 0);

        assertThat(failed(verifier().verify(token, IssuerKeys.NONE, insideGuest(), binding)))
                .containsExactly(TokenChecks.SIGNATURE);
    }

    @Test
    void theLocalVerifierOfGpusJudgesNoSwitches() throws Exception {
        Bytes token = SoftwareLocalVerifier.nvtrust(NONCE, NOW).withSwitches(1).json();
        GuestBinding binding = GuestBinding.digestAt(guest(token.sha256().concat(Bytes.zeros(32))), 0);

        assertThat(failed(verifier()
                        .verify(
                                token,
                                IssuerKeys.NONE,
                                insideGuest().toBuilder().gpus(0).switches(1).build(),
                                binding)))
                .containsExactly(TokenChecks.ISSUER);
    }

    @Test
    void nvatWithAKeyOfItsCallersProvesItself() {
        SoftwareNras signer = SoftwareNras.create("a trust centre", NOW);
        SoftwareToken token = SoftwareLocalVerifier.nvat(signer, NONCE, NOW).withGpus(2);

        assertThat(failed(verify(token.json(), signer.issuerKeys(), p -> p.issuers(Set.of("a trust centre")))))
                .isEmpty();
        assertThat(failed(verify(
                        token.withChain(
                                        "GPU-0",
                                        "x-nvidia-gpu-driver-rim-cert-chain",
                                        "x-nvidia-cert-ocsp-nonce-matches",
                                        false)
                                .json(),
                        signer.issuerKeys(),
                        p -> p.issuers(Set.of("a trust centre")).allowUnstatedOcsp("false is not unstated"))))
                .containsExactly(TokenChecks.CLAIMS);
        assertThat(failed(verify(
                        token.with("GPU-1", "x-nvidia-mismatch-measurement-records", List.of(Map.of("index", 7)))
                                .json(),
                        signer.issuerKeys(),
                        p -> p.issuers(Set.of("a trust centre")))))
                .containsExactly(TokenChecks.CLAIMS);
    }

    @Test
    void onlyTheServiceMayLeaveTheOcspAnswerUnsaid() throws Exception {
        Bytes token = SoftwareLocalVerifier.nvtrust(NONCE, NOW)
                .withGranularClaims()
                .withGpus(2)
                .json();
        GuestBinding binding = GuestBinding.digestAt(guest(token.sha256().concat(Bytes.zeros(32))), 0);
        TokenPolicy strict = insideGuest();
        TokenPolicy lenient =
                strict.toBuilder().allowUnstatedOcsp("nvtrust never says so").build();

        assertThat(failed(verifier().verify(token, IssuerKeys.NONE, strict, binding)))
                .containsExactly(TokenChecks.CLAIMS);
        assertThat(failed(verifier().verify(token, IssuerKeys.NONE, lenient, binding)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "measres",
                "secboot",
                "dbgstat",
                "x-nvidia-gpu-arch-check",
                "x-nvidia-gpu-attestation-report-cert-chain-validated",
                "x-nvidia-gpu-attestation-report-parsed",
                "x-nvidia-gpu-attestation-report-nonce-match",
                "x-nvidia-gpu-attestation-report-signature-verified",
                "x-nvidia-gpu-driver-rim-fetched",
                "x-nvidia-gpu-driver-rim-schema-validated",
                "x-nvidia-gpu-driver-rim-cert-validated",
                "x-nvidia-gpu-driver-rim-signature-verified",
                "x-nvidia-gpu-driver-rim-measurements-available",
                "x-nvidia-gpu-vbios-rim-fetched",
                "x-nvidia-gpu-vbios-rim-schema-validated",
                "x-nvidia-gpu-vbios-rim-cert-validated",
                "x-nvidia-gpu-vbios-rim-signature-verified",
                "x-nvidia-gpu-vbios-rim-measurements-available",
                "x-nvidia-gpu-vbios-index-no-conflict"
            })
    void everyClaimOfVersion2HasToBeThereAndGood(String claim) {
        assertThat(failed(verify(TOKEN.without("GPU-1", claim).json()))).containsExactly(TokenChecks.CLAIMS);
        assertThat(failed(verify(TOKEN.with("GPU-1", claim, null).json()))).containsExactly(TokenChecks.CLAIMS);
        if (claim.startsWith("x-")) {
            assertThat(failed(verify(TOKEN.with("GPU-1", claim, false).json()))).containsExactly(TokenChecks.CLAIMS);
            assertThat(failed(verify(TOKEN.with("GPU-1", claim, "true").json())))
                    .containsExactly(TokenChecks.CLAIMS);
            assertThat(failed(verify(TOKEN.with("GPU-1", claim, 1).json()))).containsExactly(TokenChecks.CLAIMS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-nvidia-gpu-attestation-report-cert-chain",
                "x-nvidia-gpu-driver-rim-cert-chain",
                "x-nvidia-gpu-vbios-rim-cert-chain"
            })
    void everyChainOfVersion3HasToBeThereAndGood(String chain) {
        SoftwareToken token = NRAS.token(NONCE, NOW).withGranularClaims().withGpus(2);

        assertThat(failed(verify(token.json()))).isEmpty();
        assertThat(failed(verify(token.without("GPU-0", chain).json()))).containsExactly(TokenChecks.CLAIMS);
        assertThat(failed(verify(token.with("GPU-0", chain, true).json()))).containsExactly(TokenChecks.FORMAT);
        for (String status : List.of("invalid", "expired", "revoked", "")) {
            assertThat(failed(verify(token.withChain("GPU-0", chain, "x-nvidia-cert-status", status)
                            .json())))
                    .containsExactly(TokenChecks.CLAIMS);
        }
        for (String status : List.of("revoked", "unknown", "Good")) {
            assertThat(failed(verify(token.withChain("GPU-0", chain, "x-nvidia-cert-ocsp-status", status)
                            .json())))
                    .containsExactly(TokenChecks.CLAIMS);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-nvidia-gpu-attestation-report-cert-chain-fwid-match",
                "x-nvidia-gpu-driver-rim-version-match",
                "x-nvidia-gpu-vbios-rim-version-match",
                "x-nvidia-gpu-driver-rim-schema-validated"
            })
    void whatVersion3AddsHasToBeThere(String claim) {
        SoftwareToken token = NRAS.token(NONCE, NOW).withGranularClaims().withGpus(2);

        assertThat(failed(verify(token.without("GPU-0", claim).json()))).containsExactly(TokenChecks.CLAIMS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-nvidia-switch-arch-check",
                "x-nvidia-switch-attestation-report-cert-chain-validated",
                "x-nvidia-switch-attestation-report-parsed",
                "x-nvidia-switch-attestation-report-nonce-match",
                "x-nvidia-switch-attestation-report-signature-verified",
                "x-nvidia-switch-bios-rim-fetched",
                "x-nvidia-switch-bios-rim-schema-validated",
                "x-nvidia-switch-bios-rim-cert-validated",
                "x-nvidia-switch-bios-rim-signature-verified",
                "x-nvidia-switch-bios-rim-measurements-available"
            })
    void everyClaimOfASwitchHasToBeThere(String claim) {
        SoftwareToken token = NRAS.token(NONCE, NOW).withSwitches(1);

        assertThat(failed(verify(
                        token.without("SWITCH-0", claim).json(), p -> p.gpus(0).switches(1))))
                .containsExactly(TokenChecks.CLAIMS);
    }

    @Test
    void aStepThatNobodyKnowsAndThatFailedCounts() {
        assertThat(failed(verify(
                        TOKEN.with("GPU-0", "x-nvidia-gpu-new-step", false).json())))
                .containsExactly(TokenChecks.CLAIMS);
        assertThat(failed(verify(
                        TOKEN.with("GPU-0", "x-nvidia-gpu-new-step", true).json())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"x-nvidia-ver,1.0", "x-nvidia-ver,", "sub,NVIDIA-GPU-ATTESTATION", "sub,"})
    void claimsOfAnotherVersionOrSubjectAreRefused(String claim, String value) {
        assertThat(failed(verify(TOKEN.with("overall", claim, value).json()))).containsExactly(TokenChecks.CLAIMS);
    }

    @Test
    void aResultThatIsNotTheTruthItselfIsRefused() {
        assertThat(failed(verify(
                        TOKEN.without("overall", "x-nvidia-overall-att-result").json())))
                .containsExactly(TokenChecks.RESULT);
        assertThat(failed(verify(TOKEN.with("overall", "x-nvidia-overall-att-result", "true")
                        .json())))
                .containsExactly(TokenChecks.FORMAT);
    }

    @Test
    void anErrorIsOneWhateverElseIsClaimed() {
        assertThat(failed(verify(TOKEN.with("GPU-0", "x-nvidia-error-details", Map.of("code", 5013))
                        .json())))
                .contains(TokenChecks.ERRORS);
        assertThat(failed(verify(
                        TOKEN.with("GPU-0", "x-nvidia-error-details", null).json())))
                .containsExactly(TokenChecks.FORMAT);
        assertThat(failed(verify(TOKEN.with("GPU-0", "x-nv-err-code", 1).json())))
                .contains(TokenChecks.ERRORS);
    }

    @Test
    void aWarningIsPassedOn() throws Exception {
        Verdict<AttestationToken> verdict = verify(
                TOKEN.with("GPU-1", "x-nvidia-attestation-warning", "A CERTIFICATE IS ON HOLD")
                        .json(),
                p -> p.allowWarnings("holds are lifted soon"));

        assertThat(check(verdict, TokenChecks.CLAIMS).detail())
                .endsWith("; GPU-1 warns: A CERTIFICATE IS ON HOLD; allowed by policy: holds are lifted soon");
        assertThat(verdict.orElseThrow().facts())
                .containsEntry("token.device.GPU-1.warning", "A CERTIFICATE IS ON HOLD");
    }

    @Test
    void devicesAreThoseThatThePolicyNames() {
        assertThat(failed(verify(TOKEN.json(), p -> p.hardwareModel("GH100")))).isEmpty();
        assertThat(failed(verify(TOKEN.json(), p -> p.hardwareModel("GH100 A01 GSP BROM"))))
                .containsExactly(TokenChecks.DEVICES);
        assertThat(failed(verify(TOKEN.json(), p -> p.hardwareModel("GB100")))).containsExactly(TokenChecks.DEVICES);
        assertThat(failed(verify(
                        NRAS.token(NONCE, NOW).withGranularClaims().withGpus(2).json(),
                        p -> p.hardwareModel("GB100").hardwareModel("GH100"))))
                .isEmpty();
        assertThat(failed(verify(TOKEN.json(), p -> p.minimumDriver("570.124.6"))))
                .isEmpty();
        assertThat(failed(verify(TOKEN.json(), p -> p.minimumDriver("570.124.07"))))
                .containsExactly(TokenChecks.DEVICES);
        assertThat(failed(verify(
                        TOKEN.with("GPU-0", "x-nvidia-gpu-driver-version", "r570")
                                .json(),
                        p -> p.minimumDriver("1"))))
                .containsExactly(TokenChecks.DEVICES);
        assertThat(failed(verify(
                        TOKEN.with("GPU-0", "ueid", "1")
                                .with("GPU-1", "ueid", "2")
                                .json(),
                        p -> p.device("1").device("2").device("3"))))
                .isEmpty();
        assertThat(failed(verify(
                        TOKEN.with("GPU-0", "ueid", "1")
                                .with("GPU-1", "ueid", "2")
                                .json(),
                        p -> p.device("1"))))
                .containsExactly(TokenChecks.DEVICES);
        assertThat(failed(verify(TOKEN.without("GPU-1", "ueid").json()))).containsExactly(TokenChecks.DEVICES);
    }

    @Test
    void aTokenOfNoDeviceIsRefusedWhateverTheCount() {
        Bytes none = NRAS.token(NONCE, NOW).json();

        assertThat(failed(verify(none, p -> p.anyDeviceCount("any"))))
                .containsExactly(TokenChecks.SUBMODULES, TokenChecks.DEVICES);
    }

    @Test
    void whatThePolicyGivesUpStandsInTheVerdict() {
        Verdict<AttestationToken> verdict =
                verify(TOKEN.json(), p -> p.withoutFreshness("an archive").anyDeviceCount("a sample"));

        assertThat(verdict.accepted()).isTrue();
        assertThat(check(verdict, TokenChecks.NONCE).detail()).isEqualTo("waived by policy: an archive");
        assertThat(check(verdict, TokenChecks.DEVICES).detail()).contains("a sample");
    }

    @Test
    void aPolicyOfNvidiasIsAskedOfTheDevicesOfWhichItSpeaks() throws Exception {
        NvtrustPolicy gpus = nvtrust("x-nvidia-gpu-arch-check");
        NvtrustPolicy switches = nvtrust("x-nvidia-switch-arch-check");

        assertThat(failed(verify(TOKEN.json(), p -> p.nvtrustPolicy(gpus).nvtrustPolicy(switches))))
                .isEmpty();
        assertThat(failed(verify(TOKEN.json(), p -> p.nvtrustPolicy(switches)))).containsExactly(TokenChecks.POLICY);
    }

    @Test
    void aSecondVerificationUsesTheKeyThatIsKept() {
        // One verifier, one key set, twice: what is kept of a key is the same for the same key and no other.
        SoftwareNras other = SoftwareNras.create(NOW);
        TokenVerifier verifier = verifier();
        TokenPolicy policy = TokenLab.policy().build();

        assertThat(failed(verifier.verify(TOKEN.json(), NRAS.issuerKeys(), policy)))
                .isEmpty();
        assertThat(failed(verifier.verify(TOKEN.json(), NRAS.issuerKeys(), policy)))
                .isEmpty();
        assertThat(failed(verifier.verify(TOKEN.json(), other.issuerKeys(), policy)))
                .containsExactly(TokenChecks.KEY);
    }

    @Test
    void issuersHaveOneKeySetEach() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NRAS.issuerKeys().and(TokenPolicy.NRAS, Jwks.parse(NRAS.jwks())))
                .withMessageContaining("two of " + TokenPolicy.NRAS);
    }

    private static NvtrustPolicy nvtrust(String claim) throws MalformedEvidenceException {
        return NvtrustPolicy.parse(
                Bytes.utf8("{\"version\":\"3.0\",\"authorization-rules\":{\"type\":\"JWT\",\"detached-claims\":{\""
                        + claim + "\":true}}}"));
    }

    private static TokenPolicy insideGuest() {
        return TokenLab.policy().madeInsideGuest("the guest is known").build();
    }

    private static Verified<SnpReport> guest(Bytes reportData) throws Exception {
        return SnpVerifier.builder()
                .trustAnchors(AMD.trustAnchors())
                .build()
                .verify(
                        GUEST.report(reportData),
                        SnpPolicy.builder()
                                .expectedReportData(reportData)
                                .anyMeasurement("software has none")
                                .withoutRevocation("software has no lists")
                                .build())
                .orElseThrow();
    }

    private static String text(Bytes bytes) {
        return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
    }
}
