package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.DerSignature;
import org.verifiableai.manifest.internal.envelope.PublicKeys;

/** Damaged input is read or refused, and nothing else happens. The damage is the same in every run. */
class HostileInputTest {

    private static final int ROUNDS = 3000;

    @FunctionalInterface
    private interface Parser {
        void parse(Bytes input) throws MalformedEvidenceException;
    }

    private static void assertReadOrRefused(Bytes sound, Parser parser) {
        Random random = new Random(20261124);
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Bytes damaged = damage(sound, random);
            try {
                parser.parse(damaged);
            } catch (MalformedEvidenceException e) {
                refused++;
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("round " + round + ": " + damaged.hex(), e);
            }
        }
        assertThat(refused).isPositive();
    }

    private static Bytes damage(Bytes sound, Random random) {
        byte[] bytes = sound.toByteArray();
        switch (random.nextInt(4)) {
            case 0 -> {
                return sound.slice(0, random.nextInt(bytes.length));
            }
            case 1 -> {
                int at = random.nextInt(bytes.length);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                return Bytes.of(bytes);
            }
            case 2 -> {
                int from = random.nextInt(bytes.length);
                int to = from + random.nextInt(Math.min(40, bytes.length - from));
                return sound.slice(0, from).concat(sound.slice(to, bytes.length));
            }
            default -> {
                byte[] swap = "{}[]\":,0123456789eE-+\\u".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                for (int i = 0; i < 3; i++) {
                    bytes[random.nextInt(bytes.length)] = swap[random.nextInt(swap.length)];
                }
                return Bytes.of(bytes);
            }
        }
    }

    @Test
    void damagedStatements() {
        assertReadOrRefused(Samples.provenance().payload(), Provenance::parse);
    }

    @Test
    void damagedBundles() {
        SignedManifest manifest = SignedManifest.sign(Samples.provenance().payload(), Samples.KEY);
        assertReadOrRefused(Bytes.utf8(manifest.toJson()), input -> {
            SignedManifest read = SignedManifest.parse(input);
            read.isSignedBy(Samples.KEY.publicKey());
            read.provenance();
        });
    }

    @Test
    void damagedSignatures() {
        Bytes der = PublicKeys.toEnvelope(Samples.KEY.algorithm(), Samples.KEY.sign(Bytes.utf8("message")));
        assertReadOrRefused(
                der,
                input ->
                        assertThat(DerSignature.decode("sig", input, 48).size()).isEqualTo(96));
    }
}
