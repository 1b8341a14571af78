package org.verifiableai.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;

class LittleEndianTest {

    private static final Bytes RAW = Bytes.fromHex("00f1f2f3f4f5f6f7f8");

    @Test
    void numbersAreUnsignedWithTheLeastSignificantByteFirst() {
        assertThat(LittleEndian.read(RAW, 1, 1)).isEqualTo(0xF1);
        assertThat(LittleEndian.read(RAW, 1, 3)).isEqualTo(0xF3F2F1);
        assertThat(LittleEndian.read(RAW, 1, 8)).isEqualTo(0xF8F7F6F5F4F3F2F1L);
        assertThat(LittleEndian.u16(RAW.toByteArray(), 1)).isEqualTo(0xF2F1);
        assertThat(LittleEndian.u32(RAW.toByteArray(), 1)).isEqualTo(0xF4F3F2F1L);
    }

    @Test
    void numbersAreWrittenAsTheyAreRead() {
        assertThat(LittleEndian.u32(0xAAF4F3F2F1L).hex()).isEqualTo("f1f2f3f4");
        assertThat(LittleEndian.u64(0xF8F7F6F5F4F3F2F1L).hex()).isEqualTo("f1f2f3f4f5f6f7f8");

        byte[] raw = new byte[16];
        LittleEndian.put16(raw, 1, 0xAAF2F1);
        LittleEndian.put32(raw, 3, 0xAAF4F3F2F1L);
        LittleEndian.put64(raw, 7, 0xF8F7F6F5F4F3F2F1L);
        assertThat(Bytes.of(raw).hex()).isEqualTo("00f1f2f1f2f3f4f1f2f3f4f5f6f7f800");
    }

    @Test
    void firstThreeGroupsOfAGuidAreTurnedRound() {
        assertThat(LittleEndian.guid("00112233-4455-6677-8899-aabbccddeeff").hex())
                .isEqualTo("33221100554477668899aabbccddeeff");
    }
}
