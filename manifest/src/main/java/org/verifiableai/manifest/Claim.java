package org.verifiableai.manifest;

import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/**
 * One line of {@code claims.jsonl}: what somebody says of a model, in a sigstore bundle over an in-toto statement.
 *
 * <p>Reading a claim proves nothing. Lines do not vouch for each other, their order means nothing but that the first is
 * the manifest, and whoever can write the folder can drop any of them: that a claim is absent shows nothing at all.
 * {@link ProvenanceVerifier} judges the manifest, {@link ClaimVerifier} evaluations and revocations.
 */
public sealed interface Claim {

    /** How many bytes a line has at most. */
    int MAX_LINE = 8 << 20;

    /** The bytes of the line as they stand in the file, without the line end. */
    Bytes line();

    /** What this is, in a word or two for people. */
    String kind();

    /**
     * Reads a line. It never fails: what cannot be read is an {@link Unknown}, with the reason.
     *
     * @param line the bytes between two line ends
     */
    static Claim read(Bytes line) {
        return ClaimReader.read(line);
    }

    /**
     * A manifest.
     *
     * @param manifest the signed provenance
     * @param line see {@link Claim#line()}
     */
    record Manifest(SignedManifest manifest, Bytes line) implements Claim {

        /** Refuses null. */
        public Manifest {
            Objects.requireNonNull(manifest, "manifest");
            Objects.requireNonNull(line, "line");
        }

        @Override
        public String kind() {
            return "manifest";
        }
    }

    /**
     * A signature of OpenSSF Model Signing over the model's files. The line is the bundle that its tools take.
     *
     * @param root the digest of the model that the statement names, 32 bytes; see {@code FolderDigest.omsRoot()}
     * @param line see {@link Claim#line()}
     */
    record Oms(Bytes root, Bytes line) implements Claim {

        /** The type of its predicate. */
        public static final String PREDICATE = "https://model_signing/signature/v1.0";

        /** Refuses null. */
        public Oms {
            Objects.requireNonNull(root, "root");
            Objects.requireNonNull(line, "line");
        }

        @Override
        public String kind() {
            return "model signature";
        }
    }

    /**
     * A second report of the machine that trained, made when it had finished.
     *
     * @param statement the signed statement
     */
    record Closing(SignedStatement statement) implements Claim {

        /** The type of its predicate. */
        public static final String PREDICATE = "https://verifiableai.org/closing/v1";

        /** Refuses null. */
        public Closing {
            Objects.requireNonNull(statement, "statement");
        }

        @Override
        public Bytes line() {
            return statement.line();
        }

        @Override
        public String kind() {
            return "closing report";
        }
    }

    /**
     * What somebody measured of the model.
     *
     * @param evaluation what the statement says
     * @param statement the signed statement
     */
    record Evaluated(Evaluation evaluation, SignedStatement statement) implements Claim {

        /** Refuses null. */
        public Evaluated {
            Objects.requireNonNull(evaluation, "evaluation");
            Objects.requireNonNull(statement, "statement");
        }

        @Override
        public Bytes line() {
            return statement.line();
        }

        @Override
        public String kind() {
            return "evaluation";
        }
    }

    /**
     * That a manifest is not to be relied on any more.
     *
     * @param revocation what the statement says
     * @param statement the signed statement
     */
    record Revoked(ManifestRevocation revocation, SignedStatement statement) implements Claim {

        /** Refuses null. */
        public Revoked {
            Objects.requireNonNull(revocation, "revocation");
            Objects.requireNonNull(statement, "statement");
        }

        @Override
        public Bytes line() {
            return statement.line();
        }

        @Override
        public String kind() {
            return "revocation";
        }
    }

    /**
     * A line that this version does not read. It is kept byte for byte, and never keeps another from being read.
     *
     * @param reason why it was not read, one line
     * @param line see {@link Claim#line()}
     */
    record Unknown(String reason, Bytes line) implements Claim {

        /** Refuses null. */
        public Unknown {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(line, "line");
        }

        @Override
        public String kind() {
            return "unknown";
        }
    }
}
