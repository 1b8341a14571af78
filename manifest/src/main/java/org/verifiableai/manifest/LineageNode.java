package org.verifiableai.manifest;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/** One thing in a {@link Lineage}. What a model's manifest says of the others is worth what the model's standing is. */
public sealed interface LineageNode {

    /** The name of this node, alike in every graph: its kind, a colon, and what identifies it. */
    String id();

    /**
     * A model with a manifest.
     *
     * @param provenance what its manifest says
     * @param standing what is known of that
     * @param folderName what its folder was called: for people, and nothing vouches for it
     */
    record Model(Provenance provenance, Standing standing, String folderName) implements LineageNode {

        /** Checks that nothing is missing. */
        public Model {
            Objects.requireNonNull(provenance, "provenance");
            Objects.requireNonNull(standing, "standing");
            Objects.requireNonNull(folderName, "folderName");
        }

        /** {@link Provenance#modelDigest()}. */
        public Bytes digest() {
            return provenance.modelDigest();
        }

        @Override
        public String id() {
            return modelId(digest());
        }
    }

    /**
     * A base model without a manifest that could be followed: where it comes from is not proven.
     *
     * @param digest {@link BaseModel#digest()}, 32 bytes
     */
    record UnprovenModel(Bytes digest) implements LineageNode {

        /** Checks that nothing is missing. */
        public UnprovenModel {
            Objects.requireNonNull(digest, "digest");
        }

        @Override
        public String id() {
            return modelId(digest);
        }
    }

    /**
     * A file of training data.
     *
     * @param sha256 {@link DataSet#sha256()}, 32 bytes
     */
    record Data(Bytes sha256) implements LineageNode {

        /** Checks that nothing is missing. */
        public Data {
            Objects.requireNonNull(sha256, "sha256");
        }

        @Override
        public String id() {
            return "data:" + sha256.hex();
        }
    }

    /**
     * A guest on a machine, as the report in a manifest names both.
     *
     * @param chipId the chip's identity, 64 bytes; all zero if the machine hides it, and then one node may be several
     *     machines
     * @param measurement what was launched, 48 bytes
     */
    record Machine(Bytes chipId, Bytes measurement) implements LineageNode {

        /** Checks that nothing is missing. */
        public Machine {
            Objects.requireNonNull(chipId, "chipId");
            Objects.requireNonNull(measurement, "measurement");
        }

        @Override
        public String id() {
            return "machine:" + chipId.hex() + ":" + measurement.hex();
        }
    }

    /**
     * A key that signs a manifest.
     *
     * @param fingerprint {@link KeyReference#fingerprint()}, 32 bytes
     */
    record Key(Bytes fingerprint) implements LineageNode {

        /** Checks that nothing is missing. */
        public Key {
            Objects.requireNonNull(fingerprint, "fingerprint");
        }

        @Override
        public String id() {
            return "key:" + fingerprint.hex();
        }
    }

    /** The node of the model with that digest, proven or not. */
    static String modelId(Bytes digest) {
        return "model:" + digest.hex();
    }
}
