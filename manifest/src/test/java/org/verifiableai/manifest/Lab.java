package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.verifiableai.attestation.Bytes;
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

    private static final SoftwareNvidia NVIDIA = SoftwareNvidia.create();

    static final SoftwareGpu GPU = NVIDIA.device(GpuArchitecture.HOPPER);

    private Lab() {}

    private static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.GENOA);

    static final SoftwareSnpPlatform MACHINE = AMD.platform(TcbVersion.of(10, 0, 23, 84));

    static SnpEvidence brokenReport() {
        SnpEvidence sound = MACHINE.report(Bytes.zeros(64));
        return new SnpEvidence(Bytes.utf8("short"), sound.vek(), sound.authorities(), sound.revocationLists());
    }

    static ProvenanceVerifier verifier() {
        return ProvenanceVerifier.builder()
                .snp(SnpVerifier.builder().trustAnchors(AMD.trustAnchors()).build())
                .gpu(GpuVerifier.builder().trustAnchors(NVIDIA.trustAnchors()).build())
                .build();
    }

    static SnpPolicy.Builder snpPolicy() {
        return SnpPolicy.builder().measurement(MACHINE.measurement());
    }

    static GpuPolicy.Builder gpuPolicy() {
        return GpuPolicy.builder().withoutReferenceValues("test").withoutRevocation("test");
    }

    static ProvenancePolicy.Builder policy() {
        return ProvenancePolicy.builder()
                .snp(snpPolicy())
                .gpu(gpuPolicy())
                .nonce(Samples.NONCE)
                .baseModel(Samples.baseModel().digest());
    }

    /** An adapter such as training leaves behind. */
    static void train(Path folder) throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{\"r\":8}");
        Files.writeString(folder.resolve("adapter_model.safetensors"), "delta");
        Files.writeString(folder.resolve("README.md"), "a card");
    }

    /** Replaces the manifest in {@code folder} by one with a changed statement, signed by {@code key}. */
    static void rewrite(Path folder, SigningKey key, Consumer<ObjectNode> change) throws Exception {
        ManifestFolder manifests = new ManifestFolder(folder);
        ObjectNode statement = (ObjectNode)
                new ObjectMapper().readTree(manifests.manifest().payload().toByteArray());
        change.accept(statement);
        manifests.write(SignedManifest.sign(Jcs.write(statement), key), List.of(key.spki()));
    }

    /** Changes the bundle in {@code folder} and leaves the statement as it is. */
    static void rewrap(Path folder, Consumer<ObjectNode> change) throws IOException {
        Path claims = folder.resolve(ManifestFolder.CLAIMS);
        ObjectNode bundle = (ObjectNode) new ObjectMapper().readTree(Files.readString(claims));
        change.accept(bundle);
        Files.writeString(claims, bundle + "\n");
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
}
