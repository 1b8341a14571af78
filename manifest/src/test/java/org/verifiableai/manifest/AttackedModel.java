package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.oms.OmsPolicy;
import org.verifiableai.manifest.oms.OmsSigner;
import org.verifiableai.manifest.oms.OmsVerifier;
import org.verifiableai.manifest.signing.SigningKey;

/** A model with a sound manifest, and what an attacker does to it. The attacker has the key where an attack needs it. */
final class AttackedModel {

    static final String WEIGHTS = "adapter_model.safetensors";
    static final String CONFIG = "adapter_config.json";
    static final String CARD = "README.md";

    private static final ObjectMapper JSON = new ObjectMapper();

    final Path folder;

    /** A folder that is no part of the model. */
    final Path outside;

    final SigningKey key = SigningKey.generate();

    private AttackedModel(Path folder, Path outside) {
        this.folder = folder;
        this.outside = outside;
    }

    static AttackedModel in(Path parent) throws Exception {
        AttackedModel model = new AttackedModel(
                Files.createDirectories(parent.resolve("model")), Files.createDirectories(parent.resolve("outside")));
        Lab.train(model.folder);
        model.sign();
        return model;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    void write(String name, String content) throws IOException {
        Files.writeString(file(name), content);
    }

    /** Has the machine vouch for whatever lies in the folder by now. */
    void sign() throws Exception {
        sign(Samples.job().build(), Lab.MACHINE, builder -> builder.gpu(Lab.GPU));
    }

    void signOn(SoftwareSnpPlatform machine) throws Exception {
        sign(Samples.job().build(), machine, builder -> builder.gpu(Lab.GPU));
    }

    void sign(Job job, SoftwareSnpPlatform machine, UnaryOperator<ManifestSigner.Builder> more) throws Exception {
        more.apply(ManifestSigner.builder(job, machine).key(key)).attest().sign(folder);
    }

    AttackTrial.Finding verify() throws Exception {
        return verify(Lab.policy());
    }

    AttackTrial.Finding verify(ProvenancePolicy.Builder policy) throws Exception {
        return verify(Lab.verifier(), policy);
    }

    AttackTrial.Finding verify(ProvenanceVerifier verifier, ProvenancePolicy.Builder policy) throws Exception {
        return AttackTrial.Finding.of(verifier.verify(folder, policy.build()));
    }

    ObjectNode statement() throws Exception {
        return object(new ManifestFolder(folder).manifest().payload());
    }

    /** Changes the statement and signs it again; the report stays as it is. */
    void restate(Consumer<ObjectNode> change) throws Exception {
        Lab.rewrite(folder, key, change);
    }

    /** Changes what stands around the statement. */
    void rewrap(Consumer<ObjectNode> change) throws Exception {
        Lab.rewrap(folder, change);
    }

    /** Changes the signature in the envelope. */
    void resign(UnaryOperator<Bytes> change) throws Exception {
        rewrap(bundle -> {
            ObjectNode signature = (ObjectNode) bundle.at("/dsseEnvelope/signatures/0");
            Bytes der = Bytes.of(Base64.getDecoder().decode(signature.get("sig").asText()));
            signature.put("sig", change.apply(der).base64());
        });
    }

    /** Replaces the bytes of the bundle. */
    void rewriteBundle(UnaryOperator<Bytes> change) throws Exception {
        Bytes content = Bytes.of(Files.readAllBytes(file(ManifestFolder.CLAIMS)));
        int end = new String(content.toByteArray(), StandardCharsets.ISO_8859_1).indexOf('\n');
        Bytes changed = change.apply(content.slice(0, end)).concat(content.slice(end, content.size()));
        Files.write(file(ManifestFolder.CLAIMS), changed.toByteArray());
    }

    /** Replaces the bytes of the statement and signs them. */
    void rewriteStatement(UnaryOperator<Bytes> change) throws Exception {
        Bytes payload = change.apply(new ManifestFolder(folder).manifest().payload());
        rewriteBundle(bundle -> Bytes.utf8(SignedManifest.sign(payload, key).toJson()));
    }

    /**
     * Has the machine vouch for the statement with a change: for any key that the manifest is said to have, and with what
     * any GPU answers.
     */
    void attest(Bytes spki, SigningKey signer, SoftwareGpu gpu, Consumer<ObjectNode> change) throws Exception {
        ObjectNode statement = statement();
        change.accept(statement);
        Bytes nonce = Bytes.fromHex(Lab.external(statement).get("nonce").asText());
        Bytes answer = Bytes.utf8(gpu.evidence(KeyBinding.gpuNonce(spki, nonce)).toJson());
        SnpEvidence report =
                Lab.MACHINE.report(KeyBinding.reportData(spki, nonce, Jcs.write(Lab.external(statement)), answer));
        place(statement, "tee/snp-report", report.report());
        place(statement, "tee/gpu-evidence", answer);
        place(statement, "key-binding", spki);
        seal(statement, spki, signer);
    }

    /** Puts another piece of evidence in the place of one. */
    void place(ObjectNode statement, String part, Bytes evidence) throws IOException {
        Files.write(file("evidence").resolve(evidence.sha256().hex()), evidence.toByteArray());
        Lab.byproduct(statement, part)
                .withObjectProperty("digest")
                .put("sha256", evidence.sha256().hex());
    }

    /** Signs a statement and closes it, and takes away the signature for other tools, which could only say otherwise. */
    void seal(ObjectNode statement, Bytes spki, SigningKey signer) throws Exception {
        Files.deleteIfExists(file(OmsSigner.FILE_NAME));
        SignedManifest manifest = SignedManifest.sign(Jcs.write(statement), signer);
        List<EvidenceFile> last =
                ManifestEvidence.files(Lab.MACHINE.report(KeyBinding.closingData(spki, manifest.digest())));
        ClosingClaim closing = new ClosingClaim(
                manifest.digest(), last.stream().map(EvidenceFile::reference).toList());
        List<Bytes> pieces = new ArrayList<>(List.of(spki));
        last.forEach(piece -> pieces.add(piece.content()));
        new ManifestFolder(folder)
                .write(
                        manifest,
                        List.of(Claim.read(Bytes.utf8(
                                SignedManifest.sign(closing.payload(), signer).toJson()))),
                        pieces);
    }

    /** Signs the model as other tools do, and judges that signature over a statement with a change. */
    AttackTrial.Finding oms(Consumer<ObjectNode> change) throws Exception {
        Bytes genuine = OmsSigner.builder(key).build().sign(folder);
        ObjectNode statement = object(SigstoreBundle.parse(genuine, SigstoreBundle.Limits.MODEL)
                .envelope()
                .orElseThrow()
                .payload());
        change.accept(statement);
        DsseEnvelope envelope = DsseEnvelope.sign(SignedManifest.PAYLOAD_TYPE, Bytes.utf8(statement.toString()), key);
        return oms(Bytes.utf8(SigstoreBundle.ofKey(envelope).toJson()));
    }

    AttackTrial.Finding oms(Bytes bundle) throws Exception {
        return AttackTrial.Finding.of(
                OmsVerifier.ofPublicKey(key.spki()).build().verify(folder, bundle, OmsPolicy.standard()));
    }

    static ObjectNode object(Bytes json) throws IOException {
        return (ObjectNode) JSON.readTree(json.toByteArray());
    }

    /** Puts bytes behind the brace that begins an object. */
    static UnaryOperator<Bytes> beginning(Bytes more) {
        return json -> json.slice(0, 1).concat(more, json.slice(1, json.size()));
    }

    static UnaryOperator<Bytes> beginning(String more) {
        return beginning(Bytes.utf8(more));
    }

    /** Runs a program of the system. */
    static void run(String... command) throws Exception {
        if (new ProcessBuilder(command).start().waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    static Bytes bytes(ThrowingWriter writer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        writer.write(out);
        return Bytes.of(out.toByteArray());
    }

    /** Writes into memory. */
    @FunctionalInterface
    interface ThrowingWriter {
        void write(ByteArrayOutputStream out) throws IOException;
    }
}
