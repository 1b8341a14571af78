package org.verifiableai.manifest.oms;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.Consumer;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.signing.SigningKey;

/** A model, its signer, and signatures with a change. */
final class OmsLab {

    static final SigningKey KEY = SigningKey.generate(SignatureAlgorithm.ECDSA_P256_SHA256, new SecureRandom());
    static final SigningKey OTHER = SigningKey.generate(SignatureAlgorithm.ECDSA_P256_SHA256, new SecureRandom());

    private OmsLab() {}

    /** Files of a small model in {@code folder}. */
    static Path model(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("sub"));
        Files.writeString(folder.resolve("config.json"), "{}");
        Files.writeString(folder.resolve("model.safetensors"), "weights");
        Files.writeString(folder.resolve("sub/part"), "part");
        return folder;
    }

    static Bytes signed(Path model) throws Exception {
        return OmsSigner.builder(KEY).build().sign(model);
    }

    /** A signature by {@link #KEY} over the statement of {@code bundle} with a change. */
    static Bytes restated(Bytes bundle, Consumer<ObjectNode> change) throws Exception {
        ObjectNode statement = object(SigstoreBundle.parse(bundle, SigstoreBundle.Limits.MODEL)
                .envelope()
                .orElseThrow()
                .payload());
        change.accept(statement);
        return enveloped(Bytes.utf8(statement.toString()), KEY);
    }

    static Bytes enveloped(Bytes payload, SigningKey key) {
        return Bytes.utf8(SigstoreBundle.ofKey(DsseEnvelope.sign(OmsStatement.PAYLOAD_TYPE, payload, key))
                .toJson());
    }

    /** {@code bundle} with a change that its signature does not see. */
    static Bytes rewrapped(Bytes bundle, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = object(bundle);
        change.accept(json);
        return Bytes.utf8(json.toString());
    }

    static ObjectNode object(Bytes json) throws IOException {
        return (ObjectNode) new ObjectMapper().readTree(json.toByteArray());
    }

    static ObjectNode serialization(ObjectNode statement) {
        return (ObjectNode) statement.at("/predicate/serialization");
    }

    static ObjectNode resource(ObjectNode statement, int index) {
        return (ObjectNode) statement.at("/predicate/resources/" + index);
    }

    static OmsVerifier.Builder byKey(SigningKey key) {
        try {
            return OmsVerifier.ofPublicKey(key.spki());
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }

    static Verdict<OmsModel> verify(Path model, Bytes bundle) throws Exception {
        return byKey(KEY).build().verify(model, bundle, OmsPolicy.standard());
    }

    static List<String> failed(Verdict<?> verdict) {
        return verdict.failures().stream().map(c -> c.id().name()).toList();
    }

    static CheckResult result(Verdict<?> verdict, org.verifiableai.attestation.CheckId id) {
        return verdict.checks().stream()
                .filter(c -> c.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
