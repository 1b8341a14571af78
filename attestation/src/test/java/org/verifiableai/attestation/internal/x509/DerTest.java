package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class DerTest {

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000})
    void aLengthInItsShortestFormIsRead(int size) throws Exception {
        Bytes content = Bytes.fromHex("5a".repeat(size));
        Der der = der(DerBytes.octets(content));

        assertThat(der.content("f", Der.OCTET_STRING)).isEqualTo(content);
        assertThat(der.atEnd()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "04                | 0x1: expected a length, found nothing",
                "0481              | 0x2: expected a length, found nothing",
                "048201            | 0x3: expected a length, found nothing",
                "0480              | 0x1: expected a definite length, found 0x80",
                "04850000000001    | 0x1: expected a definite length, found 0x85",
                "04ff              | 0x1: expected a definite length, found 0xff",
                "04817f            | 0x1: expected a length in its shortest form, found 127 bytes",
                "048200ff          | 0x1: expected a length in its shortest form, found 255 bytes",
                "048300ffff        | 0x1: expected a length in its shortest form, found 65535 bytes",
                "048400ffffff      | 0x1: expected a length in its shortest form, found 16777215 bytes",
                "040100 0402aa     | 0x4: expected 2 bytes as its length says, found 1 bytes",
                "048180            | 0x1: expected 128 bytes as its length says, found 0 bytes",
                "0484ffffffff00    | 0x1: expected 4294967295 bytes as its length says, found 1 bytes",
                "04847fffffff00    | 0x1: expected 2147483647 bytes as its length says, found 1 bytes",
            })
    void anyOtherLengthIsRefusedWhereItStands(String hex, String message) {
        Der der = der(Bytes.fromHex(hex.replace(" ", "")));

        refused("f at offset " + message, () -> {
            while (!der.atEnd()) {
                der.content("f", Der.OCTET_STRING);
            }
        });
    }

    @Test
    void anElementOfAnotherTagIsRefusedAndNotPassed() throws Exception {
        Der der = der(Bytes.fromHex("0201070500"));
        der.integer("first");

        refused("f at offset 0x3: expected tag 0x30, found tag 0x05", () -> der.enter("f", Der.SEQUENCE));
        assertThat(der.next(Der.NULL)).isTrue();
        assertThat(der.next(Der.SEQUENCE)).isFalse();
        assertThat(der.offset()).isEqualTo(3);
        der.enter("f", Der.NULL).end("f");
        assertThat(der.next(Der.NULL)).isFalse();
        refused(
                "f at offset 0x5: expected an element with tag 0x30, found nothing",
                () -> der.enter("f", Der.SEQUENCE));
        refused("f at offset 0x5: expected an element, found nothing", () -> der.raw("f"));
    }

    @Test
    void offsetsCountFromTheStartOfTheWhole() throws Exception {
        Der outer = der(Bytes.fromHex("30053003020107"));
        Der inner = outer.enter("outer", Der.SEQUENCE).enter("inner", Der.SEQUENCE);

        assertThat(inner.offset()).isEqualTo(4);
        refused("f at offset 0x4: expected tag 0x04, found tag 0x02", () -> inner.content("f", Der.OCTET_STRING));
        refused("f at offset 0x4: expected nothing more, found 3 bytes", () -> inner.end("f"));
        assertThat(inner.rest()).isEqualTo(Bytes.fromHex("020107"));
        assertThat(inner.raw("f")).isEqualTo(Bytes.fromHex("020107"));
        inner.end("f");
        outer.end("f");
    }

    @Test
    void anElementDoesNotReachPastTheOneAroundIt() throws Exception {
        Der inner = der(Bytes.fromHex("300304020a0b0c")).enter("f", Der.SEQUENCE);

        refused("f at offset 0x3: expected 2 bytes as its length says, found 1 bytes", () -> inner.raw("f"));
    }

    @ParameterizedTest
    @CsvSource({
        "020100, 0",
        "02017f, 127",
        "02020080, 128",
        "020200ff, 255",
        "0201ff, -1",
        "020180, -128",
        "0202ff7f, -129",
        "02020100, 256",
        "0202ff00, -256"
    })
    void anIntegerIsTwosComplement(String hex, long value) throws Exception {
        assertThat(der(Bytes.fromHex(hex)).integer("f")).isEqualTo(BigInteger.valueOf(value));
    }

    @ParameterizedTest
    @CsvSource({"0200, 0", "02020000, 2", "0202007f, 2", "0202ff80, 2", "0202ffff, 2"})
    void anIntegerInAnotherFormIsRefused(String hex, int size) {
        refused(
                "f at offset 0x0: expected an INTEGER in its shortest form, found " + size + " content bytes",
                () -> der(Bytes.fromHex(hex)).integer("f"));
    }

    @Test
    void anIntegerIsOf1024BytesAtMost() throws Exception {
        Bytes digits = Bytes.fromHex("01".repeat(1024));

        assertThat(der(DerBytes.element(Der.INTEGER, digits)).integer("f").bitLength())
                .isEqualTo(8 * 1023 + 1);
        refused(
                "f at offset 0x0: expected an INTEGER in its shortest form, found 1025 content bytes",
                () -> der(DerBytes.element(Der.INTEGER, digits, Bytes.zeros(1))).integer("f"));
    }

    @ParameterizedTest
    @CsvSource({
        "060100, 0.0",
        "060127, 0.39",
        "060128, 1.0",
        "06014f, 1.39",
        "060150, 2.0",
        "06028837, 2.999",
        "06032a8648, 1.2.840",
        "06022a7f, 1.2.127",
        "06032a8100, 1.2.128",
        "06042a818001, 1.2.16385",
        "06072a87ffffffff7f, 1.2.274877906943",
    })
    void anObjectIdentifierIsReadInDottedForm(String hex, String dotted) throws Exception {
        assertThat(der(Bytes.fromHex(hex)).oid("f")).isEqualTo(dotted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0600", "060180", "06022a80", "06032a8001", "0602807f", "06082a88808080808000"})
    void whatIsNoObjectIdentifierIsRefused(String hex) {
        refused(
                "f at offset 0x0: expected an OBJECT IDENTIFIER, found " + hex.substring(4),
                () -> der(Bytes.fromHex(hex)).oid("f"));
    }

    @Test
    void anObjectIdentifierIsOf64BytesAtMost() throws Exception {
        assertThat(der(DerBytes.element(Der.OID, Bytes.fromHex("01".repeat(64))))
                        .oid("f"))
                .hasSize(2 * 65 - 1);
        Bytes longer = Bytes.fromHex("01".repeat(65));
        refused(
                "f at offset 0x0: expected an OBJECT IDENTIFIER, found " + longer,
                () -> der(DerBytes.element(Der.OID, longer)).oid("f"));
    }

    @Test
    void aBitStringIsOfWholeBytes() throws Exception {
        assertThat(der(Bytes.fromHex("030100")).bitString("f")).isEqualTo(Bytes.EMPTY);
        assertThat(der(Bytes.fromHex("0303000a0b")).bitString("f")).isEqualTo(Bytes.fromHex("0a0b"));
        for (String wrong : new String[] {"", "01", "0702"}) {
            refused(
                    "f at offset 0x0: expected a BIT STRING without unused bits, found " + wrong,
                    () -> der(DerBytes.element(Der.BIT_STRING, Bytes.fromHex(wrong)))
                            .bitString("f"));
        }
    }

    @Test
    void aBooleanIsOneOfTwoBytes() throws Exception {
        assertThat(der(Bytes.fromHex("0101ff")).bool("f")).isTrue();
        assertThat(der(Bytes.fromHex("010100")).bool("f")).isFalse();
        for (String wrong : new String[] {"", "01", "ffff", "0000"}) {
            refused(
                    "f at offset 0x0: expected a BOOLEAN of 00 or ff, found " + wrong,
                    () -> der(DerBytes.element(Der.BOOLEAN, Bytes.fromHex(wrong)))
                            .bool("f"));
        }
    }

    @Test
    void anEnumeratedIsOfOneOctet() throws Exception {
        assertThat(der(Bytes.fromHex("0a0100")).enumerated("f")).isZero();
        assertThat(der(Bytes.fromHex("0a017f")).enumerated("f")).isEqualTo(127);
        for (String wrong : new String[] {"", "80", "0001"}) {
            refused(
                    "f at offset 0x0: expected an ENUMERATED of 0 to 127, found " + wrong,
                    () -> der(DerBytes.element(Der.ENUMERATED, Bytes.fromHex(wrong)))
                            .enumerated("f"));
        }
    }

    @Test
    void contextTagsAreConstructedOrPrimitive() {
        assertThat(Der.context(3)).isEqualTo(0xA3);
        assertThat(Der.contextPrimitive(3)).isEqualTo(0x83);
    }

    private static Der der(Bytes whole) {
        return Der.of(whole);
    }

    private static void refused(String message, ThrowingCallable reading) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(reading)
                .withMessage(message);
    }
}
