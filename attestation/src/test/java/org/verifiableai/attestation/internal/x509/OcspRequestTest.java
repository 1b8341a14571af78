package org.verifiableai.attestation.internal.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.internal.x509.DerBytes.bool;
import static org.verifiableai.attestation.internal.x509.DerBytes.context;
import static org.verifiableai.attestation.internal.x509.DerBytes.integer;
import static org.verifiableai.attestation.internal.x509.DerBytes.nothing;
import static org.verifiableai.attestation.internal.x509.DerBytes.octets;
import static org.verifiableai.attestation.internal.x509.DerBytes.oid;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;

class OcspRequestTest {

    private static final OcspCertId ID =
            new OcspCertId(OcspHash.SHA384, Bytes.zeros(48), Bytes.zeros(48), BigInteger.valueOf(200));
    private static final Bytes ENCODED_ID = sequence(
            sequence(oid("2.16.840.1.101.3.4.2.2"), nothing()),
            octets(Bytes.zeros(48)),
            octets(Bytes.zeros(48)),
            integer(200));
    private static final String NONCE = "1.3.6.1.5.5.7.48.1.2";

    @Test
    void aQuestionNamesOneCertificate() {
        assertThat(OcspRequest.of(ID).encoded()).isEqualTo(sequence(sequence(sequence(sequence(ENCODED_ID)))));
    }

    @Test
    void aNonceIsCriticalUnlessSaidOtherwise() {
        Bytes nonce = Bytes.fromHex("0102");

        assertThat(OcspRequest.of(ID, nonce).encoded())
                .isEqualTo(question(sequence(oid(NONCE), bool(true), octets(octets(nonce)))));
        assertThat(new OcspRequest(ID, nonce, false).encoded())
                .isEqualTo(question(sequence(oid(NONCE), octets(octets(nonce)))));
    }

    /** DER: a length of 128 needs a second octet. */
    @Test
    void theLongestNonceIsWrittenWithALongLength() {
        Bytes nonce = Bytes.fromHex("ab".repeat(128));

        assertThat(OcspRequest.of(ID, nonce).encoded())
                .isEqualTo(question(sequence(oid(NONCE), bool(true), octets(octets(nonce)))));
    }

    @Test
    void aNonceIsOf1To128Bytes() {
        assertThat(OcspRequest.of(ID, Bytes.zeros(1)).encoded().size())
                .isLessThan(OcspRequest.of(ID, Bytes.zeros(128)).encoded().size());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OcspRequest.of(ID, Bytes.EMPTY))
                .withMessage("nonce must be of 1 to 128 bytes, found 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OcspRequest.of(ID, Bytes.zeros(129)))
                .withMessage("nonce must be of 1 to 128 bytes, found 129");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OcspRequest(ID, null, true))
                .withMessage("nonce must be given if it is critical, found none");
    }

    private static Bytes question(Bytes extension) {
        return sequence(sequence(sequence(sequence(ENCODED_ID)), context(2, sequence(extension))));
    }
}
