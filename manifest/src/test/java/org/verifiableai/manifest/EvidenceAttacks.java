package org.verifiableai.manifest;

import static org.verifiableai.manifest.AttackTrial.judging;
import static org.verifiableai.manifest.AttackTrial.refusing;
import static org.verifiableai.manifest.AttackTrial.spoiling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.asn1.x9.X9ECPoint;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.machine.CcMode;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.machine.MachineChecks;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuChecks;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;
import org.verifiableai.manifest.signing.SigningKey;

/** Attacks on keys, reports, GPUs and what vouches for them. */
final class EvidenceAttacks {

    private static final Bytes OTHER_NONCE = Bytes.utf8("another challenge of 32 bytes !!");
    private static final TcbVersion TCB = TcbVersion.of(10, 0, 23, 84);
    private static final SoftwareGpu OTHER_GPU = Lab.NVIDIA.device(GpuArchitecture.HOPPER);
    private static final long ORDINARY_POLICY = 0x30000;
    private static final int DEBUG = 19;

    private EvidenceAttacks() {}

    static List<AttackTrial> trials() {
        return Stream.of(replays(), keys(), processors(), chains(), guests(), gpus(), clocks())
                .flatMap(List::stream)
                .toList();
    }

    private static List<AttackTrial> replays() {
        return List.of(
                // The report covers the key twice: its fingerprint stands there openly, and the rest is made from it
                // too.
                // manifest.key-binding says which of the ingredients is another, and cannot fail without
                // snp.report-data. The GPU is the thief's own and answers him, so that it has nothing to say.
                spoiling(
                        KnownAttack.REPORT_REPLAYED_FOR_ANOTHER_KEY,
                        "a thief puts his key beside the report of another",
                        model -> {
                            SigningKey thief = SigningKey.generate();
                            ObjectNode statement = model.statement();
                            model.place(
                                    statement,
                                    "tee/gpu-evidence",
                                    Bytes.utf8(OTHER_GPU
                                            .evidence(KeyBinding.gpuNonce(thief.spki(), Samples.NONCE))
                                            .toJson()));
                            model.place(statement, "key-binding", thief.spki());
                            model.seal(statement, thief.spki(), thief);
                        },
                        "which the report vouches for",
                        SnpChecks.REPORT_DATA,
                        ManifestChecks.KEY_BINDING),
                judging(
                        KnownAttack.REPORT_REPLAYED_FOR_ANOTHER_NONCE,
                        "an old manifest answers a new challenge",
                        model -> model.verify(Lab.policy().nonce(OTHER_NONCE)),
                        "must be " + OTHER_NONCE,
                        ManifestChecks.NONCE),
                judging(
                        KnownAttack.REPORT_REPLAYED_FOR_ANOTHER_NONCE,
                        "an old report beside a statement and a GPU that answer a new challenge",
                        model -> {
                            ObjectNode statement = model.statement();
                            Lab.external(statement).put("nonce", OTHER_NONCE.hex());
                            model.place(
                                    statement,
                                    "tee/gpu-evidence",
                                    Bytes.utf8(Lab.GPU
                                            .evidence(KeyBinding.gpuNonce(model.key.spki(), OTHER_NONCE))
                                            .toJson()));
                            model.seal(statement, model.key.spki(), model.key);
                            return model.verify(Lab.policy().nonce(OTHER_NONCE));
                        },
                        "",
                        SnpChecks.REPORT_DATA),
                spoiling(
                        KnownAttack.REPORT_REPLAYED_FOR_ANOTHER_JOB,
                        "a hyper-parameter that the report does not cover",
                        model -> model.restate(s -> Lab.external(s)
                                .withObjectProperty("hyperParameters")
                                .put("r", 16)),
                        "",
                        SnpChecks.REPORT_DATA),
                spoiling(
                        KnownAttack.REPORT_REPLAYED_FOR_ANOTHER_JOB,
                        "the closing report of another manifest",
                        model -> Lab.close(
                                model.folder,
                                new ManifestFolder(model.folder).manifest(),
                                model.key,
                                model.key,
                                Lab.MACHINE.report(KeyBinding.closingData(model.key.spki(), Bytes.zeros(32)))),
                        "report data of the closing report",
                        ManifestChecks.CLOSING_REPORT_DATA));
    }

    private static List<AttackTrial> keys() {
        return List.of(
                spoiling(
                        KnownAttack.KEY_SUBSTITUTED_UNDER_THE_KEY_ID_OF_THE_ATTESTED_ONE,
                        "the signature is by another key",
                        model -> {
                            SignedManifest forged = SignedManifest.sign(
                                    new ManifestFolder(model.folder).manifest().payload(), SigningKey.generate());
                            model.rewrap(bundle -> ((ObjectNode) bundle.at("/dsseEnvelope/signatures/0"))
                                    .put("sig", Lab.signature(forged)));
                        },
                        "found another",
                        ManifestChecks.SIGNATURE),
                spoiling(
                        KnownAttack.KEY_SUBSTITUTED_UNDER_THE_KEY_ID_OF_THE_ATTESTED_ONE,
                        "the closing claim is by another key",
                        model -> {
                            SignedManifest manifest = new ManifestFolder(model.folder).manifest();
                            Lab.close(
                                    model.folder,
                                    manifest,
                                    model.key,
                                    SigningKey.generate(),
                                    Lab.MACHINE.report(KeyBinding.closingData(model.key.spki(), manifest.digest())));
                        },
                        "found another",
                        ManifestChecks.CLOSING_SIGNATURE),
                spoiling(
                        KnownAttack.SECOND_SIGNATURE_APPENDED,
                        "behind the genuine one",
                        model -> model.rewrap(
                                bundle -> signatures(bundle).addObject().put("sig", Lab.signature(byStranger()))),
                        "an array of at most 1",
                        ManifestChecks.FORMAT),
                spoiling(
                        KnownAttack.SECOND_SIGNATURE_APPENDED,
                        "before the genuine one",
                        model -> model.rewrap(
                                bundle -> signatures(bundle).insertObject(0).put("sig", Lab.signature(byStranger()))),
                        "an array of at most 1",
                        ManifestChecks.FORMAT),
                spoiling(
                        KnownAttack.SECOND_SIGNATURE_APPENDED,
                        "the genuine one again",
                        model -> model.rewrap(bundle ->
                                signatures(bundle).add(signatures(bundle).get(0).deepCopy())),
                        "an array of at most 1",
                        ManifestChecks.FORMAT),
                spoiling(
                        KnownAttack.KEY_ON_ANOTHER_CURVE,
                        "a key on P-256 that the statement says is on P-384",
                        model -> {
                            SigningKey other =
                                    SigningKey.generate(SignatureAlgorithm.ECDSA_P256_SHA256, new SecureRandom());
                            model.attest(other.spki(), other, Lab.GPU, s -> {});
                        },
                        "found ecdsa-p384",
                        ManifestChecks.KEY_BINDING),
                spoiling(
                        KnownAttack.KEY_ON_ANOTHER_CURVE,
                        "a signature by a key on P-256 in place of the attested one",
                        model -> {
                            SigningKey other =
                                    SigningKey.generate(SignatureAlgorithm.ECDSA_P256_SHA256, new SecureRandom());
                            SignedManifest forged = SignedManifest.sign(
                                    new ManifestFolder(model.folder).manifest().payload(), other);
                            model.rewrap(bundle -> ((ObjectNode) bundle.at("/dsseEnvelope/signatures/0"))
                                    .put("sig", Lab.signature(forged)));
                        },
                        "found another",
                        ManifestChecks.SIGNATURE),
                spoiling(
                        KnownAttack.KEY_ON_ANOTHER_CURVE,
                        "a key on P-521, which signs models and no manifests",
                        model -> {
                            SigningKey other =
                                    SigningKey.generate(SignatureAlgorithm.ECDSA_P521_SHA512, new SecureRandom());
                            model.attest(other.spki(), other, Lab.GPU, algorithm("ecdsa-p521"));
                        },
                        "found ecdsa-p521",
                        ManifestChecks.KEY_BINDING),
                spoiling(
                        KnownAttack.KEY_ON_ANOTHER_CURVE,
                        "a key on secp256k1, which nobody verifies by",
                        model -> model.attest(
                                named(SECObjectIdentifiers.secp256k1), model.key, Lab.GPU, algorithm("ecdsa-p256")),
                        "named curve",
                        ManifestChecks.KEY_BINDING),
                spoiling(
                        KnownAttack.KEY_WITH_EXPLICIT_PARAMETERS,
                        "the curve spelt out",
                        model -> model.attest(explicit(model.key, false), model.key, Lab.GPU, s -> {}),
                        "named curve",
                        ManifestChecks.KEY_BINDING),
                spoiling(
                        KnownAttack.KEY_WITH_EXPLICIT_PARAMETERS,
                        "another base point, for which anybody knows a private key of this public one",
                        model -> model.attest(explicit(model.key, true), model.key, Lab.GPU, s -> {}),
                        "named curve",
                        ManifestChecks.KEY_BINDING),
                spoiling(
                        KnownAttack.KEY_WITH_EXPLICIT_PARAMETERS,
                        "bytes behind the key",
                        model -> model.attest(model.key.spki().concat(Bytes.zeros(1)), model.key, Lab.GPU, s -> {}),
                        "expected P-256 or P-384",
                        ManifestChecks.KEY_BINDING));
    }

    private static List<AttackTrial> processors() {
        return List.of(
                judging(
                        KnownAttack.TCB_WITH_ONE_COMPONENT_LOWER_AND_ANOTHER_HIGHER,
                        "a higher boot loader does not make up for lower firmware",
                        model -> {
                            model.signOn(Lab.AMD.platform(TcbVersion.of(11, 0, 22, 84)));
                            return model.verify(Lab.policy().snp(Lab.snpPolicy().minimumTcb(TCB)));
                        },
                        "snp is 22, below 23",
                        SnpChecks.TCB_MINIMUM),
                judging(
                        KnownAttack.TCB_WITH_ONE_COMPONENT_LOWER_AND_ANOTHER_HIGHER,
                        "higher firmware does not make up for lower microcode",
                        model -> {
                            model.signOn(Lab.AMD.platform(TcbVersion.of(10, 0, 24, 83)));
                            return model.verify(Lab.policy().snp(Lab.snpPolicy().minimumTcb(TCB)));
                        },
                        "microcode is 83, below 84",
                        SnpChecks.TCB_MINIMUM),
                spoiling(
                        KnownAttack.TCB_WITH_ONE_COMPONENT_LOWER_AND_ANOTHER_HIGHER,
                        "the report says other versions than the certificate",
                        model -> model.signOn(Lab.MACHINE.withReportedTcb(TcbVersion.of(11, 0, 22, 84))),
                        "report says bl=11,tee=0,snp=22",
                        SnpChecks.TCB_CERTIFICATE),
                // Two chips have two keys, so that the certificate of another one fits neither the signature nor
                // CHIP_ID.
                spoiling(
                        KnownAttack.VCEK_OF_ANOTHER_CHIP,
                        "the certificate of another chip",
                        model -> model.signOn(Lab.MACHINE.withCertificateOf(Lab.AMD.platform(TCB))),
                        "signature is not of the certificate's key",
                        SnpChecks.SIGNATURE,
                        SnpChecks.CHIP_ID),
                spoiling(
                        KnownAttack.VCEK_OF_ANOTHER_CHIP,
                        "a report that names another chip than the certificate of the key that signed it",
                        model -> model.signOn(
                                Lab.MACHINE.withChipId(Lab.AMD.platform(TCB).chipId())),
                        "certificate is of chip",
                        SnpChecks.CHIP_ID),
                spoiling(
                        KnownAttack.VCEK_OF_ANOTHER_TCB,
                        "a lower one in the certificate",
                        model -> model.signOn(Lab.MACHINE.withReportedTcb(TcbVersion.of(10, 0, 24, 84))),
                        "report says bl=10,tee=0,snp=24",
                        SnpChecks.TCB_CERTIFICATE),
                spoiling(
                        KnownAttack.VCEK_OF_ANOTHER_TCB,
                        "a higher one in the certificate",
                        model -> model.signOn(Lab.MACHINE.withReportedTcb(TcbVersion.of(10, 0, 22, 84))),
                        "report says bl=10,tee=0,snp=22",
                        SnpChecks.TCB_CERTIFICATE),
                spoiling(
                        KnownAttack.MASKED_CHIP_ID,
                        "a host that hides the chip",
                        model -> model.signOn(Lab.MACHINE.withChipId(Bytes.zeros(64))),
                        "nothing (masked)",
                        SnpChecks.CHIP_ID),
                // Where a policy names the chips, the hidden one is none of them either: one defect, two demands.
                judging(
                        KnownAttack.MASKED_CHIP_ID,
                        "a host that hides the chip from who names the chips",
                        model -> {
                            model.signOn(Lab.MACHINE.withChipId(Bytes.zeros(64)));
                            return model.verify(Lab.policy().snp(Lab.snpPolicy().allowedChip(Lab.MACHINE.chipId())));
                        },
                        "none (masked)",
                        SnpChecks.CHIP_ID,
                        SnpChecks.CHIP_ALLOWED));
    }

    private static List<AttackTrial> chains() {
        Instant now = Instant.now();
        Duration day = Duration.ofDays(1);
        return List.of(
                // Who revoked what is said of a chain, so that without one it cannot be asked: the policy does not ask.
                judging(
                        KnownAttack.AUTHORITIES_OF_ANOTHER_PRODUCT_LINE,
                        "ASK and ARK of Milan above a VCEK of Genoa",
                        model -> {
                            SoftwareAmd milan = Milan.AMD;
                            model.signOn(Lab.MACHINE.withAuthorities(List.of(milan.ask(), milan.ark())));
                            return model.verify(withoutRevocation());
                        },
                        "is not the pinned ARK-Genoa",
                        SnpChecks.CHAIN),
                // What is revoked is said of a chain, so that without one revocation cannot be shown: where it is
                // demanded
                // it fails as well.
                judging(
                        KnownAttack.AUTHORITIES_OF_ANOTHER_PRODUCT_LINE,
                        "an ASK of Milan under the ARK of Genoa",
                        model -> {
                            model.signOn(Lab.MACHINE.withAuthorities(List.of(Milan.AMD.ask(), Lab.AMD.ark())));
                            return model.verify(withoutRevocation());
                        },
                        "found SEV-Milan",
                        SnpChecks.CHAIN),
                spoiling(
                        KnownAttack.REVOKED_CHAIN,
                        "the ASK",
                        model -> model.signOn(Lab.MACHINE.withRevocationLists(List.of(
                                Lab.AMD.revocationList(now.minus(day), now.plus(day), List.of(Lab.AMD.askSerial()))))),
                        "is revoked",
                        SnpChecks.REVOCATION),
                spoiling(
                        KnownAttack.REVOKED_CHAIN,
                        "the list that would say so is left out",
                        model -> model.signOn(Lab.MACHINE.withRevocationLists(List.of())),
                        "found none",
                        SnpChecks.REVOCATION),
                spoiling(
                        KnownAttack.REVOKED_CHAIN,
                        "the list is an old one",
                        model -> model.signOn(Lab.MACHINE.withRevocationLists(
                                List.of(Lab.AMD.revocationList(now.minus(day), now.minusSeconds(60), List.of())))),
                        "is current from",
                        SnpChecks.REVOCATION),
                spoiling(
                        KnownAttack.REVOKED_CHAIN,
                        "the list is by who is to be revoked",
                        model -> model.signOn(Lab.MACHINE.withRevocationLists(
                                List.of(Lab.AMD.forgedRevocationList(now.minus(day), now.plus(day), List.of())))),
                        "is not signed by the pinned key",
                        SnpChecks.REVOCATION),
                spoiling(
                        KnownAttack.EXPIRED_CHAIN,
                        "the ASK, a minute ago",
                        model -> model.signOn(Lab.MACHINE.withAuthorities(List.of(
                                Lab.AMD
                                        .withSigningKeysValid(now.minus(day), now.minusSeconds(60))
                                        .ask(),
                                Lab.AMD.ark()))),
                        "SEV-Genoa is valid from",
                        SnpChecks.VALIDITY));
    }

    private static List<AttackTrial> guests() {
        return List.of(
                spoiling(
                        KnownAttack.OTHER_VMPL,
                        "a request from VMPL 1",
                        model -> model.signOn(Lab.MACHINE.withVmpl(1)),
                        "found 1",
                        SnpChecks.VMPL),
                spoiling(
                        KnownAttack.OTHER_VMPL,
                        "a request of the host",
                        model -> model.signOn(Lab.MACHINE.withVmpl(-1)),
                        "a request of the host",
                        SnpChecks.VMPL),
                spoiling(
                        KnownAttack.DEBUG_GUEST,
                        "the host may read the guest's memory",
                        model -> model.signOn(Lab.MACHINE.withPolicy(ORDINARY_POLICY | 1L << DEBUG)),
                        "the guest allows debugging",
                        SnpChecks.GUEST_POLICY_DEBUG),
                spoiling(
                        KnownAttack.ZERO_MEASUREMENT,
                        "of the report",
                        model -> model.signOn(Lab.MACHINE.withMeasurement(Bytes.zeros(48))),
                        "found " + Bytes.zeros(48),
                        SnpChecks.MEASUREMENT),
                refusing(
                        KnownAttack.ZERO_ENTRY_IN_AN_ALLOW_LIST,
                        "a measurement",
                        model -> AttackTrial.Finding.ofRefusal(
                                () -> SnpPolicy.builder().measurement(Bytes.zeros(48))),
                        "must not be all zeros",
                        "IllegalArgumentException"),
                refusing(
                        KnownAttack.ZERO_ENTRY_IN_AN_ALLOW_LIST,
                        "a measurement in a policy's file",
                        model -> AttackTrial.Finding.ofRefusal(() -> ProvenancePolicy.parse(Lab.policy()
                                .build()
                                .toJson()
                                .replace(Lab.MACHINE.measurement().hex(), "00".repeat(48)))),
                        "must not be all zeros",
                        "IllegalArgumentException"),
                refusing(
                        KnownAttack.ZERO_ENTRY_IN_AN_ALLOW_LIST,
                        "a chip",
                        model -> AttackTrial.Finding.ofRefusal(
                                () -> SnpPolicy.builder().allowedChip(Bytes.zeros(64))),
                        "must not be all zeros",
                        "IllegalArgumentException"),
                refusing(
                        KnownAttack.ZERO_ENTRY_IN_AN_ALLOW_LIST,
                        "a base model",
                        model -> AttackTrial.Finding.ofRefusal(() -> Lab.policyOn(Bytes.zeros(32))),
                        "not all zero",
                        "IllegalArgumentException"),
                refusing(
                        KnownAttack.ZERO_ENTRY_IN_AN_ALLOW_LIST,
                        "a base model in a policy's file",
                        model -> AttackTrial.Finding.ofRefusal(() -> ProvenancePolicy.parse(Lab.policy()
                                .build()
                                .toJson()
                                .replace(Samples.baseModel().digest().hex(), "00".repeat(32)))),
                        "not all zero",
                        "IllegalArgumentException"),
                spoiling(
                        KnownAttack.BASE_MODEL_WITH_ITS_COMMIT_AND_ANOTHER_WEIGHT_FILE,
                        "the guest was given another file under the name of the same commit",
                        model -> model.sign(
                                Job.on(new BaseModel(
                                                Samples.baseModel().uri(),
                                                new FolderDigest(List.of(
                                                        Samples.baseModel()
                                                                .files()
                                                                .files()
                                                                .get(0),
                                                        new FileDigest(
                                                                "model.safetensors",
                                                                1000,
                                                                Bytes.utf8("other weights")
                                                                        .sha256())))))
                                        .dataSet(Samples.dataSet())
                                        .nonce(Samples.NONCE)
                                        .build(),
                                Lab.MACHINE,
                                builder -> builder.gpu(Lab.GPU)),
                        "base model: expected",
                        ManifestChecks.BASE_MODEL),
                spoiling(
                        KnownAttack.BASE_MODEL_WITH_ITS_COMMIT_AND_ANOTHER_WEIGHT_FILE,
                        "the statement lists another file under the digests of the genuine ones",
                        model -> model.restate(s -> ((ObjectNode) s.at(
                                        "/predicate/buildDefinition/resolvedDependencies/0/annotations/files/1/digest"))
                                .put(
                                        "sha256",
                                        Bytes.utf8("other weights").sha256().hex())),
                        "sha256: expected",
                        ManifestChecks.STATEMENT));
    }

    private static List<AttackTrial> gpus() {
        return List.of(
                spoiling(
                        KnownAttack.GPU_EVIDENCE_OF_ANOTHER_MACHINE,
                        "what it answered its own guest, under a report of this machine",
                        model -> model.sign(
                                Samples.job().build(),
                                Lab.MACHINE,
                                builder -> builder.gpu(nonce -> OTHER_GPU.evidence(KeyBinding.gpuNonce(
                                        SigningKey.generate().spki(), Samples.NONCE)))),
                        "report must answer nonce",
                        GpuChecks.NONCE),
                spoiling(
                        KnownAttack.GPU_EVIDENCE_OF_ANOTHER_MACHINE,
                        "a genuine answer to the right nonce that the report does not cover",
                        model -> {
                            ObjectNode statement = model.statement();
                            model.place(
                                    statement,
                                    "tee/gpu-evidence",
                                    Bytes.utf8(OTHER_GPU
                                            .evidence(KeyBinding.gpuNonce(model.key.spki(), Samples.NONCE))
                                            .toJson()));
                            model.seal(statement, model.key.spki(), model.key);
                        },
                        "",
                        SnpChecks.REPORT_DATA),
                spoiling(
                        KnownAttack.GPU_NONCE_THAT_IS_NOT_DERIVED,
                        "the challenge itself",
                        model -> model.sign(
                                Samples.job().build(),
                                Lab.MACHINE,
                                builder -> builder.gpu(nonce -> Lab.GPU.evidence(Samples.NONCE))),
                        "found " + Samples.NONCE,
                        GpuChecks.NONCE),
                spoiling(
                        KnownAttack.GPU_NONCE_THAT_IS_NOT_DERIVED,
                        "one made from the key alone",
                        model -> model.sign(
                                Samples.job().build(),
                                Lab.MACHINE,
                                builder -> builder.gpu(
                                        nonce -> Lab.GPU.evidence(KeyBinding.gpuNonce(model.key.spki(), Bytes.EMPTY)))),
                        "report must answer nonce",
                        GpuChecks.NONCE),
                // A report does not tell this mode, so that the guest's word is what there is; see CcStatement.
                spoiling(
                        KnownAttack.GPU_IN_DEV_TOOLS_MODE,
                        "as the measured guest says",
                        model -> model.sign(
                                Samples.job().build(),
                                Lab.MACHINE,
                                builder -> builder.gpu(Lab.GPU).ccMode(CcMode.DEVTOOLS)),
                        "devtools",
                        MachineChecks.CC_MODE));
    }

    private static List<AttackTrial> clocks() {
        return List.of(
                judging(
                        KnownAttack.CLOCK_FAR_OFF,
                        "that of the relying party, decades ahead",
                        model -> model.verify(verifierAt("2100-01-01T00:00:00Z"), withoutRevocation()),
                        "SEV-VCEK is valid from",
                        SnpChecks.VALIDITY),
                // Nothing was valid then: neither the processor's certificates nor the GPU's.
                judging(
                        KnownAttack.CLOCK_FAR_OFF,
                        "that of the relying party, decades behind",
                        model -> model.verify(verifierAt("1990-01-01T00:00:00Z"), withoutRevocation()),
                        "SEV-VCEK is valid from",
                        SnpChecks.VALIDITY,
                        GpuChecks.VALIDITY),
                // The list of revocations has a time of its own, so that it is not valid either where it is needed.
                judging(
                        KnownAttack.CLOCK_FAR_OFF,
                        "that of the relying party, decades ahead, where revocation is demanded",
                        model -> model.verify(verifierAt("2100-01-01T00:00:00Z"), Lab.policy()),
                        "SEV-VCEK is valid from",
                        SnpChecks.VALIDITY,
                        SnpChecks.REVOCATION),
                // The guest's clock is its host's, and no check goes by it: that the job is a new one follows from the
                // challenge, however old or young it claims to be.
                judging(
                        KnownAttack.CLOCK_FAR_OFF,
                        "that of the guest, decades ahead, makes an old job no younger",
                        model -> {
                            model.sign(
                                    Samples.job().build(),
                                    Lab.MACHINE,
                                    builder -> builder.gpu(Lab.GPU)
                                            .clock(Clock.fixed(Instant.parse("2100-01-01T00:00:00Z"), ZoneOffset.UTC)));
                            return model.verify(Lab.policy().nonce(OTHER_NONCE));
                        },
                        "must be " + OTHER_NONCE,
                        ManifestChecks.NONCE),
                spoiling(
                        KnownAttack.CLOCK_FAR_OFF,
                        "that of the guest, set back while it trained",
                        model -> model.restate(s -> ((ObjectNode) s.at("/predicate/runDetails/metadata"))
                                .put("finishedOn", "1990-01-01T00:00:00Z")),
                        "finishedOn",
                        ManifestChecks.STATEMENT));
    }

    private static ProvenanceVerifier verifierAt(String instant) {
        return Lab.verifier(Clock.fixed(Instant.parse(instant), ZoneOffset.UTC));
    }

    private static ProvenancePolicy.Builder withoutRevocation() {
        return Lab.policy().snp(Lab.snpPolicy().withoutRevocation("so that one check alone is left to fail"));
    }

    private static SignedManifest byStranger() {
        return SignedManifest.sign(Samples.provenance().payload(), SigningKey.generate());
    }

    private static ArrayNode signatures(ObjectNode bundle) {
        return (ArrayNode) bundle.at("/dsseEnvelope/signatures");
    }

    private static Consumer<ObjectNode> algorithm(String name) {
        return statement -> Lab.byproduct(statement, "key-binding")
                .withObjectProperty("annotations")
                .put("alg", name);
    }

    /** A public key on a curve by its name. */
    private static Bytes named(ASN1ObjectIdentifier curve) {
        X9ECParameters parameters = ECNamedCurveTable.getByOID(curve);
        return encoded(new SubjectPublicKeyInfo(
                new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, curve),
                parameters.getG().getEncoded(false)));
    }

    /** The point of a key on P-384 with the parameters of the curve spelt out, the point itself as the base if wanted. */
    private static Bytes explicit(SigningKey key, boolean withPointAsBase) {
        X9ECParameters curve = ECNamedCurveTable.getByOID(SECObjectIdentifiers.secp384r1);
        byte[] point = SubjectPublicKeyInfo.getInstance(key.spki().toByteArray())
                .getPublicKeyData()
                .getBytes();
        X9ECParameters spelt = withPointAsBase
                ? new X9ECParameters(
                        curve.getCurve(),
                        new X9ECPoint(curve.getCurve().decodePoint(point), false),
                        curve.getN(),
                        curve.getH())
                : curve;
        return encoded(
                new SubjectPublicKeyInfo(new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, spelt), point));
    }

    private static Bytes encoded(SubjectPublicKeyInfo key) {
        try {
            return Bytes.of(key.getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another product line, made once and only where it is needed: its keys take seconds. */
    private static final class Milan {
        static final SoftwareAmd AMD = SoftwareAmd.create(ProductLine.MILAN);
    }
}
