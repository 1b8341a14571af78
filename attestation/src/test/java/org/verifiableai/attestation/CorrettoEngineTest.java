package org.verifiableai.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.KeySpec;
import org.junit.jupiter.api.Test;

class CorrettoEngineTest {

    @Test
    void aProviderThatIsNotThereIsNoEngine() {
        assertThat(CorrettoEngine.find("com.example.NoSuchProvider")).isEmpty();
    }

    @Test
    void aClassThatIsNoProviderIsNoEngine() {
        assertThat(CorrettoEngine.find(NoProvider.class.getName())).isEmpty();
        assertThat(CorrettoEngine.find(String.class.getName())).isEmpty();
        assertThat(CorrettoEngine.find(FailingProvider.class.getName())).isEmpty();
    }

    @Test
    void aProviderWithoutTheCurvesOfEvidenceIsNoEngine() {
        assertThat(CorrettoEngine.over(new Named("bare"))).isEmpty();
    }

    @Test
    void aProviderWhoseSignaturesAreMissingIsNoEngine() {
        assertThat(CorrettoEngine.over(new Named("keys alone").with("KeyFactory", "EC", AnyKey.class)))
                .isEmpty();
    }

    @Test
    void aProviderThatAcceptsOrRefusesEverythingIsNoEngine() {
        for (Class<?> signature : new Class<?>[] {AcceptsAll.class, RefusesAll.class}) {
            assertThat(CorrettoEngine.over(new Named("broken")
                            .with("KeyFactory", "EC", AnyKey.class)
                            .with("Signature", "SHA256withECDSAinP1363Format", signature)
                            .with("Signature", "SHA384withECDSAinP1363Format", signature)))
                    .isEmpty();
        }
    }

    @Test
    void theEngineThatIsAlwaysThereGoesThroughTheSameTest() {
        assertThat(EngineSelfTest.passes(SignatureEngine.bouncyCastle())).isTrue();
        assertThat(SignatureEngine.bouncyCastle().name()).isEqualTo("bouncy-castle");
    }

    @Test
    void anEngineThatTakesOneKeyForAnotherFailsTheTest() throws Exception {
        VerificationKey one = SignatureEngine.bouncyCastle()
                .key(Bytes.fromHex("302a300506032b6570032100"
                        + "ba2fbd8df6da76e8f97a96f9cf21faf82c00bd06405fd996a0ccd1a7e3ef0841"));

        assertThat(EngineSelfTest.passes(spki -> one)).isFalse();
    }

    /** Has no constant INSTANCE that is a provider. */
    public static final class NoProvider {
        public static final Object INSTANCE = "no provider";
    }

    /** Does not load, as a class does not whose native library is of another platform. */
    public static final class FailingProvider {
        public static final Object INSTANCE = fail();

        private static Object fail() {
            throw new UnsatisfiedLinkError("another platform");
        }
    }

    private static final class Named extends Provider {
        private static final long serialVersionUID = 1L;

        Named(String name) {
            super(name, "1", name);
        }

        Named with(String type, String algorithm, Class<?> implementation) {
            put(type + "." + algorithm, implementation.getName());
            return this;
        }
    }

    /** Hands on the runtime's keys. */
    public static final class AnyKey extends KeyFactorySpi {
        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) {
            try {
                return KeyFactory.getInstance("EC", "SunEC").generatePublic(spec);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type) {
            throw new UnsupportedOperationException();
        }

        @Override
        protected Key engineTranslateKey(Key key) {
            return key;
        }
    }

    /** A signature that is always good. */
    public static final class AcceptsAll extends FixedAnswer {
        public AcceptsAll() {
            super(true);
        }
    }

    /** A signature that is never good. */
    public static final class RefusesAll extends FixedAnswer {
        public RefusesAll() {
            super(false);
        }
    }

    private abstract static class FixedAnswer extends SignatureSpi {
        private final boolean answer;

        FixedAnswer(boolean answer) {
            this.answer = answer;
        }

        @Override
        protected void engineInitVerify(PublicKey key) {}

        @Override
        protected void engineInitSign(PrivateKey key) {}

        @Override
        protected void engineUpdate(byte b) {}

        @Override
        protected void engineUpdate(byte[] bytes, int offset, int length) {}

        @Override
        protected byte[] engineSign() {
            return new byte[0];
        }

        @Override
        protected boolean engineVerify(byte[] signature) {
            return answer;
        }

        @Override
        protected void engineSetParameter(AlgorithmParameterSpec parameters) {}

        @Override
        @Deprecated
        protected void engineSetParameter(String name, Object value) {}

        @Override
        @Deprecated
        protected Object engineGetParameter(String name) {
            throw new UnsupportedOperationException(name);
        }
    }
}
