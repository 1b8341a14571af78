package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class RevocationListFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aListIsRefusedOrReadWhole(byte[] input) {
        RevocationList list;
        try {
            list = RevocationList.parse(Bytes.of(input));
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        assertThat(list.tbs().size()).isLessThan(input.length);
        assertThat(list.currentAt(list.nextUpdate())).isFalse();
        assertThat(list.currentAt(list.thisUpdate()))
                .isEqualTo(list.thisUpdate().isBefore(list.nextUpdate()));
        assertThat(list.issuer().toString()).isNotNull();
        assertThat(list.toString()).isNotEmpty();
    }

    static List<byte[]> seeds() {
        Bytes reason = DerBytes.sequence(
                DerBytes.sequence(DerBytes.oid("2.5.29.21"), DerBytes.octets(Bytes.fromHex("0a0104"))));
        Bytes number = DerBytes.integer(7);
        return Stream.of(
                        CertBytes.of("").buildList(),
                        CertBytes.of("").algorithm(CertBytes.PSS).buildList(CertBytes.revoked(1, Bytes.EMPTY)),
                        CertBytes.of("")
                                .with("2.5.29.20", number)
                                .buildList(CertBytes.revoked(2, reason), CertBytes.revoked(1L << 40, Bytes.EMPTY)))
                .map(Bytes::toByteArray)
                .toList();
    }
}
