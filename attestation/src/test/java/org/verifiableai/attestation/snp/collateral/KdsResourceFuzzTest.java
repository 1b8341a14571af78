package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.Answer;
import org.verifiableai.attestation.internal.x509.CertBytes;
import org.verifiableai.attestation.internal.x509.DerBytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;

/** Whatever a service answers or a folder holds, it is what was asked for or it is refused. */
class KdsResourceFuzzTest {

    private static final String ARC = "1.3.6.1.4.1.3704.1.";
    private static final Bytes CHIP = Bytes.fromHex("0910b4f884ff4ba9");
    private static final VcekId ID = new VcekId(ProductLine.TURIN, CHIP, TcbVersion.ofTurin(5, 1, 2, 3, 4));
    private static final List<KdsResource> RESOURCES = resources();

    @MethodSource("seeds")
    @FuzzTest
    void anAnswerIsWhatWasAskedForOrRefused(byte[] input) {
        Bytes body = Bytes.of(input);
        for (KdsResource resource : RESOURCES) {
            try {
                Answer answer = resource.read(body);
                assertThat(answer.body()).isEqualTo(body);
                assertThat(answer.parts()).hasSize(resource instanceof KdsResource.Chain ? 2 : 1);
                assertThat(answer.issued()).isNotNull();
                assertThat(answer.expires()).isNotNull();
            } catch (MalformedEvidenceException e) {
                assertThat(e.getMessage()).doesNotContain("\n");
            }
        }
        index(body);
    }

    @Test
    void theSeedsAreAnswers() throws Exception {
        List<byte[]> seeds = seeds();

        assertThat(new KdsResource.Vcek(ID).read(Bytes.of(seeds.get(0))).parts())
                .containsExactly(Bytes.of(seeds.get(0)));
        assertThat(new KdsResource.Chain(ProductLine.MILAN, Endpoint.VCEK)
                        .read(Bytes.of(seeds.get(2)))
                        .parts())
                .hasSize(2);
    }

    private static void index(Bytes der) {
        CertificateIndex index = new CertificateIndex();
        try {
            index.addCertificate(der);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
        try {
            index.addRevocationList(der);
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
        index.vcek(ID).ifPresent(found -> assertThat(found).isEqualTo(der));
        for (ProductLine line : ProductLine.values()) {
            assertThat(index.authorities(line, SigningKey.VCEK)).hasSizeLessThan(2);
            assertThat(index.revocationLists(line, SigningKey.VLEK, Instant.EPOCH))
                    .hasSizeLessThan(2);
        }
    }

    static List<byte[]> seeds() {
        CertBytes vcek = CertBytes.of("SEV-VCEK").with(ARC + "2", DerBytes.ia5("Turin"));
        int number = 1;
        for (String spl : List.of("3.1", "3.2", "3.3", "3.8", "3.9")) {
            vcek.with(ARC + spl, DerBytes.integer(number++));
        }
        Bytes ask = CertBytes.of("SEV-Milan").build();
        Bytes ark = CertBytes.of("ARK-Milan").build();
        return Stream.of(
                        vcek.with(ARC + "4", CHIP).build(),
                        ask,
                        Bytes.utf8(pem(ask) + pem(ark)),
                        CertBytes.of("").buildList())
                .map(Bytes::toByteArray)
                .toList();
    }

    private static List<KdsResource> resources() {
        List<KdsResource> resources = new ArrayList<>();
        resources.add(new KdsResource.Vcek(ID));
        for (ProductLine line : ProductLine.values()) {
            for (Endpoint endpoint : Endpoint.values()) {
                resources.add(new KdsResource.Chain(line, endpoint));
                resources.add(new KdsResource.Crl(line, endpoint));
            }
        }
        return resources;
    }

    private static String pem(Bytes der) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der.toByteArray())
                + "\n-----END CERTIFICATE-----\n";
    }
}
