package org.verifiableai.manifest.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;

class SaltSecretTest {

    private static final Bytes KEY = Bytes.fromHex("0102".repeat(16));

    @Test
    void aSaltIsTheHmacOfDomainAndIndex() throws Exception {
        Mac hmac = Mac.getInstance("HmacSHA256");
        hmac.init(new SecretKeySpec(KEY.toByteArray(), "HmacSHA256"));
        byte[] expected = hmac.doFinal(Bytes.utf8("vai-dataset-salt/v1\0")
                .concat(Bytes.fromHex("0000000100000002"))
                .toByteArray());

        assertThat(SaltSecret.of(KEY).salt(0x1_0000_0002L)).isEqualTo(Bytes.of(expected));
    }

    @Test
    void secretsAreThirtyTwoBytesAndNotZero() {
        assertThatIllegalArgumentException().isThrownBy(() -> SaltSecret.of(Bytes.zeros(32)));
        assertThatIllegalArgumentException().isThrownBy(() -> SaltSecret.of(KEY.slice(0, 31)));
        assertThat(SaltSecret.generate().bytes())
                .isNotEqualTo(SaltSecret.generate().bytes());
    }

    @Test
    void aSecretIsNotPrinted() {
        assertThat(SaltSecret.of(KEY)).hasToString("SaltSecret[32 bytes]");
    }
}
