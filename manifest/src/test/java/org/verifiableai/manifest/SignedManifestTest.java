package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.PublicKeys;

class SignedManifestTest {

    private static SignedManifest manifest() {
        return SignedManifest.sign(Samples.provenance().payload(), Samples.KEY);
    }

    private static ObjectNode json() throws Exception {
        return (ObjectNode) new ObjectMapper().readTree(manifest().toJson());
    }

    @Test
    void whatIsWrittenIsWhatIsRead() throws Exception {
        SignedManifest read = SignedManifest.parse(Bytes.utf8(manifest().toJson()));
        assertThat(read).isEqualTo(manifest());
        assertThat(read.isSignedBy(Samples.KEY.publicKey())).isTrue();
        assertThat(read.provenance()).isEqualTo(Samples.provenance());
        assertThat(read.digest()).isEqualTo(Samples.provenance().manifestDigest());
        assertThat(read.hint()).isEqualTo(PublicKeys.hint(Samples.KEY.spki()));
        assertThat(read.toJson()).doesNotContain("\n");
    }

    static Stream<Arguments> variants() {
        return Stream.of(
                variant(j -> signature(j).put("keyid", "")),
                variant(j -> signature(j).putNull("keyid")),
                variant(j -> signature(j).remove("keyid")),
                variant(j -> signature(j).put("extra", 1)),
                variant(j -> j.put("extra", 1)),
                variant(j -> j.withObjectProperty("verificationMaterial").putArray("tlogEntries")));
    }

    private static Arguments variant(Consumer<ObjectNode> change) {
        return Arguments.of(change);
    }

    @ParameterizedTest
    @MethodSource("variants")
    void whatTheFormatLeavesOpenIsTaken(Consumer<ObjectNode> change) throws Exception {
        ObjectNode json = json();
        change.accept(json);
        assertThat(SignedManifest.parse(Bytes.utf8(json.toString())).provenance())
                .isEqualTo(Samples.provenance());
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect("mediaType", j -> j.put("mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1")),
                defect(
                        "a bare key's hint alone",
                        j -> j.withObjectProperty("verificationMaterial").putObject("certificate")),
                defect("a DSSE envelope alone", j -> j.putObject("messageSignature")),
                defect("hint", j -> j.withObjectProperty("verificationMaterial").putObject("publicKey")),
                defect("keyid", j -> signature(j).put("keyid", "other")),
                defect("payloadType", j -> j.withObjectProperty("dsseEnvelope").put("payloadType", "text/plain")),
                defect(
                        "an array of at most 1",
                        j -> ((ArrayNode) j.get("dsseEnvelope").get("signatures"))
                                .add(signature(j).deepCopy())),
                defect(
                        "exactly one signature",
                        j -> j.withObjectProperty("dsseEnvelope").putArray("signatures")),
                defect(
                        "base64",
                        j -> signature(j).put("sig", signature(j).get("sig").asText() + "\n")),
                defect("at most 1024", j -> signature(j).put("sig", "A".repeat(1028))),
                defect(
                        "at most 1048576 bytes",
                        j -> j.withObjectProperty("dsseEnvelope")
                                .put("payload", Bytes.zeros((1 << 20) + 1).base64())));
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
                .isThrownBy(() -> SignedManifest.parse(Bytes.utf8(json.toString())))
                .withMessageContaining(message);
    }

    @Test
    void aBundleAboveTheLimitIsRefused() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SignedManifest.parse(Bytes.zeros(SignedManifest.MAX_SIZE + 1)))
                .withMessageContaining("at most 2097152 bytes");
    }

    // The hint of a bundle that another tool wrote over a key whose file has a text preamble.
    @ParameterizedTest
    @ValueSource(strings = {"oms/v1.1.0-elliptic-key/model.sig"})
    void theHintIsTheOneThatTheReferenceImplementationWrites(String name) throws Exception {
        String pem = Files.readString(VectorFiles.path("oms/keys/signing-key-pub.pem"));
        String body = pem.substring(pem.indexOf("-----BEGIN")).replaceAll("-----[A-Z ]+-----|\\s", "");
        Bytes spki = Bytes.of(java.util.Base64.getDecoder().decode(body));
        SignedManifest read = SignedManifest.parse(VectorFiles.bytes(name));
        assertThat(read.hint()).isEqualTo(PublicKeys.hint(spki));
        assertThat(read.isSignedBy(
                        org.verifiableai.attestation.SignatureEngine.standard().key(spki)))
                .isTrue();
    }

    private static ObjectNode signature(ObjectNode bundle) {
        return (ObjectNode) bundle.get("dsseEnvelope").get("signatures").get(0);
    }
}
