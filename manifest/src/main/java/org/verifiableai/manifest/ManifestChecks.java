package org.verifiableai.manifest;

import org.verifiableai.attestation.CheckId;

/**
 * The checks of {@link ProvenanceVerifier}, by their stable names, in the order in which a verdict lists them. After
 * {@link #EVIDENCE} stand those of the report ({@code snp.*}), and after {@link #GPU} {@code machine.cc-mode} and those of
 * the GPUs ({@code gpu.*}).
 *
 * <p>That the report vouches for key, challenge, job and GPU evidence together is {@code snp.report-data}; that the GPU
 * answered a nonce made from key and challenge is {@code gpu.nonce}.
 */
public final class ManifestChecks {

    /** {@code claims.jsonl} begins with a strict sigstore bundle that has one signature over an in-toto payload. */
    public static final CheckId FORMAT = new CheckId("manifest.format");

    /** The payload is a canonical provenance statement of our build type that does not contradict itself. */
    public static final CheckId STATEMENT = new CheckId("manifest.statement");

    /** Every piece of evidence that the statement names is there, has the digest named, and plays a part once. */
    public static final CheckId EVIDENCE = new CheckId("manifest.evidence");

    /** The key is of a kind that manifests use, and its fingerprint is the first half of the report's REPORT_DATA. */
    public static final CheckId KEY_BINDING = new CheckId("manifest.key-binding");

    /** The one signature of the envelope is by the key that the statement names, whatever a key id or hint says. */
    public static final CheckId SIGNATURE = new CheckId("manifest.signature");

    /** The job was given the challenge that the policy expects. */
    public static final CheckId NONCE = new CheckId("manifest.nonce");

    /** There is evidence of GPUs, of a form that this version reads. */
    public static final CheckId GPU = new CheckId("manifest.gpu");

    /** The folder holds the statement's files and no others, each with its size and digest. */
    public static final CheckId FILES = new CheckId("manifest.files");

    /** The base model is one that the policy accepts. */
    public static final CheckId BASE_MODEL = new CheckId("manifest.base-model");

    private ManifestChecks() {}
}
