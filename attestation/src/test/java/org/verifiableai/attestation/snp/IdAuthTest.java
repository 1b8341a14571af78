package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Set;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.Verdict;

class IdAuthTest {

    private static final SignatureEngine ENGINE = SignatureEngine.standard();
    private static final KeyPair ID_PAIR = pair("secp384r1");
    private static final IdSigner ID_KEY = IdSigner.of(ID_PAIR);
    private static final IdSigner AUTHOR_KEY = IdSigner.of(pair("secp384r1"));
    private static final IdBlock BLOCK =
            IdBlock.of(Bytes.zeros(48), Bytes.zeros(16), Bytes.zeros(16), 7, new GuestPolicy(0x30000));
    private static final String ORDER =
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973";

    @Test
    void whatIsWrittenIsRead() throws Exception {
        IdAuth alone = IdAuth.sign(BLOCK, ID_KEY);
        IdAuth authored = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY);

        assertThat(IdAuth.parse(alone.encode())).isEqualTo(alone).hasSameHashCodeAs(alone);
        assertThat(IdAuth.parse(authored.encode())).isEqualTo(authored).isNotEqualTo(alone);
        assertThat(IdAuth.ofBase64(authored.base64())).isEqualTo(authored);
        assertThat(alone.encode().size()).isEqualTo(IdAuth.SIZE);
        assertThat(authored.encode().size()).isEqualTo(IdAuth.SIZE);
        assertThat(alone.idKey()).isEqualTo(ID_KEY.publicKey());
        assertThat(alone.authorKey()).isEmpty();
        assertThat(alone.authorKeyDigest()).isEmpty();
        assertThat(authored.authorKey()).hasValue(AUTHOR_KEY.publicKey());
        assertThat(authored.authorKeyDigest()).hasValue(IdAuth.keyDigest(AUTHOR_KEY.publicKey()));
        assertThat(authored)
                .hasToString("IdAuth[id key " + authored.idKeyDigest() + ", author key "
                        + authored.authorKeyDigest().orElseThrow() + "]");
    }

    @Test
    void theDigestOfAKeyIsOverItsBytesInTheFormatOfTheFirmware() throws Exception {
        Bytes auth = IdAuth.sign(BLOCK, ID_KEY).encode();
        Bytes x = ID_KEY.publicKey().slice(24, 72);

        assertThat(auth.slice(0x240, 0x244)).isEqualTo(Bytes.fromHex("02000000"));
        assertThat(auth.slice(0x244, 0x244 + 48)).isEqualTo(x.reversed());
        assertThat(IdAuth.keyDigest(ID_KEY.publicKey()))
                .isEqualTo(auth.slice(0x240, 0x240 + 0x404).sha384())
                .isEqualTo(IdAuth.parse(auth).idKeyDigest());
        assertThat(IdAuth.keyDigest(pem("PUBLIC KEY", ID_KEY.publicKey())))
                .isEqualTo(IdAuth.keyDigest(ID_KEY.publicKey()));
    }

    @Test
    void anotherKeyHasNoDigest() {
        Bytes p256 = Bytes.of(pair("secp256r1").getPublic().getEncoded());

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> IdAuth.keyDigest(p256))
                .withMessage("public key: expected a public key on P-384, found ECDSA_P256_SHA256");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> IdAuth.keyDigest(Bytes.utf8("text")));
    }

    @Test
    void aTrustedIdKeyIsEnough() throws Exception {
        IdAuth auth = IdAuth.sign(BLOCK, ID_KEY);

        Verdict<IdBlock> verdict = auth.verify(BLOCK, Set.of(auth.idKeyDigest()), Set.of(), ENGINE);

        assertThat(verdict.orElseThrow().value()).isEqualTo(BLOCK);
        assertThat(verdict.orElseThrow().facts())
                .containsOnlyKeys("idKeyDigest")
                .containsValue(auth.idKeyDigest().hex());
        assertThat(verdict.checks())
                .extracting(CheckResult::outcome)
                .containsExactly(Outcome.PASSED, Outcome.NOT_EVALUATED, Outcome.PASSED);
    }

    @Test
    void aTrustedAuthorKeyIsEnough() throws Exception {
        IdAuth auth = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY);
        Bytes author = auth.authorKeyDigest().orElseThrow();

        Verdict<IdBlock> verdict = auth.verify(BLOCK, Set.of(), Set.of(author), ENGINE);

        assertThat(verdict.checks()).extracting(CheckResult::outcome).containsOnly(Outcome.PASSED);
        assertThat(verdict.orElseThrow().facts()).containsOnlyKeys("idKeyDigest", "authorKeyDigest");
        assertThat(auth.verify(BLOCK, Set.of(auth.idKeyDigest()), Set.of(Bytes.zeros(48)), ENGINE)
                        .accepted())
                .isTrue();
    }

    @Test
    void anotherBlockFailsTheSignatureAlone() throws Exception {
        IdAuth auth = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY);
        IdBlock other = new IdBlock(BLOCK.measurement(), BLOCK.familyId(), BLOCK.imageId(), 8, BLOCK.policy());

        assertFails(auth.verify(other, Set.of(auth.idKeyDigest()), Set.of(), ENGINE), IdAuth.BLOCK_SIGNATURE);
    }

    @Test
    void anAuthorWhoDidNotSignFailsAlone() throws Exception {
        IdAuth signed = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY);
        Bytes raw = signed.encode();
        // The block's signature in the place of the author's: in range, and over something else.
        IdAuth auth = IdAuth.parse(raw.slice(0, 0x680).concat(raw.slice(0x040, 0x240), raw.slice(0x880, IdAuth.SIZE)));

        assertFails(auth.verify(BLOCK, Set.of(auth.idKeyDigest()), Set.of(), ENGINE), IdAuth.AUTHOR_SIGNATURE);
    }

    @Test
    void aKeyThatNobodyTrustsFailsAlone() throws Exception {
        Set<Bytes> others = Set.of(Bytes.zeros(48));
        IdAuth alone = IdAuth.sign(BLOCK, ID_KEY);
        IdAuth authored = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY);

        assertFails(alone.verify(BLOCK, others, others, ENGINE), IdAuth.TRUSTED_KEY);
        assertFails(authored.verify(BLOCK, others, others, ENGINE), IdAuth.TRUSTED_KEY);
    }

    @Test
    void aKeyIsTrustedInItsOwnRoleOnly() throws Exception {
        IdAuth auth = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY);

        assertFails(
                auth.verify(BLOCK, Set.of(auth.authorKeyDigest().orElseThrow()), Set.of(auth.idKeyDigest()), ENGINE),
                IdAuth.TRUSTED_KEY);
    }

    @Test
    void anEngineThatTakesNoKeyFailsTheSignatures() throws Exception {
        IdAuth auth = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY);
        SignatureEngine none = spki -> {
            throw new MalformedEvidenceException("key", 0, "another", "this");
        };

        assertThat(auth.verify(BLOCK, Set.of(auth.idKeyDigest()), Set.of(), none)
                        .failures())
                .extracting(CheckResult::id)
                .containsExactly(IdAuth.BLOCK_SIGNATURE, IdAuth.AUTHOR_SIGNATURE);
    }

    @Test
    void somebodyHasToBeTrusted() throws Exception {
        IdAuth auth = IdAuth.sign(BLOCK, ID_KEY);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> auth.verify(BLOCK, Set.of(), Set.of(), ENGINE))
                .withMessage("at least one id or author key must be trusted, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> auth.verify(BLOCK, Set.of(), Set.of(Bytes.zeros(32)), ENGINE))
                .withMessage("key digest must be of 48 bytes, found 32");
    }

    @ParameterizedTest
    @CsvSource({
        // field, offset, bytes
        "ID_KEY_ALGO, 0, 02000000",
        "ID_KEY_ALGO, 0, 00000000",
        "AUTHOR_KEY_ALGO, 4, 02000000",
        "padding of id authentication, 8, 01",
        "padding of id authentication, 3f, 01",
        "R of ID_BLOCK_SIG, 40, 00*48",
        "R of ID_BLOCK_SIG, 40, ORDER",
        "R of ID_BLOCK_SIG, 40, ff*48",
        "padding of R of ID_BLOCK_SIG, 70, 01",
        "padding of R of ID_BLOCK_SIG, 87, 01",
        "S of ID_BLOCK_SIG, 88, 00*48",
        "S of ID_BLOCK_SIG, 88, ORDER",
        "padding of S of ID_BLOCK_SIG, b8, 01",
        "padding of ID_BLOCK_SIG, d0, 01",
        "padding of ID_BLOCK_SIG, 23f, 01",
        "curve of ID_KEY, 240, 01000000",
        "curve of ID_KEY, 240, 02000001",
        "ID_KEY, 244, 00*48",
        "ID_KEY, 244, ff*48",
        "padding of QX of ID_KEY, 274, 01",
        "ID_KEY, 28c, 01*48",
        "padding of QY of ID_KEY, 2bc, 01",
        "padding of ID_KEY, 2d4, 01",
        "padding of ID_KEY, 643, 01",
        "padding of id authentication, 644, 01",
        "padding of id authentication, 67f, 01",
        "R of ID_KEY_SIG, 680, 00*48",
        "padding of R of ID_KEY_SIG, 6b0, 01",
        "S of ID_KEY_SIG, 6c8, ORDER",
        "padding of S of ID_KEY_SIG, 6f8, 01",
        "padding of ID_KEY_SIG, 710, 01",
        "padding of ID_KEY_SIG, 87f, 01",
        "curve of AUTHOR_KEY, 880, 00000000",
        "AUTHOR_KEY, 884, 01*48",
        "padding of QX of AUTHOR_KEY, 8b4, 01",
        "padding of QY of AUTHOR_KEY, 8fc, 01",
        "padding of AUTHOR_KEY, 914, 01",
        "padding of AUTHOR_KEY, c83, 01",
        "padding of id authentication, c84, 01",
        "padding of id authentication, fff, 01",
    })
    void eachDefectIsRefusedByItsField(String field, String offset, String bytes) throws Exception {
        Bytes auth = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY).encode();

        refused(patch(auth, Integer.parseInt(offset, 16), expand(bytes)), field);
    }

    @Test
    void nothingMayStandInTheAuthorsPlaceIfThereIsNone() throws Exception {
        Bytes alone = IdAuth.sign(BLOCK, ID_KEY).encode();
        Bytes authored = IdAuth.sign(BLOCK, ID_KEY, AUTHOR_KEY).encode();

        refused(patch(authored, 4, Bytes.zeros(4)), "padding of id authentication without an author");
        refused(patch(alone, 0x680, Bytes.fromHex("01")), "padding of id authentication without an author");
        refused(patch(alone, 0xfff, Bytes.fromHex("01")), "padding of id authentication without an author");
        refused(patch(alone, 4, Bytes.fromHex("01000000")), "curve of AUTHOR_KEY");
    }

    @Test
    void anotherLengthIsRefused() throws Exception {
        Bytes auth = IdAuth.sign(BLOCK, ID_KEY).encode();

        refused(Bytes.EMPTY, "id authentication");
        refused(auth.slice(0, IdAuth.SIZE - 1), "id authentication");
        refused(auth.concat(Bytes.zeros(1)), "id authentication");
    }

    @Test
    void aKeyIsReadFromPemOfEitherForm() throws Exception {
        Bytes pkcs8 = pem("PRIVATE KEY", Bytes.of(ID_PAIR.getPrivate().getEncoded()));
        org.bouncycastle.asn1.sec.ECPrivateKey key = new org.bouncycastle.asn1.sec.ECPrivateKey(
                384,
                ((java.security.interfaces.ECPrivateKey) ID_PAIR.getPrivate()).getS(),
                SECObjectIdentifiers.secp384r1);
        Bytes sec1 = Bytes.utf8("-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n")
                .concat(pem("EC PRIVATE KEY", Bytes.of(key.getEncoded())));

        for (Bytes file : new Bytes[] {pkcs8, sec1}) {
            IdSigner signer = IdSigner.ofPem(file);

            assertThat(signer.publicKey()).isEqualTo(ID_KEY.publicKey());
            IdAuth auth = IdAuth.sign(BLOCK, signer);
            assertThat(auth).isEqualTo(IdAuth.sign(BLOCK, signer));
            assertThat(auth.verify(BLOCK, Set.of(auth.idKeyDigest()), Set.of(), ENGINE)
                            .accepted())
                    .isTrue();
        }
    }

    @Test
    void aFileWithoutSuchAKeyIsRefusedAndNotQuoted() {
        Bytes p256 = Bytes.of(pair("secp256r1").getPrivate().getEncoded());
        Bytes broken = Bytes.of(ID_PAIR.getPrivate().getEncoded()).slice(0, 40);

        for (Bytes pem : new Bytes[] {
            pem("PRIVATE KEY", p256),
            pem("PRIVATE KEY", broken),
            pem("EC PRIVATE KEY", broken),
            pem("EC PRIVATE KEY", Bytes.of(ID_PAIR.getPrivate().getEncoded())),
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> IdSigner.ofPem(pem))
                    .withMessage("id key must be a private key on P-384 as named curve, found something else")
                    .withNoCause();
        }
        assertThatIllegalArgumentException().isThrownBy(() -> IdSigner.ofPem(Bytes.utf8("text")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdSigner.ofPem(pem("PRIVATE KEY", p256).concat(pem("PRIVATE KEY", p256))));
    }

    @Test
    void aPairThatIsNotOneOnP384IsRefused() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdSigner.of(pair("secp256r1")))
                .withMessage("id key: expected a public key on P-384, found ECDSA_P256_SHA256");
        assertThatIllegalArgumentException().isThrownBy(() -> IdSigner.of(new KeyPair(ID_PAIR.getPublic(), null)));
        assertThatIllegalArgumentException().isThrownBy(() -> IdSigner.of(new KeyPair(null, ID_PAIR.getPrivate())));
        IdSigner mixed = IdSigner.of(new KeyPair(pair("secp384r1").getPublic(), ID_PAIR.getPrivate()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> IdAuth.sign(BLOCK, mixed))
                .withMessageStartingWith("signer must sign with the private half of ");
    }

    @Test
    void scalarsAreOf48Bytes() {
        assertThat(IdKeys.scalar(BigInteger.ZERO)).isEqualTo(Bytes.zeros(48));
        assertThat(IdKeys.scalar(new BigInteger("ff".repeat(48), 16))).isEqualTo(Bytes.fromHex("ff".repeat(48)));
        assertThatIllegalArgumentException().isThrownBy(() -> IdKeys.scalar(BigInteger.ONE.shiftLeft(384)));
        assertThatIllegalArgumentException().isThrownBy(() -> IdKeys.scalar(BigInteger.ONE.negate()));
    }

    private static void assertFails(Verdict<IdBlock> verdict, CheckId id) {
        assertThat(verdict.failures()).extracting(CheckResult::id).containsExactly(id);
        assertThat(verdict.accepted()).isFalse();
    }

    private static void refused(Bytes auth, String field) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> IdAuth.parse(auth))
                .satisfies(e -> assertThat(e.field()).isEqualTo(field));
    }

    private static Bytes expand(String bytes) {
        if (bytes.equals("ORDER")) {
            return Bytes.fromHex(ORDER).reversed();
        }
        return bytes.endsWith("*48") ? Bytes.fromHex(bytes.substring(0, 2).repeat(48)) : Bytes.fromHex(bytes);
    }

    private static Bytes patch(Bytes raw, int offset, Bytes bytes) {
        return raw.slice(0, offset).concat(bytes, raw.slice(offset + bytes.size(), raw.size()));
    }

    private static Bytes pem(String label, Bytes der) {
        return Bytes.utf8("-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder().encodeToString(der.toByteArray()) + "\n-----END " + label + "-----\n");
    }

    private static KeyPair pair(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
