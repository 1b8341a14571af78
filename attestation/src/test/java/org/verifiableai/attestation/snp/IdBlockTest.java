package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class IdBlockTest {

    private static final Bytes MEASUREMENT = Bytes.fromHex("a1".repeat(48));
    private static final Bytes FAMILY = Bytes.fromHex("f0".repeat(16));
    private static final Bytes IMAGE = Bytes.fromHex("1a".repeat(16));
    private static final GuestPolicy POLICY = new GuestPolicy(0x8000000000030102L);
    private static final IdBlock BLOCK = IdBlock.of(MEASUREMENT, FAMILY, IMAGE, 0xFFFFFFFEL, POLICY);

    @Test
    void fieldsLieWhereTheFirmwareLooksForThem() {
        assertThat(BLOCK.encode().hex())
                .isEqualTo("a1".repeat(48) + "f0".repeat(16) + "1a".repeat(16) + "01000000" + "feffffff"
                        + "0201030000000080");
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        assertThat(IdBlock.parse(BLOCK.encode())).isEqualTo(BLOCK);
        assertThat(IdBlock.ofBase64(BLOCK.base64())).isEqualTo(BLOCK);
        assertThat(IdBlock.ofBase64(" " + BLOCK.base64().replace("A", "A\r\n"))).isEqualTo(BLOCK);
    }

    @Test
    void aBlockOfAnotherLengthIsRefused() {
        for (int size : new int[] {0, 95, 97}) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> IdBlock.parse(Bytes.zeros(size)))
                    .withMessage("id block at offset 0x0: expected exactly 96 bytes, found " + size + " bytes");
        }
    }

    @Test
    void aBlockOfAnotherVersionIsRefused() {
        for (String version : new String[] {"00000000", "02000000", "01000001"}) {
            Bytes block = BLOCK.encode();
            Bytes other = block.slice(0, 0x50).concat(Bytes.fromHex(version), block.slice(0x54, 96));

            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> IdBlock.parse(other))
                    .withMessageStartingWith("VERSION of id block at offset 0x50: expected 1, found ");
        }
    }

    @Test
    void whatIsNotBase64IsRefused() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> IdBlock.ofBase64("not base64!"))
                .withMessage("id block: expected base64, found not base64!");
    }

    @Test
    void aBlockThatCouldNotBeWrittenIsNotMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdBlock.of(Bytes.zeros(47), FAMILY, IMAGE, 0, POLICY))
                .withMessage("measurement must be of 48 bytes, found 47");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdBlock.of(MEASUREMENT, Bytes.zeros(17), IMAGE, 0, POLICY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdBlock.of(MEASUREMENT, FAMILY, Bytes.zeros(15), 0, POLICY));
        assertThatIllegalArgumentException().isThrownBy(() -> IdBlock.of(MEASUREMENT, FAMILY, IMAGE, -1, POLICY));
        assertThatIllegalArgumentException().isThrownBy(() -> IdBlock.of(MEASUREMENT, FAMILY, IMAGE, 1L << 32, POLICY));
    }

    @Test
    void aReportIsComparedFieldByField() throws Exception {
        byte[] raw = new byte[SnpReport.SIZE];
        raw[0x000] = 2;
        raw[0x034] = 1;
        SnpReport report = SnpReport.parse(Bytes.of(raw));
        IdBlock own = IdBlock.of(report);

        assertThat(own.differences(report)).isEmpty();
        assertThat(new IdBlock(MEASUREMENT, own.familyId(), own.imageId(), own.guestSvn(), own.policy())
                        .differences(report))
                .containsExactly("measurement is " + Bytes.zeros(48) + ", id block demands " + MEASUREMENT);
        assertThat(BLOCK.differences(report))
                .containsExactly(
                        "measurement is " + Bytes.zeros(48) + ", id block demands " + MEASUREMENT,
                        "family id is " + Bytes.zeros(16) + ", id block demands " + FAMILY,
                        "image id is " + Bytes.zeros(16) + ", id block demands " + IMAGE,
                        "guest svn is 0, id block demands 4294967294",
                        "policy is " + report.policy() + ", id block demands " + POLICY);
    }
}
