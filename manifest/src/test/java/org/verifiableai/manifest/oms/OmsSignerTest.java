package org.verifiableai.manifest.oms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.envelope.PublicKeys;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.PublicKeyHint;
import org.verifiableai.manifest.signing.SigningKey;

class OmsSignerTest {

    @TempDir
    Path temporary;

    private Path model;

    @BeforeEach
    void makeAModel() throws Exception {
        model = OmsLab.model(temporary.resolve("model"));
    }

    private static ObjectNode statement(Bytes bundle) throws Exception {
        return OmsLab.object(SigstoreBundle.parse(bundle, SigstoreBundle.Limits.MODEL)
                .envelope()
                .orElseThrow()
                .payload());
    }

    @ParameterizedTest
    @EnumSource(names = {"ECDSA_P256_SHA256", "ECDSA_P384_SHA384", "ECDSA_P521_SHA512"})
    void whatIsSignedIsAccepted(SignatureAlgorithm algorithm) throws Exception {
        SigningKey key = SigningKey.generate(algorithm, new SecureRandom());
        Path signature = model.resolve("model.sig");
        OmsSigner.builder(key).build().sign(model, signature);
        OmsModel accepted = OmsLab.byKey(key)
                .build()
                .verify(model, signature, OmsPolicy.standard())
                .orElseThrow()
                .value();
        assertThat(accepted.name()).isEqualTo("model");
        assertThat(accepted.key()).isEqualTo(key.spki());
        assertThat(accepted.files()).containsExactly("config.json", "model.safetensors", "sub/part");
        assertThat(accepted.unsigned()).isEmpty();
    }

    @Test
    void ed25519IsRefusedOnBothSides() throws Exception {
        SigningKey key = SigningKey.generate(SignatureAlgorithm.ED25519, new SecureRandom());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OmsSigner.builder(key))
                .withMessageContaining("all that the format has");
        Verdict<OmsModel> verdict = OmsLab.byKey(key).build().verify(model, OmsLab.signed(model), OmsPolicy.standard());
        assertThat(OmsLab.failed(verdict)).containsExactly("oms.key");
    }

    @Test
    void keyIdAndHintAreOne() throws Exception {
        SigstoreBundle bundle = SigstoreBundle.parse(OmsLab.signed(model), SigstoreBundle.Limits.MODEL);
        String hint = PublicKeys.hint(OmsLab.KEY.spki());
        assertThat(bundle.material()).isEqualTo(new PublicKeyHint(hint));
        assertThat(bundle.envelope().orElseThrow().keyId()).isEqualTo(hint);
    }

    @Test
    void theListIsInTheOrderOfCodePoints() throws Exception {
        Files.createDirectory(model.resolve("a"));
        Files.writeString(model.resolve("a/b"), "1");
        Files.writeString(model.resolve("a-b"), "2");
        Files.writeString(model.resolve("a.b"), "3");
        assertThat(statement(OmsLab.signed(model)).at("/predicate/resources").findValuesAsText("name"))
                .containsExactly("a-b", "a.b", "a/b", "config.json", "model.safetensors", "sub/part");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 7, 8, 1_000_000_000})
    void partsAreAcceptedWhateverTheirSize(long size) throws Exception {
        Files.writeString(model.resolve("ab:1:2"), "a name with colons");
        Files.createFile(model.resolve("empty"));
        Bytes bundle = OmsSigner.builder(OmsLab.KEY).shardSize(size).build().sign(model);
        Verdict<OmsModel> verdict = OmsLab.verify(model, bundle);
        assertThat(verdict.accepted()).as(verdict.checks().toString()).isTrue();
        Files.writeString(model.resolve("config.json"), "{} ");
        assertThat(OmsLab.failed(OmsLab.verify(model, bundle))).containsExactly("oms.files");
    }

    @Test
    void partsAreNumberedByTheirOffsets() throws Exception {
        Files.write(model.resolve("model.safetensors"), new byte[20]);
        Bytes bundle = OmsSigner.builder(OmsLab.KEY).shardSize(8).build().sign(model);
        assertThat(statement(bundle).at("/predicate/resources").findValuesAsText("name"))
                .contains("model.safetensors:0:8", "model.safetensors:8:16", "model.safetensors:16:20");
        assertThat(statement(bundle).at("/predicate/serialization/shard_size").asInt())
                .isEqualTo(8);
    }

    @Test
    void whatIsLeftOutIsWrittenDown() throws Exception {
        Files.writeString(model.resolve("notes"), "mine");
        Files.createDirectory(model.resolve(".git"));
        Files.writeString(model.resolve(".git/HEAD"), "x");
        Path signature = model.resolve("model.sig");
        OmsSigner.builder(OmsLab.KEY).ignore("notes").build().sign(model, signature);
        Bytes bundle = Bytes.of(Files.readAllBytes(signature));
        assertThat(OmsLab.serialization(statement(bundle)).get("ignore_paths"))
                .extracting(p -> p.asText())
                .containsExactly(".git", ".gitattributes", ".github", ".gitignore", "model.sig", "notes");
        assertThat(OmsLab.verify(model, bundle).orElseThrow().value().unsigned())
                .containsExactly("model.sig", "notes");
        assertThat(OmsLab.byKey(OmsLab.KEY)
                        .build()
                        .verify(model, signature, OmsPolicy.standard())
                        .orElseThrow()
                        .value()
                        .unsigned())
                .containsExactly("notes");
    }

    @Test
    void aModelMayBeOneFile() throws Exception {
        Path file = model.resolve("model.safetensors");
        Bytes bundle = OmsLab.signed(file);
        assertThat(OmsLab.verify(file, bundle).orElseThrow().value().files()).containsExactly("model.safetensors");
        Path renamed = Files.copy(file, temporary.resolve("other.safetensors"));
        assertThat(OmsLab.failed(OmsLab.verify(renamed, bundle))).containsExactly("oms.files");
    }

    @Test
    void oneFileCalledByADotIsTheFileWhoseNameTheSubjectHas() throws Exception {
        Path file = model.resolve("model.safetensors");
        Bytes old =
                OmsLab.restated(OmsLab.signed(file), s -> OmsLab.resource(s, 0).put("name", "."));
        assertThat(OmsLab.verify(file, old).accepted()).isTrue();
        Path alone = Files.createDirectory(temporary.resolve("alone"));
        Files.copy(file, alone.resolve("model.safetensors"));
        assertThat(OmsLab.verify(alone, old).accepted()).isTrue();
        Files.move(alone.resolve("model.safetensors"), alone.resolve("other.safetensors"));
        assertThat(OmsLab.failed(OmsLab.verify(alone, old))).containsExactly("oms.files");
        assertThat(OmsLab.failed(OmsLab.verify(model, old))).containsExactly("oms.files");
    }

    @Test
    void filesThatWereHashedBeforeAreSignedAndJudgedWithoutReadingThem() throws Exception {
        FolderDigest files = FolderDigest.of(model);
        Bytes bundle = OmsSigner.sign("adapter", files, OmsLab.KEY, Set.of("claims.jsonl", "evidence"));
        assertThat(OmsLab.verify(model, bundle).accepted()).isTrue();
        OmsVerifier verifier = OmsLab.byKey(OmsLab.KEY).build();
        OmsModel accepted = verifier.verify(files, bundle, OmsPolicy.standard())
                .orElseThrow()
                .value();
        assertThat(accepted.root()).isEqualTo(files.omsRoot());
        Files.writeString(model.resolve("config.json"), "changed");
        assertThat(OmsLab.failed(verifier.verify(FolderDigest.of(model), bundle, OmsPolicy.standard())))
                .containsExactly("oms.files");
        Bytes parts = OmsSigner.builder(OmsLab.KEY).shardSize(8).build().sign(model);
        assertThat(OmsLab.failed(verifier.verify(FolderDigest.of(model), parts, OmsPolicy.standard())))
                .containsExactly("oms.files");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OmsSigner.sign("adapter", files, OmsLab.KEY, Set.of("sub")))
                .withMessageContaining("sub/part");
    }

    @Test
    void aModelWithALinkOrWithoutContentIsNotSigned() throws Exception {
        Files.createSymbolicLink(model.resolve("link"), model.resolve("config.json"));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> OmsLab.signed(model))
                .withMessageContaining("a symbolic link");
        Path empty = Files.createDirectory(temporary.resolve("empty"));
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> OmsLab.signed(empty));
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.bin", "/abs", "../up", "a/./b", "a//b", "a/", "", "a?", "[ab]", "a\\b"})
    void ignoredPathsAreExact(String path) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OmsSigner.builder(OmsLab.KEY).ignore(path));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OmsPolicy.builder().ignore(path));
    }

    @Test
    void nothingIsLeftBehindBesideTheSignature() throws Exception {
        Path signature = temporary.resolve("out.sig");
        OmsSigner.builder(OmsLab.KEY).build().sign(model, signature);
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).containsExactlyInAnyOrder(model, signature);
        }
    }

    private Verdict<OmsModel> withCertificate(Instant at, CertificateLab lab, KeyPair signer, Bytes leaf)
            throws Exception {
        Bytes bundle = OmsSigner.builder(CertificateLab.key(signer))
                .certificates(List.of(leaf, lab.between()))
                .build()
                .sign(model);
        return OmsVerifier.ofAuthorities(List.of(lab.root()))
                .clock(Clock.fixed(at, ZoneOffset.UTC))
                .build()
                .verify(model, bundle, OmsPolicy.standard());
    }

    @Test
    void aCertificateIsTakenWithinItsTime() throws Exception {
        CertificateLab lab = new CertificateLab();
        KeyPair signer = CertificateLab.signer();
        Bytes leaf = lab.leaf(signer);
        assertThat(withCertificate(CertificateLab.WITHIN, lab, signer, leaf).accepted())
                .isTrue();
        for (Instant at : List.of(CertificateLab.FROM.minusSeconds(1), CertificateLab.TO.plusSeconds(1))) {
            Verdict<OmsModel> verdict = withCertificate(at, lab, signer, leaf);
            assertThat(OmsLab.failed(verdict)).containsExactly("oms.chain");
            assertThat(OmsLab.result(verdict, OmsChecks.CHAIN).detail()).contains("validity at " + at);
        }
    }

    @Test
    void aCertificateForAnotherUseIsRefused() throws Exception {
        CertificateLab lab = new CertificateLab();
        KeyPair signer = CertificateLab.signer();
        Bytes usage = lab.leaf(
                signer, KeyUsage.keyAgreement, KeyPurposeId.id_kp_codeSigning, CertificateLab.FROM, CertificateLab.TO);
        Bytes purpose = lab.leaf(
                signer,
                KeyUsage.digitalSignature,
                KeyPurposeId.id_kp_serverAuth,
                CertificateLab.FROM,
                CertificateLab.TO);
        for (Bytes leaf : List.of(usage, purpose)) {
            assertThat(OmsLab.failed(withCertificate(CertificateLab.WITHIN, lab, signer, leaf)))
                    .containsExactly("oms.chain");
        }
    }

    @Test
    void aSignersCertificateIsNoAuthority() throws Exception {
        CertificateLab lab = new CertificateLab();
        KeyPair signer = CertificateLab.signer();
        Bytes bundle = OmsSigner.builder(CertificateLab.key(signer))
                .certificates(List.of(lab.leaf(signer), lab.between()))
                .build()
                .sign(model);
        Verdict<OmsModel> verdict = OmsVerifier.ofAuthorities(List.of(lab.leaf(CertificateLab.signer())))
                .clock(Clock.fixed(CertificateLab.WITHIN, ZoneOffset.UTC))
                .build()
                .verify(model, bundle, OmsPolicy.standard());
        assertThat(OmsLab.failed(verdict)).containsExactly("oms.chain");
    }

    @Test
    void theFirstCertificateIsTheKeys() throws Exception {
        CertificateLab lab = new CertificateLab();
        Bytes leaf = lab.leaf(CertificateLab.signer());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OmsSigner.builder(OmsLab.KEY).certificates(List.of(leaf)));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void certificatesThatVouchForEachOtherTakeNoTimeWithoutBound() throws Exception {
        CertificateLab lab = new CertificateLab();
        KeyPair signer = CertificateLab.signer();
        List<Bytes> chain = CertificateLab.chain(lab.leaf(signer));
        for (int i = 0; i < 9; i++) {
            chain.add(lab.betweenByItself());
        }
        Bytes bundle = OmsSigner.builder(CertificateLab.key(signer))
                .certificates(chain)
                .build()
                .sign(model);
        Verdict<OmsModel> verdict = OmsVerifier.ofAuthorities(List.of(lab.root()))
                .clock(Clock.fixed(CertificateLab.WITHIN, ZoneOffset.UTC))
                .build()
                .verify(model, bundle, OmsPolicy.standard());
        assertThat(OmsLab.failed(verdict)).containsExactly("oms.chain");
    }
}
