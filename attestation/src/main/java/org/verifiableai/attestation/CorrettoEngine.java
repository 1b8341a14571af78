package org.verifiableai.attestation;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Provider;
import java.security.spec.X509EncodedKeySpec;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * The Amazon Corretto Crypto Provider, found by name: it is no dependency of this SDK. A key's form is checked before the
 * provider sees it.
 */
final class CorrettoEngine implements SignatureEngine {

    private static final String PROVIDER = "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

    private final Provider provider;
    private final Set<SignatureAlgorithm> offered;

    /** Found and tested once, when somebody first asks. */
    static final class Holder {

        static final Optional<SignatureEngine> ENGINE = find(PROVIDER);

        private Holder() {}
    }

    private CorrettoEngine(Provider provider, Set<SignatureAlgorithm> offered) {
        this.provider = provider;
        this.offered = offered;
    }

    /** An engine over the provider whose class has this name and a constant INSTANCE; empty if anything is amiss. */
    static Optional<SignatureEngine> find(String className) {
        try {
            Object instance = Class.forName(className).getField("INSTANCE").get(null);
            return instance instanceof Provider provider ? over(provider) : Optional.empty();
        } catch (ReflectiveOperationException | LinkageError absent) {
            return Optional.empty(); // not there, or its native library is of another platform
        }
    }

    /** An engine over {@code provider} if it offers what machine evidence needs and passes the self-test. */
    static Optional<SignatureEngine> over(Provider provider) {
        Set<SignatureAlgorithm> offered = EnumSet.noneOf(SignatureAlgorithm.class);
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
            if (provider.getService("KeyFactory", ProviderKey.keyType(algorithm)) != null) {
                offered.add(algorithm);
            }
        }
        SignatureEngine engine = new CorrettoEngine(provider, offered);
        return offered.contains(SignatureAlgorithm.ECDSA_P384_SHA384) && EngineSelfTest.passes(engine)
                ? Optional.of(engine)
                : Optional.empty();
    }

    @Override
    public String name() {
        return "corretto";
    }

    @Override
    public VerificationKey key(Bytes spki) throws MalformedEvidenceException {
        VerificationKey checked = BouncyCastleEngine.INSTANCE.key(spki);
        if (!offered.contains(checked.algorithm())) {
            return checked;
        }
        try {
            KeyFactory factory = KeyFactory.getInstance(ProviderKey.keyType(checked.algorithm()), provider);
            return new ProviderKey(
                    provider,
                    checked.algorithm(),
                    spki,
                    factory.generatePublic(new X509EncodedKeySpec(spki.toByteArray())),
                    signatureSize(checked));
        } catch (GeneralSecurityException e) {
            throw new MalformedEvidenceException(
                    "subjectPublicKeyInfo", 0, "a key that " + name() + " reads", spki.hex());
        }
    }

    private static int signatureSize(VerificationKey key) {
        if (key instanceof EcdsaKey ecdsa) {
            return ecdsa.signatureSize();
        }
        return key instanceof RsaPssKey rsa ? rsa.signatureSize() : Ed25519Key.SIGNATURE_SIZE;
    }
}
