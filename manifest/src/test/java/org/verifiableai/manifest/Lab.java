package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.signing.SigningKey;

/** A confidential machine made of software, the training job that runs on it, and a relying party that trusts both. */
final class Lab {

    static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();

    static final SoftwareGpu GPU = NVIDIA.device(GpuArchitecture.HOPPER);

    private Lab() {}

    static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);

    static final SoftwareSnpPlatform MACHINE = AMD.platform(TcbVersion.of(10, 0, 23, 84));

    /** Another processor of the same maker with the same software. */
    static SoftwareSnpPlatform otherChip() {
        return AMD.platform(TcbVersion.of(10, 0, 23, 84));
    }

    static SnpEvidence brokenReport() {
        SnpEvidence sound = MACHINE.report(Bytes.zeros(64));
        return new SnpEvidence(Bytes.utf8("short"), sound.vek(), sound.authorities(), sound.revocationLists());
    }

    static ProvenanceVerifier verifier() {
        return verifier(Clock.systemUTC());
    }

    static ProvenanceVerifier verifier(Clock clock) {
        return ProvenanceVerifier.builder()
                .snp(SnpVerifier.builder()
                        .trustAnchors(AMD.trustAnchors())
                        .clock(clock)
                        .build())
                .gpu(GpuVerifier.builder()
                        .trustAnchors(NVIDIA.trustAnchors())
                        .clock(clock)
                        .build())
                .build();
    }

    static SnpPolicy.Builder snpPolicy() {
        return SnpPolicy.builder().measurement(MACHINE.measurement());
    }

    static GpuPolicy.Builder gpuPolicy() {
        return GpuPolicy.builder().withoutReferenceValues("test").withoutRevocation("test");
    }

    static ProvenancePolicy.Builder policy() {
        return policyOn(Samples.baseModel().digest());
    }

    static ProvenancePolicy.Builder policyOn(Bytes baseModel) {
        return policy(baseModel, Samples.dataSet().sha256());
    }

    static ProvenancePolicy.Builder policy(Bytes baseModel, Bytes dataSet) {
        return ProvenancePolicy.builder()
                .snp(snpPolicy())
                .gpu(gpuPolicy())
                .withoutCcStatement("test")
                .nonce(Samples.NONCE)
                .baseModel(baseModel)
                .dataSet(dataSet);
    }

    /** An adapter such as training leaves behind. */
    static void train(Path folder) throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{\"base_model_name_or_path\":\"org/tiny\",\"r\":8}");
        Files.write(
                folder.resolve("adapter_model.safetensors"),
                safetensors("delta").toByteArray());
        Files.writeString(folder.resolve("README.md"), "a card");
    }

    /** A safetensors file with one tensor of bytes. */
    static Bytes safetensors(String content) {
        Bytes data = Bytes.utf8(content);
        Bytes header = Bytes.utf8(
                "{\"w\":{\"dtype\":\"U8\",\"shape\":[" + data.size() + "],\"data_offsets\":[0," + data.size() + "]}}");
        byte[] length = new byte[8];
        length[0] = (byte) header.size();
        return Bytes.of(length).concat(header, data);
    }

    /** Replaces the manifest in {@code folder} by one with a changed statement, signed and closed by {@code key}. */
    static void rewrite(Path folder, SigningKey key, Consumer<ObjectNode> change) throws Exception {
        rewrite(folder, key, MACHINE, change);
    }

    static void rewrite(Path folder, SigningKey key, SoftwareSnpPlatform machine, Consumer<ObjectNode> change)
            throws Exception {
        ManifestFolder manifests = new ManifestFolder(folder);
        ObjectNode statement = (ObjectNode)
                new ObjectMapper().readTree(manifests.manifest().payload().toByteArray());
        change.accept(statement);
        SignedManifest manifest = SignedManifest.sign(Jcs.write(statement), key);
        close(folder, manifest, key, key, machine.report(KeyBinding.closingData(key.spki(), manifest.digest())));
    }

    /** Writes a manifest and a claim that closes it, with any report and by any key. */
    static void close(Path folder, SignedManifest manifest, SigningKey key, SigningKey closer, SnpEvidence report)
            throws IOException {
        List<EvidenceFile> files = ManifestEvidence.files(report);
        ClosingClaim claim = new ClosingClaim(
                manifest.digest(), files.stream().map(EvidenceFile::reference).toList());
        List<Bytes> pieces = new ArrayList<>(List.of(key.spki()));
        files.forEach(file -> pieces.add(file.content()));
        Claim closing = Claim.read(
                Bytes.utf8(SignedManifest.sign(claim.payload(), closer).toJson()));
        new ManifestFolder(folder).write(manifest, List.of(closing), pieces);
    }

    /** Changes the bundle in {@code folder} and leaves the statement as it is. */
    static void rewrap(Path folder, Consumer<ObjectNode> change) throws IOException {
        Path claims = folder.resolve(ManifestFolder.CLAIMS);
        List<String> lines = new ArrayList<>(Files.readAllLines(claims));
        ObjectNode bundle = (ObjectNode) new ObjectMapper().readTree(lines.get(0));
        change.accept(bundle);
        lines.set(0, bundle.toString());
        Files.writeString(claims, String.join("\n", lines) + "\n");
    }

    /** Where a byproduct of the statement stands. */
    static ObjectNode byproduct(ObjectNode statement, String name) {
        for (var byproduct : statement.at("/predicate/runDetails/byproducts")) {
            if (byproduct.get("name").asText().equals(name)) {
                return (ObjectNode) byproduct;
            }
        }
        throw new IllegalArgumentException("no byproduct " + name);
    }

    static ObjectNode external(ObjectNode statement) {
        return (ObjectNode) statement.at("/predicate/buildDefinition/externalParameters");
    }

    /** The signature of a bundle, in base64. */
    static String signature(SignedManifest manifest) {
        try {
            return new ObjectMapper()
                    .readTree(manifest.toJson())
                    .at("/dsseEnvelope/signatures/0/sig")
                    .asText();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
