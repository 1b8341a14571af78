package org.verifiableai.attestation.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;

/** Values that other implementations of {@code vai-kb/1} come to as well. */
class KeyBindingTest {

    private static final Bytes SPKI = Bytes.utf8("spki");
    private static final Bytes NONCE = Bytes.utf8("nonce");
    private static final String FINGERPRINT = "6feecc8c16c5551d9feb3eb5f77e2da773bf68bd9ef9c52927ceb2c86e56892b";

    @Test
    void theFingerprintIsTheDigestOfTheKey() {
        assertThat(KeyBinding.fingerprint(SPKI).hex()).isEqualTo(FINGERPRINT);
    }

    @Test
    void theGpuNonceIsMadeOfKeyAndChallenge() {
        assertThat(KeyBinding.gpuNonce(SPKI, NONCE).hex())
                .isEqualTo("21af9f2319591de2262e0b421f5a782c12c5d5d416dea0391cf788a694c6dddb");
        assertThat(KeyBinding.gpuNonce(SPKI, Bytes.EMPTY).hex())
                .isEqualTo("70e11f0d8cae1a36b64f0d5b450a4bcfbb058f6df32f31a0e56bc63eb35b7c4f");
    }

    @Test
    void reportDataAreMadeOfAllThatTheReportVouchesFor() {
        assertThat(KeyBinding.reportData(SPKI, NONCE, Bytes.utf8("job"), Bytes.utf8("gpu"))
                        .hex())
                .isEqualTo(FINGERPRINT + "7338d943928ec871e321d4c96b6c58978e2c0f5f71b3178a9577e344e0dca514");
        assertThat(KeyBinding.reportData(SPKI, Bytes.EMPTY, Bytes.EMPTY, Bytes.EMPTY)
                        .hex())
                .isEqualTo(FINGERPRINT + "f09da72d398303aca5e9bb261c4776c8f0701249538e5ca16936197ccdbaf3d8");
    }

    @Test
    void closingDataAreMadeOfKeyAndOutcome() {
        assertThat(KeyBinding.closingData(SPKI, Bytes.utf8("payload").sha256()).hex())
                .isEqualTo(FINGERPRINT + "c97ffa2a6a4fdae28518293c42eafddf7266c79cc793da6d025163df758d7dff");
        assertThatIllegalArgumentException().isThrownBy(() -> KeyBinding.closingData(SPKI, Bytes.utf8("payload")));
    }

    @Test
    void theLegacyFormIsTheFingerprintAndZeros() {
        assertThat(KeyBinding.legacyReportData(SPKI).hex()).isEqualTo(FINGERPRINT + "00".repeat(32));
        assertThat(KeyBinding.isLegacy(KeyBinding.legacyReportData(SPKI))).isTrue();
        assertThat(KeyBinding.isLegacy(KeyBinding.reportData(SPKI, NONCE, Bytes.EMPTY, Bytes.EMPTY)))
                .isFalse();
        assertThat(KeyBinding.isLegacy(KeyBinding.closingData(SPKI, Bytes.zeros(32))))
                .isFalse();
    }
}
