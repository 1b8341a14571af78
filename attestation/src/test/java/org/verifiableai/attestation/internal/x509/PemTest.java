package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class PemTest {

    private static final String BLOCK = "-----BEGIN CERTIFICATE-----\r\nMAEA\r\n-----END CERTIFICATE-----\r\n";

    @Test
    void derIsTakenAsItIs() throws Exception {
        assertThat(Pem.blocks("file", "CERTIFICATE", Bytes.fromHex("300100"))).containsExactly(Bytes.fromHex("300100"));
    }

    @Test
    void everyBlockOfTheLabelIsReadWhateverStandsAround() throws Exception {
        String other = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";

        assertThat(Pem.blocks("file", "CERTIFICATE", Bytes.utf8("Subject: CN=x\n" + BLOCK + other + BLOCK + "end")))
                .containsExactly(Bytes.fromHex("300100"), Bytes.fromHex("300100"));
    }

    @Test
    void oneBlockIsReadAlone() throws Exception {
        assertThat(Pem.single("file", "CERTIFICATE", Bytes.utf8(BLOCK))).isEqualTo(Bytes.fromHex("300100"));
        assertThat(Pem.single("file", "CERTIFICATE", Bytes.fromHex("300100"))).isEqualTo(Bytes.fromHex("300100"));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Pem.single("file", "CERTIFICATE", Bytes.utf8(BLOCK + BLOCK)))
                .withMessage("file: expected one CERTIFICATE, found 2");
    }

    @Test
    void anEndThatSharesItsDashesWithTheBeginningIsNone() {
        Bytes hostile = Bytes.utf8("text -----BEGIN CERTIFICATE-----END CERTIFICATE-----");

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Pem.blocks("file", "CERTIFICATE", hostile))
                .withMessage("file at offset 0x5: expected a PEM block with an end, found no end");
    }

    @Test
    void aBlockWithoutTextIsOneWithoutBytes() throws Exception {
        Bytes empty = Bytes.utf8("-----BEGIN CERTIFICATE----------END CERTIFICATE-----");

        assertThat(Pem.blocks("file", "CERTIFICATE", empty)).containsExactly(Bytes.EMPTY);
    }

    @Test
    void theLargestFileIsOf1MiBAndHolds64Blocks() throws Exception {
        String blocks = BLOCK.repeat(64);
        String largest = blocks + " ".repeat(Pem.MAX_SIZE - blocks.length());

        assertThat(Pem.blocks("file", "CERTIFICATE", Bytes.utf8(largest))).hasSize(64);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Pem.blocks("file", "CERTIFICATE", Bytes.utf8(largest + " ")))
                .withMessage("file at offset 0x0: expected at most 1048576 bytes, found 1048577 bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Pem.blocks("file", "CERTIFICATE", Bytes.utf8(blocks + BLOCK)))
                .withMessage("file at offset 0x" + Integer.toHexString(blocks.length())
                        + ": expected at most 64 blocks, found more");
    }

    @Test
    void whatIsNeitherIsRefused() {
        refused(Bytes.EMPTY);
        refused(Bytes.utf8("text"));
        refused(Bytes.utf8("-----BEGIN CERTIFICATE-----\nMAEA\n"));
        refused(Bytes.utf8("-----BEGIN CERTIFICATE"));
        refused(Bytes.utf8("-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----"));
        refused(Bytes.utf8("-----BEGIN KEY-----\nMAEA\n-----END KEY-----"));
        refused(Bytes.utf8(BLOCK.repeat(65)));
        refused(Bytes.zeros(Pem.MAX_SIZE + 1));
    }

    @Test
    void manyBeginningsWithOneEndAreReadInLinearTime() {
        String begin = "-----BEGIN A-----";
        Bytes hostile = Bytes.utf8(begin.repeat(60_000) + "-----END A-----");

        refused(hostile);
    }

    private static void refused(Bytes input) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Pem.blocks("file", "CERTIFICATE", input));
    }
}
