package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.manifest.signing.SigningKey;

class KeyBindingTest {

    private static final Bytes KEY = SigningKey.generate().spki();
    private static final Bytes NONCE = Bytes.utf8("nonce");
    private static final Bytes JOB = Bytes.utf8("job");
    private static final Bytes GPU = Bytes.utf8("gpu");

    @Test
    void reportDataChangesWithEachThingThatItBinds() {
        Bytes other = Bytes.utf8("other");
        Bytes otherKey = SigningKey.generate().spki();
        Set<Bytes> all = new HashSet<>(List.of(
                KeyBinding.reportData(KEY, NONCE, JOB, GPU),
                KeyBinding.reportData(otherKey, NONCE, JOB, GPU),
                KeyBinding.reportData(KEY, other, JOB, GPU),
                KeyBinding.reportData(KEY, NONCE, other, GPU),
                KeyBinding.reportData(KEY, NONCE, JOB, other),
                KeyBinding.reportData(KEY, NONCE, JOB, Bytes.EMPTY)));
        assertThat(all).hasSize(6).allSatisfy(data -> assertThat(data.size()).isEqualTo(64));
    }

    @Test
    void theFirstHalfIsTheFingerprintThatOlderToolsRead() {
        assertThat(KeyBinding.reportData(KEY, NONCE, JOB, GPU).slice(0, 32)).isEqualTo(KEY.sha256());
    }
}
