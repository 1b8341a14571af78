package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;

class OcspRulingTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "f", "10", "7f", "80", "ff", "100", "d69f10b46c05d201", "-1", "-80"})
    void aCertificateIsNamedByItsSerialNumberAsOtherToolsWriteIt(String serial) throws Exception {
        CertBytes bytes = CertBytes.of("Subject");
        bytes.serial = DerBytes.element(Der.INTEGER, Bytes.of(new BigInteger(serial, 16).toByteArray()));

        OcspFinding finding = new OcspRuling(X509Cert.parse(bytes.build()), Instant.EPOCH).finding(0, List.of());

        assertThat(finding.detail())
                .isEqualTo("certificate Subject, serial " + serial + ", must have an answer of its issuer, found none");
    }
}
