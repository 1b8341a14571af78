package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.VectorFiles;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle.Limits;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.CertificateChain;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.Keyless;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.LegacyPublicKey;
import org.verifiableai.manifest.internal.envelope.VerificationMaterial.PublicKeyHint;

class SigstoreBundleTest {

    private static final Bytes PAYLOAD = Bytes.utf8("{}");
    private static final DsseEnvelope ENVELOPE = new DsseEnvelope("text/x", PAYLOAD, "hint", Bytes.utf8("signature"));

    private static ObjectNode json() throws Exception {
        return (ObjectNode)
                new ObjectMapper().readTree(SigstoreBundle.ofKey(ENVELOPE).toJson());
    }

    private static ObjectNode material(ObjectNode json) {
        return json.withObjectProperty("verificationMaterial");
    }

    private static ObjectNode key(ObjectNode json) {
        return material(json).withObjectProperty("publicKey");
    }

    private static SigstoreBundle parse(Object json) throws MalformedEvidenceException {
        return SigstoreBundle.parse(Bytes.utf8(json.toString()), Limits.MANIFEST);
    }

    @Test
    void whatIsWrittenIsWhatIsRead() throws Exception {
        SigstoreBundle key = SigstoreBundle.ofKey(ENVELOPE);
        assertThat(parse(key.toJson())).isEqualTo(key);
        SigstoreBundle chain =
                SigstoreBundle.ofCertificates(ENVELOPE, List.of(Bytes.utf8("leaf"), Bytes.utf8("authority")));
        assertThat(parse(chain.toJson())).isEqualTo(chain);
        assertThat(chain.toJson()).doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/vnd.dev.sigstore.bundle+json;version=0.1",
                "application/vnd.dev.sigstore.bundle+json;version=0.2",
                "application/vnd.dev.sigstore.bundle+json;version=0.3",
                "application/vnd.dev.sigstore.bundle.v0.3+json"
            })
    void everyMediaTypeUpToTheThirdVersionIsRead(String mediaType) throws Exception {
        assertThat(parse(json().put("mediaType", mediaType)).mediaType()).isEqualTo(mediaType);
    }

    @Test
    void eachKindOfMaterialIsRead() throws Exception {
        ObjectNode legacy = json();
        key(legacy).remove("hint");
        key(legacy).put("rawBytes", Bytes.utf8("key").base64()).put("keyDetails", "PKIX_ECDSA_P384_SHA_384");
        assertThat(parse(legacy).material())
                .isEqualTo(new LegacyPublicKey(Bytes.utf8("key"), "PKIX_ECDSA_P384_SHA_384"));
        key(legacy).remove("keyDetails");
        assertThat(parse(legacy).material()).isEqualTo(new LegacyPublicKey(Bytes.utf8("key"), ""));

        ObjectNode keyless = json();
        material(keyless).remove("publicKey");
        material(keyless)
                .putObject("certificate")
                .put("rawBytes", Bytes.utf8("der").base64());
        material(keyless).putArray("tlogEntries").addObject().put("logIndex", "1");
        material(keyless)
                .putObject("timestampVerificationData")
                .putArray("rfc3161Timestamps")
                .addObject();
        SigstoreBundle read = parse(keyless);
        assertThat(read.material()).isEqualTo(new Keyless(Bytes.utf8("der")));
        assertThat(read.logEntries()).isEqualTo(1);
        assertThat(read.timestamps()).isEqualTo(1);
    }

    @Test
    void aMessageSignatureIsRead() throws Exception {
        ObjectNode json = json();
        json.remove("dsseEnvelope");
        ObjectNode message = json.putObject("messageSignature");
        message.put("signature", Bytes.utf8("sig").base64());
        assertThat(parse(json).content())
                .isEqualTo(new SigstoreBundle.MessageSignature("", Bytes.EMPTY, Bytes.utf8("sig")));
        message.putObject("messageDigest")
                .put("algorithm", "SHA2_256")
                .put("digest", Bytes.zeros(32).base64());
        SigstoreBundle read = parse(json);
        assertThat(read.content())
                .isEqualTo(new SigstoreBundle.MessageSignature("SHA2_256", Bytes.zeros(32), Bytes.utf8("sig")));
        assertThat(read.envelope()).isEmpty();
    }

    @Test
    void whatTheFormatLeavesOpenIsTaken() throws Exception {
        ObjectNode json = json();
        json.put("later", 1);
        material(json).put("later", 1).putNull("certificate");
        key(json).put("rawBytes", "beside a hint a key says nothing");
        json.withObjectProperty("dsseEnvelope").put("later", 1);
        assertThat(parse(json)).isEqualTo(SigstoreBundle.ofKey(ENVELOPE));
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect("mediaType", j -> j.put("mediaType", "application/vnd.dev.sigstore.bundle.v0.4+json")),
                defect("mediaType", j -> j.remove("mediaType")),
                defect("found none", j -> material(j).remove("publicKey")),
                defect(
                        "found publicKey and x509CertificateChain",
                        j -> material(j).putObject("x509CertificateChain")),
                defect("found publicKey and certificate", j -> material(j).putObject("certificate")),
                defect("publicKey.hint", j -> key(j).remove("hint")),
                defect("1 to 1024 characters", j -> key(j).put("hint", "")),
                defect("1 to 1024 characters", j -> key(j).put("hint", "h".repeat(1025))),
                defect("rawBytes", j -> {
                    key(j).remove("hint");
                    key(j).put("rawBytes", Bytes.zeros((16 << 10) + 3).base64());
                }),
                defect(
                        "keyid: expected empty or hint, found other",
                        j -> ((ObjectNode) j.withObjectProperty("dsseEnvelope")
                                        .get("signatures")
                                        .get(0))
                                .put("keyid", "other")),
                defect("found neither", j -> j.remove("dsseEnvelope")),
                defect("found both", j -> j.putObject("messageSignature")),
                defect("at least one certificate", j -> {
                    material(j).remove("publicKey");
                    material(j).putObject("x509CertificateChain").putArray("certificates");
                }),
                defect("an array of at most 10", j -> {
                    material(j).remove("publicKey");
                    var chain = material(j).putObject("x509CertificateChain").putArray("certificates");
                    for (int i = 0; i < 11; i++) {
                        chain.addObject().put("rawBytes", "AAAA");
                    }
                }),
                defect("1 to 65536 bytes", j -> {
                    material(j).remove("publicKey");
                    material(j).putObject("certificate").put("rawBytes", "");
                }),
                defect("tlogEntries", j -> material(j).put("tlogEntries", "none")),
                defect(
                        "rfc3161Timestamps",
                        j -> material(j).putObject("timestampVerificationData").put("rfc3161Timestamps", 1)));
    }

    private static Arguments defect(String message, Consumer<ObjectNode> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest
    @MethodSource("defects")
    void aBundleWithADefectIsRefused(String message, Consumer<ObjectNode> change) throws Exception {
        ObjectNode json = json();
        change.accept(json);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> parse(json))
                .withMessageContaining(message);
    }

    @Test
    void theLimitsAreTheCallers() throws Exception {
        Bytes bundle = Bytes.utf8(json().toString());
        assertThat(SigstoreBundle.parse(bundle, new Limits(bundle.size(), PAYLOAD.size())))
                .isEqualTo(SigstoreBundle.ofKey(ENVELOPE));
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SigstoreBundle.parse(bundle, new Limits(bundle.size() - 1, PAYLOAD.size())))
                .withMessageContaining("at most " + (bundle.size() - 1) + " bytes");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SigstoreBundle.parse(bundle, new Limits(bundle.size(), PAYLOAD.size() - 1)))
                .withMessageContaining("payload");
    }

    @Test
    void whatIsNotKeptIsNotWritten() {
        for (VerificationMaterial material :
                List.of(new Keyless(Bytes.zeros(1)), new LegacyPublicKey(Bytes.zeros(1), ""))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> SigstoreBundle.of(material, ENVELOPE).toJson());
        }
        var content = new SigstoreBundle.Enveloped(ENVELOPE);
        var hint = new PublicKeyHint("hint");
        assertThatIllegalStateException()
                .isThrownBy(() -> new SigstoreBundle(SigstoreBundle.MEDIA_TYPE, hint, content, 1, 0).toJson());
        assertThatIllegalStateException()
                .isThrownBy(() -> new SigstoreBundle(SigstoreBundle.MEDIA_TYPE, hint, content, 0, 1).toJson());
        var message = new SigstoreBundle.MessageSignature("", Bytes.EMPTY, Bytes.zeros(1));
        assertThatIllegalStateException()
                .isThrownBy(() -> new SigstoreBundle(SigstoreBundle.MEDIA_TYPE, hint, message, 0, 0).toJson());
        assertThatIllegalArgumentException().isThrownBy(() -> new CertificateChain(List.of()));
    }

    @Test
    void theBundlesOfOtherToolsAreRead() throws Exception {
        int read = 0;
        for (Path file : bundles()) {
            SigstoreBundle.parse(Bytes.of(Files.readAllBytes(file)), Limits.MODEL);
            read++;
        }
        assertThat(read).isGreaterThanOrEqualTo(13);
    }

    private static List<Path> bundles() throws Exception {
        try (Stream<Path> files = Files.walk(VectorFiles.path(""))) {
            return files.filter(f -> f.toString().matches(".*/(sigstore-bundles/.*sigstore.*|oms/v[^/]*/model\\.sig)"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }
}
