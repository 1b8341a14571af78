package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Keeps RSA keys of software authorities in the folder that the system property {@code rsa.pool} names, so that they are
 * not made anew by each of the hundreds of virtual machines of a mutation run. Within one virtual machine each key is
 * still given out once. Without the property nothing changes.
 */
public final class RsaKeyPool implements LauncherSessionListener {

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        if (System.getProperty("rsa.pool") != null && Security.getProvider(PoolProvider.NAME) == null) {
            Security.insertProviderAt(new PoolProvider(), 1);
        }
    }

    /** Answers for RSA key pairs before the runtime's own provider does. */
    private static final class PoolProvider extends Provider {

        static final String NAME = "RsaKeyPool";

        private static final long serialVersionUID = 1L;

        PoolProvider() {
            super(NAME, "1", "RSA keys out of a folder");
            put("KeyPairGenerator.RSA", Generator.class.getName());
        }
    }

    /** Reads the next key of the folder, or adds one. */
    public static final class Generator extends KeyPairGeneratorSpi {

        private static final AtomicInteger NEXT = new AtomicInteger();

        private int bits = 2048;

        @Override
        public void initialize(int keysize, SecureRandom random) {
            bits = keysize;
        }

        @Override
        public KeyPair generateKeyPair() {
            Path file = Path.of(System.getProperty("rsa.pool"), bits + "-" + NEXT.getAndIncrement() + ".pkcs8");
            try {
                if (!Files.exists(file)) {
                    KeyPairGenerator runtime = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
                    runtime.initialize(bits);
                    Files.createDirectories(file.getParent());
                    Path part = Files.createTempFile(file.getParent(), "key", ".part");
                    Files.write(part, runtime.generateKeyPair().getPrivate().getEncoded());
                    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
                }
                KeyFactory factory = KeyFactory.getInstance("RSA");
                RSAPrivateCrtKey key =
                        (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(file)));
                return new KeyPair(
                        factory.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())), key);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
