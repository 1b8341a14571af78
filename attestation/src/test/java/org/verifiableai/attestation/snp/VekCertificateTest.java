package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.CertBytes;
import org.verifiableai.attestation.internal.x509.DerBytes;

class VekCertificateTest {

    private static final String ARC = VekBytes.ARC;
    private static final Bytes CHIP = Bytes.fromHex("7a".repeat(63) + "01");

    @ParameterizedTest
    @EnumSource(
            value = ProductLine.class,
            names = {"MILAN", "GENOA"})
    void aVcekNamesItsChipLineAndVersion(ProductLine line) throws Exception {
        for (Bytes hwId : new Bytes[] {CHIP, DerBytes.octets(CHIP)}) {
            VekCertificate vek = VekCertificate.parse(VekBytes.vcek(line, hwId).build());

            assertThat(vek.kind()).isEqualTo(SigningKey.VCEK);
            assertThat(vek.productLine()).isEqualTo(line);
            assertThat(vek.tcb()).isEqualTo(TcbVersion.of(1, 2, 3, 4));
            assertThat(vek.hwId()).isEqualTo(CHIP);
            assertThat(vek.cspId()).isNull();
        }
    }

    @Test
    void aVcekOfTurinNamesAShortChipAndAnFmc() throws Exception {
        Bytes chip = CHIP.slice(0, 8);
        for (Bytes hwId : new Bytes[] {chip, DerBytes.octets(chip)}) {
            VekCertificate vek =
                    VekCertificate.parse(VekBytes.vcek(ProductLine.TURIN, hwId).build());

            assertThat(vek.productLine()).isEqualTo(ProductLine.TURIN);
            assertThat(vek.tcb()).isEqualTo(TcbVersion.ofTurin(5, 1, 2, 3, 4));
            assertThat(vek.hwId()).isEqualTo(chip);
        }
    }

    @Test
    void aVlekNamesItsProviderAndNoChip() throws Exception {
        VekCertificate vek = VekCertificate.parse(
                VekBytes.vlek(ProductLine.GENOA, "a provider").build());

        assertThat(vek.kind()).isEqualTo(SigningKey.VLEK);
        assertThat(vek.hwId()).isNull();
        assertThat(vek.cspId()).isEqualTo("a provider");
        assertThat(vek.isOfChip(Bytes.zeros(64))).isFalse();
    }

    @Test
    void aShortIdentifierIsFollowedByZeros() throws Exception {
        VekCertificate turin = VekCertificate.parse(
                VekBytes.vcek(ProductLine.TURIN, CHIP.slice(0, 8)).build());
        VekCertificate milan =
                VekCertificate.parse(VekBytes.vcek(ProductLine.MILAN, CHIP).build());

        assertThat(turin.isOfChip(CHIP.slice(0, 8).concat(Bytes.zeros(56)))).isTrue();
        assertThat(turin.isOfChip(CHIP.slice(0, 8).concat(Bytes.zeros(55), Bytes.of((byte) 1))))
                .isFalse();
        assertThat(turin.isOfChip(Bytes.zeros(64))).isFalse();
        assertThat(milan.isOfChip(CHIP)).isTrue();
        assertThat(milan.isOfChip(CHIP.slice(0, 63).concat(Bytes.zeros(1)))).isFalse();
    }

    @Test
    void aVcekHasAChipAndNoProviderAndAVlekTheReverse() {
        Bytes provider = DerBytes.ia5("csp");

        refused(
                "extensions: expected hwID and no cspID, found hwID and cspID",
                VekBytes.vcek(ProductLine.MILAN, CHIP).with(ARC + "5", provider));
        refused(
                "extensions: expected hwID and no cspID, found no hwID and no cspID",
                VekBytes.tcb("SEV-VCEK", ProductLine.MILAN));
        refused(
                "extensions: expected cspID and no hwID, found hwID and cspID",
                VekBytes.vlek(ProductLine.MILAN, "csp").with(ARC + "4", CHIP));
        refused(
                "extensions: expected cspID and no hwID, found no hwID and no cspID",
                VekBytes.tcb("SEV-VLEK", ProductLine.MILAN));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEV-VCEK2", "sev-vcek", "SEV-Milan", ""})
    void anotherSubjectIsNoEndorsementKey(String name) {
        refused(
                "subject: expected CN=SEV-VCEK or CN=SEV-VLEK, found CN=" + name,
                VekBytes.tcb(name, ProductLine.MILAN).with(ARC + "4", CHIP));
    }

    @Test
    void anUnknownProductIsRefusedByName() {
        for (String name : new String[] {"Venice", "Milan2", "milan", ""}) {
            refused(
                    "productName: expected Milan, Genoa or Turin, found " + name,
                    CertBytes.of("SEV-VCEK").with(ARC + "2", DerBytes.ia5(name)));
        }
        refused("productName: expected extension " + ARC + "2, found none", CertBytes.of("SEV-VCEK"));
    }

    @Test
    void whatFollowsAHyphenIsAStepping() {
        assertThat(ProductLine.ofProductName("Milan-B0")).contains(ProductLine.MILAN);
        assertThat(ProductLine.ofProductName("Milan-")).contains(ProductLine.MILAN);
        assertThat(ProductLine.ofProductName("Turin")).contains(ProductLine.TURIN);
        assertThat(ProductLine.ofProductName("-Milan")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.1 blSPL", "3.2 teeSPL", "3.3 snpSPL", "3.8 ucodeSPL", "3.9 fmcSPL"})
    void everyComponentIsThereAndOfOneByte(String component) throws Exception {
        String oid = ARC + component.substring(0, 3);
        String name = component.substring(4);
        Bytes chip = CHIP.slice(0, 8);

        refused(
                name + ": expected extension " + oid + ", found none",
                without(oid).with(ARC + "4", chip));
        for (int value : new int[] {-1, 256, 65536}) {
            refused(
                    name + ": expected 0 to 255, found " + value,
                    without(oid).with(oid, DerBytes.integer(value)).with(ARC + "4", chip));
        }
        for (int value : new int[] {0, 255}) {
            assertThat(VekCertificate.parse(without(oid)
                                    .with(oid, DerBytes.integer(value))
                                    .with(ARC + "4", chip)
                                    .build())
                            .tcb()
                            .toString())
                    .contains("=" + value);
        }
    }

    @Test
    void nothingFollowsTheValueOfAnExtension() {
        Bytes more = DerBytes.integer(1);
        for (CertBytes wrong : new CertBytes[] {
            without(ARC + "3.1").with(ARC + "3.1", more.concat(more)).with(ARC + "4", CHIP.slice(0, 8)),
            CertBytes.of("SEV-VCEK").with(ARC + "2", DerBytes.ia5("Milan").concat(more)),
            VekBytes.tcb("SEV-VLEK", ProductLine.MILAN)
                    .with(ARC + "5", DerBytes.ia5("csp").concat(more)),
        }) {
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .isThrownBy(() -> VekCertificate.parse(wrong.build()))
                    .satisfies(e -> assertThat(e.expected()).isEqualTo("nothing more"));
        }
    }

    @Test
    void aTextIsAnIa5String() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> VekCertificate.parse(CertBytes.of("SEV-VCEK")
                        .with(ARC + "2", DerBytes.utf8("Milan"))
                        .build()))
                .withMessage("productName at offset 0x0: expected tag 0x16, found tag 0x0c");
    }

    @Test
    void anIdentifierOfAnotherLengthOrWrappingIsRefused() {
        for (Bytes wrong : new Bytes[] {
            Bytes.EMPTY,
            CHIP.slice(0, 8),
            CHIP.slice(0, 63),
            CHIP.concat(Bytes.zeros(1)),
            Bytes.fromHex("0540").concat(CHIP),
            Bytes.fromHex("0441").concat(CHIP),
            Bytes.fromHex("048140").concat(CHIP)
        }) {
            refused(
                    "hwID: expected 64 bytes, alone or as an OCTET STRING, found " + wrong,
                    VekBytes.vcek(ProductLine.GENOA, wrong));
        }
        refused(
                "hwID: expected 8 bytes, alone or as an OCTET STRING, found " + CHIP,
                VekBytes.vcek(ProductLine.TURIN, CHIP));
    }

    /** A VCEK of Turin without one component. */
    private static CertBytes without(String oid) {
        CertBytes certificate = CertBytes.of("SEV-VCEK").with(ARC + "2", DerBytes.ia5("Turin"));
        for (String spl : new String[] {"3.1", "3.2", "3.3", "3.8", "3.9"}) {
            if (!oid.equals(ARC + spl)) {
                certificate.with(ARC + spl, DerBytes.integer(7));
            }
        }
        return certificate;
    }

    private static void refused(String message, CertBytes certificate) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> VekCertificate.parse(certificate.build()))
                .withMessage("vek certificate " + message);
    }
}
