package org.verifiableai.manifest;

import java.util.List;
import org.verifiableai.attestation.CheckId;

/**
 * The checks of {@link ProvenanceVerifier} beside those of the report ({@code snp.*}), of the machine
 * ({@code machine.cc-mode}) and of the GPUs ({@code gpu.*}), by their stable names, in the order in which a verdict lists
 * them. Those of the machine stand between {@link #EVIDENCE} and {@link #SIGNATURE}.
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

    /**
     * The key is of a kind that manifests use, its fingerprint is the first half of the report's REPORT_DATA, and the
     * binding is the one that the statement names and the policy accepts.
     */
    public static final CheckId KEY_BINDING = new CheckId("manifest.key-binding");

    /** The job was given the challenge that the policy expects, or began after a block that it names. */
    public static final CheckId NONCE = new CheckId("manifest.nonce");

    /** There is evidence of GPUs, of a form that this version reads. */
    public static final CheckId GPU = new CheckId("manifest.gpu");

    /** The one signature of the envelope is by the key that the statement names, whatever a key id or hint says. */
    public static final CheckId SIGNATURE = new CheckId("manifest.signature");

    /**
     * The report's MEASUREMENT is the one that follows from the launch configuration that the statement holds: firmware,
     * kernel, initial RAM disk, command line with the hashes of disks, and virtual processors are what it says.
     */
    public static final CheckId LAUNCH = new CheckId("manifest.launch");

    /** There is a claim that closes this manifest, of a form that this version reads, with its evidence. */
    public static final CheckId CLOSING = new CheckId("manifest.closing");

    /** The closing claim is signed by the key that signed the manifest. */
    public static final CheckId CLOSING_SIGNATURE = new CheckId("manifest.closing.signature");

    /** The closing report is genuine and satisfies the policy as the first one has to. */
    public static final CheckId CLOSING_REPORT = new CheckId("manifest.closing.report");

    /** REPORT_DATA of the closing report are made from the key and the digest of this manifest. */
    public static final CheckId CLOSING_REPORT_DATA = new CheckId("manifest.closing.report-data");

    /**
     * The closing report is of the guest of the first one: REPORT_ID is equal and names a guest, and chip, measurement, guest
     * policy and host data are the same.
     */
    public static final CheckId CLOSING_GUEST = new CheckId("manifest.closing.guest");

    /**
     * No claim beside the manifest revokes it, signed by a key that the policy names for that or by the manifest's own. That
     * there is none shows nothing: whoever can write the folder can drop it.
     */
    public static final CheckId REVOCATION = new CheckId("manifest.revocation");

    /** The folder holds the statement's files and no others, each with its size and digest. */
    public static final CheckId FILES = new CheckId("manifest.files");

    /**
     * The adapter's files are weights and no code: there are safetensors with sound headers and nothing that is unpickled or
     * run, and {@code adapter_config.json} names the statement's base model and no code to load.
     */
    public static final CheckId WEIGHTS = new CheckId("manifest.weights");

    /** Where there is a {@code model.sig}, it is an OpenSSF signature of the same files by the manifest's key. */
    public static final CheckId OMS = new CheckId("manifest.oms");

    /** The base model is one that the policy accepts. */
    public static final CheckId BASE_MODEL = new CheckId("manifest.base-model");

    /** Each data set is one that the policy accepts. */
    public static final CheckId DATA = new CheckId("manifest.data");

    /** The guest was handed no code, or the policy accepts the archive that it was handed. */
    public static final CheckId JOB_ARCHIVE = new CheckId("manifest.job-archive");

    /** The tokenizer is one that the policy accepts. */
    public static final CheckId TOKENIZER = new CheckId("manifest.tokenizer");

    /** The chat template is one that the policy accepts. */
    public static final CheckId CHAT_TEMPLATE = new CheckId("manifest.chat-template");

    /** The hyper-parameters are as the policy demands. */
    public static final CheckId HYPER_PARAMETERS = new CheckId("manifest.hyper-parameters");

    /** The builder is one that the policy accepts. */
    public static final CheckId BUILDER = new CheckId("manifest.builder");

    /** The checks of the closing report. */
    static final List<CheckId> CLOSING_ALL =
            List.of(CLOSING, CLOSING_SIGNATURE, CLOSING_REPORT, CLOSING_REPORT_DATA, CLOSING_GUEST);

    /** The checks of what the policy says of the statement alone. */
    static final List<CheckId> JOB_ALL =
            List.of(BASE_MODEL, DATA, JOB_ARCHIVE, TOKENIZER, CHAT_TEMPLATE, HYPER_PARAMETERS, BUILDER);

    /** All of them. */
    public static final List<CheckId> ALL = List.of(
            FORMAT,
            STATEMENT,
            EVIDENCE,
            KEY_BINDING,
            NONCE,
            GPU,
            SIGNATURE,
            LAUNCH,
            CLOSING,
            CLOSING_SIGNATURE,
            CLOSING_REPORT,
            CLOSING_REPORT_DATA,
            CLOSING_GUEST,
            REVOCATION,
            FILES,
            WEIGHTS,
            OMS,
            BASE_MODEL,
            DATA,
            JOB_ARCHIVE,
            TOKENIZER,
            CHAT_TEMPLATE,
            HYPER_PARAMETERS,
            BUILDER);

    private ManifestChecks() {}
}
