package org.verifiableai.chain.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verified;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuPolicy;
import org.verifiableai.attestation.nvidia.GpuVerifier;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpVerifier;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;
import org.verifiableai.chain.devnet.Devnet;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.ProvenanceVerifier;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.signing.SigningKey;

/** What a verifier accepted gets into the registry, and the client and the contract mean the same calls. */
class VerifiedProvenanceTest {

    @TempDir
    Path folder;

    @Test
    void verifiedProvenanceIsPublishedOnce() throws Exception {
        Verified<Provenance> verified = verifiedProvenance();
        Bytes model = verified.value().modelDigest();
        Bytes manifest = verified.value().manifestDigest();
        try (Devnet devnet = Devnet.start()) {
            ChainConnection chain = ChainConnection.connect(devnet.service(), devnet.chainId());
            var account = devnet.newAccount();
            ProvenanceRegistry registry = ProvenanceRegistry.deploy(chain, account);
            RegistryAccount publisher = registry.as(account);
            publisher.authorise(publisher.address());

            Publication first = publisher.publish(verified);
            Publication second = publisher.publish(verified);

            assertThat(first.transaction()).isPresent();
            assertThat(second.transaction()).isEmpty();
            assertThat(second.entry()).isEqualTo(first.entry());
            assertThat(first.entry().manifestDigest()).isEqualTo(manifest);
            assertThat(registry.lookup(publisher.address(), model)).isEqualTo(first.entry());
            assertThat(registry.verify(publisher.address(), model, manifest)).isEqualTo(ManifestStatus.PUBLISHED);
            assertThat(registry.list(0, 2)).containsExactly(new RegistryKey(publisher.address(), model));
        }
    }

    @Test
    void theContractDeclaresExactlyWhatTheClientEncodes() throws Exception {
        Set<String> functions = new TreeSet<>();
        Set<String> errors = new TreeSet<>();
        try (InputStream in = ProvenanceRegistry.class.getResourceAsStream("ProvenanceRegistry.abi.json")) {
            for (JsonNode part : new JsonMapper().readTree(in)) {
                if (part.path("type").asText().equals("function")) {
                    functions.add(signature(part));
                } else if (part.path("type").asText().equals("error")) {
                    errors.add(signature(part));
                }
            }
        }

        assertThat(functions)
                .containsExactlyInAnyOrder(
                        "acceptOwnership()",
                        "authorise(address)",
                        "entryCount()",
                        "isPublisher(address)",
                        "lookup(address,bytes32)",
                        "owner()",
                        "page(uint256,uint256)",
                        "pendingOwner()",
                        "publish(bytes32,bytes32)",
                        "revoke(bytes32,uint256,uint32)",
                        "supersede(bytes32,uint256,bytes32)",
                        "transferOwnership(address)",
                        "verify(address,bytes32,bytes32)",
                        "versionAt(address,bytes32,uint256)",
                        "withdraw(address)");
        assertThat(RegistryErrors.selectors())
                .containsExactlyInAnyOrderElementsOf(
                        errors.stream().map(Abi::selector).toList());
        // The selectors are in the code that is deployed, each behind a PUSH4.
        String code;
        try (InputStream in = ProvenanceRegistry.class.getResourceAsStream("ProvenanceRegistry.bin")) {
            code = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
        for (String function : functions) {
            assertThat(code).as(function).contains("63" + Abi.selector(function));
        }
    }

    private static String signature(JsonNode part) {
        StringBuilder types = new StringBuilder();
        for (JsonNode input : part.path("inputs")) {
            types.append(types.isEmpty() ? "" : ",").append(input.path("type").asText());
        }
        return part.path("name").asText() + "(" + types + ")";
    }

    private Verified<Provenance> verifiedProvenance() throws Exception {
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA);
        SoftwareSnpPlatform machine = amd.platform(TcbVersion.of(10, 0, 23, 84));
        SoftwareNvidia nvidia = SoftwareNvidia.create();
        SoftwareGpu gpu = nvidia.device(GpuArchitecture.HOPPER);
        Bytes nonce = Bytes.utf8("nonce").sha256();
        BaseModel base = new BaseModel(
                "pkg:huggingface/org/tiny@0123456789abcdef0123456789abcdef01234567",
                new FolderDigest(List.of(
                        new FileDigest("config.json", 10, Bytes.utf8("config").sha256()))));
        Files.writeString(folder.resolve("adapter_config.json"), "{\"r\":8}");
        Files.writeString(folder.resolve("adapter_model.safetensors"), "delta");
        ManifestSigner.builder(
                        Job.on(base)
                                .dataSet(new DataSet(
                                        "train",
                                        DataSet.JSONL,
                                        Bytes.utf8("data").sha256(),
                                        12))
                                .nonce(nonce)
                                .build(),
                        machine)
                .gpu(gpu)
                .key(SigningKey.generate())
                .attest()
                .sign(folder);
        return ProvenanceVerifier.builder()
                .snp(SnpVerifier.builder().trustAnchors(amd.trustAnchors()).build())
                .gpu(GpuVerifier.builder().trustAnchors(nvidia.trustAnchors()).build())
                .build()
                .verify(
                        folder,
                        ProvenancePolicy.builder()
                                .snp(SnpPolicy.builder().measurement(machine.measurement()))
                                .gpu(GpuPolicy.builder()
                                        .withoutReferenceValues("test")
                                        .withoutRevocation("test"))
                                .nonce(nonce)
                                .baseModel(base.digest())
                                .anyDataSet("test")
                                .anyWeights("test")
                                .withoutCcStatement("test")
                                .build())
                .orElseThrow();
    }
}
