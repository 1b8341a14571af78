package org.verifiableai.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class BytesTest {

    @Test
    void laterChangesToTheArrayDoNotReachIn() {
        byte[] array = {1, 2, 3};
        Bytes bytes = Bytes.of(array);
        array[0] = 9;
        bytes.toByteArray()[1] = 9;

        assertThat(bytes.hex()).isEqualTo("010203");
    }

    @Test
    void equalityIsThatOfContent() {
        assertThat(Bytes.fromHex("00FF"))
                .isEqualTo(Bytes.of((byte) 0, (byte) 255))
                .hasSameHashCodeAs(Bytes.of((byte) 0, (byte) 255))
                .isNotEqualTo(Bytes.fromHex("00"))
                .isNotEqualTo(Bytes.fromHex("00fe"));
        assertThat(Bytes.fromHex("")).isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aDifferenceInAnyByteIsOne() {
        for (int size = 1; size <= 33; size++) {
            Bytes zeros = Bytes.zeros(size);
            for (int at = 0; at < size; at++) {
                byte[] raw = new byte[size];
                raw[at] = (byte) (1 << (at % 8));
                assertThat(Bytes.of(raw)).isNotEqualTo(zeros).isEqualTo(Bytes.of(raw));
            }
        }
        assertThat(Bytes.fromHex("0102").hashCode())
                .isNotEqualTo(Bytes.fromHex("0201").hashCode());
    }

    @Test
    void bytesAreReadSignedOrUnsigned() {
        Bytes bytes = Bytes.fromHex("01ff80");

        assertThat(bytes.get(0)).isEqualTo((byte) 1);
        assertThat(bytes.get(1)).isEqualTo((byte) -1);
        assertThat(bytes.unsigned(1)).isEqualTo(255);
        assertThat(bytes.unsigned(2)).isEqualTo(128);
        assertThat(bytes.isEmpty()).isFalse();
        assertThat(Bytes.EMPTY.isEmpty()).isTrue();
        assertThat(bytes.base64()).isEqualTo("Af+A");
    }

    @Test
    void slicesOutsideAreRefused() {
        Bytes bytes = Bytes.zeros(4);

        assertThat(bytes.slice(4, 4)).isEqualTo(Bytes.EMPTY);
        assertThatIllegalArgumentException().isThrownBy(() -> bytes.slice(0, 5));
        assertThatIllegalArgumentException().isThrownBy(() -> bytes.slice(3, 2));
        assertThat(Bytes.of(new byte[] {1, 2, 3, 4}, 1, 3)).hasToString("020304");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Bytes.of(new byte[4], 1, 4))
                .withMessage("offset 1 and length 4 do not lie within 4 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> bytes.slice(-1, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> Bytes.of(new byte[4], 2, Integer.MAX_VALUE));
    }

    @Test
    void zeroMeansEveryByte() {
        assertThat(Bytes.zeros(3).isZero()).isTrue();
        assertThat(Bytes.fromHex("000001").isZero()).isFalse();
        assertThat(Bytes.fromHex("80ff80").isZero()).isFalse();
    }

    @Test
    void partsAreJoinedAndReversed() {
        assertThat(Bytes.fromHex("01").concat(Bytes.fromHex("0203"), Bytes.EMPTY, Bytes.fromHex("04")))
                .hasToString("01020304");
        assertThat(Bytes.fromHex("010203").reversed()).hasToString("030201");
    }

    @Test
    void digestsAreThoseOfFips180() {
        assertThat(Bytes.utf8("abc").sha256())
                .hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(Bytes.utf8("abc").sha384())
                .hasToString("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                        + "8086072ba1e7cc2358baeca134c825a7");
    }
}
