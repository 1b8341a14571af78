package org.verifiableai.manifest.export;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.EvidenceReference;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.data.RecordTree;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.internal.json.Jcs;

/**
 * A manifest as a CycloneDX 1.6 machine-learning bill of materials, for tools that read those: the adapter with its files
 * and model card, the base model, the training data, and the run that made one of the others.
 *
 * <p>The same manifest gives the same bytes. The bill is unsigned, says less than the manifest, and proves nothing: whoever
 * needs to know verifies the manifest, whose digest it names. Digests of single files stand as CycloneDX hashes; those of
 * folders and of record trees, for which CycloneDX has no algorithm, stand as properties.
 */
public final class CycloneDx {

    private static final String ADAPTER = "adapter";
    private static final String BASE_MODEL = "base-model";
    private static final String DATA = "data:";
    private static final String PROPERTY = "verifiableai:";
    private static final String PURL = "pkg:";
    private static final String HUGGING_FACE = "pkg:huggingface/";
    private static final String MODEL_TYPE = "machine-learning-model";
    private static final int MAX_VERSION = 1024;

    private final Provenance provenance;
    private final Job job;

    private CycloneDx(Provenance provenance) {
        this.provenance = provenance;
        this.job = provenance.job();
    }

    /**
     * The bill of materials of a manifest, as JSON in canonical form (RFC 8785) without a line end.
     *
     * @param provenance what the manifest states; whether it is to be believed is not asked here
     */
    public static Bytes write(Provenance provenance) {
        return Jcs.write(new CycloneDx(provenance).bom());
    }

    private ObjectNode bom() {
        ObjectNode bom = JsonNodeFactory.instance.objectNode();
        bom.put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
                .put("bomFormat", "CycloneDX")
                .put("specVersion", "1.6")
                .put("serialNumber", "urn:uuid:" + serialNumber(provenance.manifestDigest()))
                .put("version", 1);
        ObjectNode metadata = bom.putObject("metadata")
                .put("timestamp", provenance.finishedOn().toString());
        metadata.putArray("lifecycles").addObject().put("phase", "build");
        writeAdapter(metadata.putObject("component"));
        ArrayNode components = bom.putArray("components");
        writeBaseModel(components.addObject());
        for (DataSet set : job.dataSets()) {
            writeData(set, components.addObject());
        }
        ArrayNode dependsOn = bom.putArray("dependencies")
                .addObject()
                .put("ref", ADAPTER)
                .putArray("dependsOn")
                .add(BASE_MODEL);
        job.dataSets().forEach(set -> dependsOn.add(DATA + set.name()));
        writeFormula(bom.putArray("formulation").addObject());
        writeReferences(bom.putArray("externalReferences"));
        ArrayNode properties = bom.putArray("properties");
        property(properties, "manifest-sha256", provenance.manifestDigest().hex());
        property(properties, "key-sha256", provenance.key().fingerprint().hex());
        return bom;
    }

    private void writeAdapter(ObjectNode adapter) {
        adapter.put("type", MODEL_TYPE)
                .put("bom-ref", ADAPTER)
                .put("name", ADAPTER)
                .put("description", "LoRA adapter");
        ObjectNode card = adapter.putObject("modelCard");
        ArrayNode data = card.putObject("modelParameters").putArray("datasets");
        job.dataSets().forEach(set -> data.addObject().put("ref", DATA + set.name()));
        ArrayNode hyper = card.putArray("properties");
        job.hyperParameters().forEach((name, value) -> property(hyper, "hyper-parameter:" + name, value));
        writeFiles(provenance.adapter(), adapter);
    }

    private void writeBaseModel(ObjectNode base) {
        BaseModel model = job.baseModel();
        base.put("type", MODEL_TYPE).put("bom-ref", BASE_MODEL);
        if (model.uri().startsWith(HUGGING_FACE)) {
            // BaseModel has seen to the form: org/name@commit.
            String name = model.uri().substring(HUGGING_FACE.length());
            int slash = name.indexOf('/');
            int at = name.indexOf('@');
            base.put("group", name.substring(0, slash))
                    .put("name", name.substring(slash + 1, at))
                    .put("version", name.substring(at + 1));
        } else {
            base.put("name", model.uri());
        }
        if (model.uri().startsWith(PURL)) {
            base.put("purl", model.uri());
        } else {
            base.putArray("externalReferences")
                    .addObject()
                    .put("type", "distribution")
                    .put("url", model.uri());
        }
        writeFiles(model.files(), base);
    }

    private static void writeFiles(FolderDigest folder, ObjectNode component) {
        ArrayNode properties = component.putArray("properties");
        property(properties, "dirHash1", folder.dirHash1().hex());
        property(properties, "oms-root", folder.omsRoot().hex());
        ArrayNode files = component.putArray("components");
        for (FileDigest file : folder.files()) {
            ObjectNode entry = files.addObject().put("type", "file").put("name", file.name());
            hash(entry, file.sha256());
            property(entry.putArray("properties"), "size", Long.toString(file.size()));
        }
    }

    private static void writeData(DataSet set, ObjectNode component) {
        component
                .put("type", "data")
                .put("bom-ref", DATA + set.name())
                .put("mime-type", set.mediaType())
                .put("name", set.name());
        hash(component, set.sha256());
        component.putArray("data").addObject().put("type", "dataset").put("name", set.name());
        ArrayNode properties = component.putArray("properties");
        property(properties, "records", Long.toString(set.records()));
        set.tree().ifPresent(tree -> {
            property(properties, "merkle:alg", RecordTree.ALGORITHM);
            property(properties, "merkle:leaf", tree.leaf().id());
            property(properties, "merkle:root", tree.root().hex());
        });
    }

    private void writeFormula(ObjectNode formula) {
        formula.put("bom-ref", "training");
        ArrayNode software = formula.putArray("components");
        provenance.framework().forEach((name, version) -> {
            ObjectNode entry = software.addObject().put("type", "framework").put("name", name);
            // CycloneDX takes no longer ones, and part of a version is another version.
            if (version.length() <= MAX_VERSION) {
                entry.put("version", version);
            } else {
                property(entry.putArray("properties"), "version", version);
            }
        });
        ObjectNode run = formula.putArray("workflows").addObject();
        run.put("bom-ref", "run")
                .put("uid", provenance.invocationId())
                .put("name", "LoRA fine-tuning")
                .put("timeStart", provenance.startedOn().toString())
                .put("timeEnd", provenance.finishedOn().toString());
        run.putArray("taskTypes").add("build");
        ArrayNode inputs = run.putArray("inputs");
        resource(inputs.addObject(), BASE_MODEL);
        job.dataSets().forEach(set -> resource(inputs.addObject(), DATA + set.name()));
        ObjectNode output = run.putArray("outputs").addObject().put("type", "artifact");
        resource(output, ADAPTER);
        ArrayNode properties = run.putArray("properties");
        property(properties, "build-type", Provenance.BUILD_TYPE);
        property(properties, "builder", provenance.builder());
        job.nonce().ifPresent(nonce -> property(properties, "nonce", nonce.hex()));
        job.block().ifPresent(block -> property(properties, "not-before", block + " with hash " + block.hash()));
    }

    private void writeReferences(ArrayNode references) {
        // Without a hash: the file may grow, and its first line can be signed again. The payload is the identity.
        references
                .addObject()
                .put("type", "attestation")
                .put("url", ManifestFolder.CLAIMS)
                .put("comment", "the signed manifest: an in-toto statement with SLSA provenance, in the first line");
        for (EvidenceReference piece : provenance.evidence()) {
            ObjectNode reference = references
                    .addObject()
                    .put("type", "evidence")
                    .put("url", ManifestFolder.EVIDENCE + "/" + piece.sha256().hex())
                    .put("comment", piece.name() + ", " + piece.mediaType());
            hash(reference, piece.sha256());
        }
    }

    private static void resource(ObjectNode put, String ref) {
        put.putObject("resource").put("ref", ref);
    }

    private static void hash(ObjectNode component, Bytes sha256) {
        component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", sha256.hex());
    }

    private static void property(ArrayNode properties, String name, String value) {
        properties.addObject().put("name", PROPERTY + name).put("value", value);
    }

    /** A UUID of version 8 (RFC 9562, section 5.8) out of the first bytes of the manifest's digest. */
    private static UUID serialNumber(Bytes digest) {
        ByteBuffer head = ByteBuffer.wrap(digest.toByteArray());
        long high = (head.getLong() & ~0xF000L) | 0x8000L;
        long low = (head.getLong() & ~0xC000000000000000L) | 0x8000000000000000L;
        return new UUID(high, low);
    }
}
