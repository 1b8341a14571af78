package org.verifiableai.manifest.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureAlgorithm;

class SigningKeyTest {

    @Test
    void theDefaultIsAsStrongAsTheReport() {
        assertThat(SigningKey.generate().algorithm()).isEqualTo(SignatureAlgorithm.ECDSA_P384_SHA384);
        assertThat(SigningKey.generate().spki().size()).isEqualTo(120);
    }

    @Test
    void signaturesAreDeterministic() {
        SigningKey key = SigningKey.generate();
        Bytes message = Bytes.utf8("message");
        assertThat(key.sign(message)).isEqualTo(key.sign(message));
        assertThat(key.publicKey().verify(message, key.sign(message))).isTrue();
    }

    @Test
    void theTextOfAKeyIsItsPublicHalf() {
        SigningKey key = SigningKey.generate();
        assertThat(key.toString()).isEqualTo("SigningKey[ECDSA_P384_SHA384 " + key.spki() + "]");
    }

    @Test
    void manifestsAreNotSignedWithRsa() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.generate(SignatureAlgorithm.RSASSA_PSS_SHA384, new SecureRandom()));
    }
}
