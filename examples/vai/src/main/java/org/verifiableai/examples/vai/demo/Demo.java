package org.verifiableai.examples.vai.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.Verified;
import org.verifiableai.attestation.machine.CcMode;
import org.verifiableai.chain.registry.ChainException;
import org.verifiableai.chain.registry.Publication;
import org.verifiableai.chain.registry.RegistryEntry;
import org.verifiableai.examples.vai.Narrator;
import org.verifiableai.examples.vai.report.RunReport;
import org.verifiableai.manifest.BaseModel;
import org.verifiableai.manifest.DataSet;
import org.verifiableai.manifest.Job;
import org.verifiableai.manifest.ManifestSigner;
import org.verifiableai.manifest.Provenance;
import org.verifiableai.manifest.ProvenancePolicy;
import org.verifiableai.manifest.RunRecord;
import org.verifiableai.manifest.SignedManifest;
import org.verifiableai.training.CausalLm;
import org.verifiableai.training.CheckpointException;
import org.verifiableai.training.Generator;
import org.verifiableai.training.LoraAdapter;
import org.verifiableai.training.LoraConfig;
import org.verifiableai.training.LoraTrainer;
import org.verifiableai.training.TorchRuntime;
import org.verifiableai.training.TrainingData;
import org.verifiableai.training.TrainingResult;

/**
 * One run of the whole pipeline. It holds what came out to what should have: a right answer that was wrong before, an
 * acceptance, an entry, and four refusals.
 */
final class Demo {

    private static final int CHALLENGE_SIZE = 32;
    private static final String TOKENIZER = "tokenizer.json";

    private final Lesson lesson;
    private final OutputFolder out;
    private final Narrator narrator;
    private final Clock clock;
    private final List<String> shortfalls = new ArrayList<>();

    Demo(Lesson lesson, OutputFolder out, Narrator narrator, Clock clock) {
        this.clock = clock;
        this.lesson = lesson;
        this.out = out;
        this.narrator = narrator;
    }

    /** Runs it. */
    DemoOutcome run()
            throws IOException, CheckpointException, MalformedEvidenceException, EvidenceUnavailableException,
                    ChainException {
        narrator.stage("A confidential machine boots (made of software: its makers are the testkit's)");
        SimulatedMachine machine = SimulatedMachine.boot(clock);
        narrator.say("processor", "AMD Genoa, firmware " + SimulatedMachine.DEMANDED);
        narrator.say("measurement", machine.processor().measurement());
        narrator.say("gpu", "NVIDIA Hopper");

        Bytes challenge = challenge();
        BaseModel base = BaseModel.read(lesson.baseModelUri(), lesson.baseModel());
        Job job = job(base, challenge);
        TorchRuntime.useThreads(1);
        try (CausalLm model = CausalLm.load(lesson.baseModel())) {
            narrator.stage("The foundation model is asked");
            String before = ask(model, null, lesson.question());
            String known = ask(model, null, lesson.knownQuestion());
            require(!before.contains(lesson.answer()), "the model knew the answer before it was taught");

            narrator.stage("The machine makes a key and vouches for it, the job and the GPU");
            ManifestSigner.Builder machineVouches = ManifestSigner.builder(job, machine.processor())
                    .gpu(machine.gpu())
                    .ccMode(CcMode.ON)
                    .collateral(machine.collateral())
                    .launch(machine.launch())
                    .clock(clock);
            TorchRuntime.environment().forEach(machineVouches::framework);
            ManifestSigner signer = machineVouches.attest();
            narrator.say("challenge", challenge);
            narrator.say("key", signer.spki().sha256());

            narrator.stage("LoRA teaches the model");
            TrainingResult result = train(model);
            result.adapter().withBaseModel(lesson.baseModelUri()).save(out.adapter());
            narrator.curve(result.losses());
            require(falls(result.losses()), "the loss did not fall");

            narrator.stage("The model is asked again, with the adapter");
            String after = ask(model, result.adapter(), lesson.question());
            require(after.contains(lesson.answer()), "the model did not learn the answer");
            require(
                    ask(model, result.adapter(), lesson.knownQuestion()).equals(known),
                    "the model forgot what it knew");

            narrator.stage("The manifest is signed");
            SignedManifest manifest = signer.sign(out.adapter(), record(result));
            narrator.say("manifest", manifest.digest());

            narrator.stage("A verifier judges machine, key, manifest and files");
            ProvenancePolicy policy = machine.policy(job);
            writeTrust(machine, policy);
            Verdict<Provenance> verdict = machine.verifier().verify(out.adapter(), policy);
            out.write("verdict.json", verdict.toJson() + "\n");
            narrator.checks(verdict.checks());
            narrator.say("verdict", verdict.accepted() ? "ACCEPTED" : "REJECTED");
            require(verdict.accepted(), "the verifier rejected the genuine model");

            Map<String, String> facts = new LinkedHashMap<>();
            if (verdict instanceof Verdict.Accepted<Provenance> accepted) {
                facts.putAll(publish(accepted.verified()));
                facts.putAll(accepted.verified().facts());
            }

            narrator.stage("Four attacks are tried");
            List<Attacks.Attack> attacks = new Attacks(out.adapter(), machine, job, policy, clock).run();
            attacks.forEach(this::tell);

            narrator.stage("What is left");
            narrator.say("folder", out.path());
            narrator.say("page", out.path().resolve("report.html"));
            out.write(
                    "report.html",
                    new RunReport(
                                    lesson.question(),
                                    before,
                                    after,
                                    result.losses(),
                                    verdict.checks(),
                                    facts,
                                    attacks.stream()
                                            .map(a -> new RunReport.Attack(
                                                    a.name(), a.verdict().failures()))
                                            .toList())
                            .toHtml());
            return new DemoOutcome(
                    out.path(), before, after, result.losses(), verdict.accepted(), facts, attacks, shortfalls);
        }
    }

    private Job job(BaseModel base, Bytes challenge) throws IOException, MalformedEvidenceException {
        LoraConfig lora = Lesson.LORA;
        Job.Builder job = Job.on(base)
                .dataSet(DataSet.readJsonl("lesson", lesson.data()))
                .hyperParameter("r", lora.r())
                .hyperParameter("loraAlpha", lora.loraAlpha())
                .hyperParameter("targetModules", List.copyOf(lora.targetModules()))
                .hyperParameter("learningRate", BigDecimal.valueOf(Lesson.PEAK_RATE))
                .hyperParameter("schedule", Lesson.RATE.schedule().name().toLowerCase(Locale.ROOT))
                .hyperParameter("warmupSteps", Lesson.RATE.warmupSteps())
                .hyperParameter("steps", lesson.steps())
                .hyperParameter("batchSize", Lesson.BATCH)
                .hyperParameter("seed", lesson.seed())
                .nonce(challenge);
        base.files().files().stream()
                .filter(file -> file.name().equals(TOKENIZER))
                .forEach(file -> job.tokenizer(file.name(), file.sha256()));
        Optional<Path> code = code();
        if (code.isPresent()) {
            String name = String.valueOf(code.get().getFileName());
            job.archive(name, Bytes.of(Files.readAllBytes(code.get())).sha256());
        }
        return job.build();
    }

    /** The archive that training runs from; empty where it runs from a folder of classes, which is none. */
    private static Optional<Path> code() {
        try {
            Path location = Path.of(LoraTrainer.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isRegularFile(location) ? Optional.of(location) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private RunRecord record(TrainingResult result) {
        Map<String, String> environment = result.environment();
        List<Double> losses = result.losses();
        RunRecord.Builder record = RunRecord.builder()
                .seed(lesson.seed())
                .dtype("float32")
                .steps(losses.size())
                .finalLoss(new BigDecimal(String.format(Locale.ROOT, "%.6f", losses.get(losses.size() - 1))));
        Optional.ofNullable(environment.get("device")).ifPresent(record::device);
        Optional.ofNullable(environment.get("threads")).map(Long::valueOf).ifPresent(record::threads);
        return record.build();
    }

    private TrainingResult train(CausalLm model) throws IOException, CheckpointException {
        return LoraTrainer.builder(Lesson.LORA)
                .learningRate(Lesson.RATE)
                .steps(lesson.steps())
                .batchSize(Lesson.BATCH)
                .seed(lesson.seed())
                .listener(step -> narrator.progress(
                        step.step(), step.total(), String.format(Locale.ROOT, "loss %.4f", step.loss())))
                .build()
                .train(model, TrainingData.readJsonl(lesson.data()));
    }

    private String ask(CausalLm model, @Nullable LoraAdapter adapter, String question) throws CheckpointException {
        try (Generator generator = adapter == null ? Generator.of(model) : Generator.of(model, adapter)) {
            String answer = generator
                    .generate(Lesson.prompt(question), Lesson.MAX_ANSWER)
                    .strip();
            narrator.say("question", question);
            narrator.say("answer", answer);
            return answer;
        }
    }

    private Map<String, String> publish(Verified<Provenance> provenance) throws ChainException {
        narrator.stage("The registry on a chain inside the process takes the verified manifest");
        try (Registry registry = Registry.deploy(clock)) {
            RegistryEntry before = registry.lookup(provenance.value());
            narrator.say("registry", registry.where());
            narrator.say("before", describe(before));
            require(before instanceof RegistryEntry.Unknown, "the registry knew the model before it was published");
            Publication publication = registry.publish(provenance);
            RegistryEntry after = registry.lookup(provenance.value());
            narrator.say("transaction", publication.transaction().orElse("none"));
            narrator.say("after", describe(after));
            require(
                    after instanceof RegistryEntry.Published there
                            && there.manifestDigest().equals(provenance.value().manifestDigest()),
                    "the registry does not say what was published");
            Map<String, String> facts = new LinkedHashMap<>();
            facts.put("registry", registry.where());
            facts.put("registry.publisher", registry.publisher());
            facts.put("registry.entry", describe(after));
            return facts;
        }
    }

    private static String describe(RegistryEntry entry) {
        if (entry instanceof RegistryEntry.Published published) {
            return "manifest " + published.manifestDigest() + ", version " + published.version() + ", since "
                    + published.publishedAt();
        }
        return entry instanceof RegistryEntry.Revoked ? "revoked" : "unknown";
    }

    private void tell(Attacks.Attack attack) {
        narrator.say("attack", attack.name());
        narrator.checks(attack.verdict().failures());
        narrator.say("verdict", attack.verdict().accepted() ? "ACCEPTED" : "REJECTED");
        require(attack.refused(), "an attack was not refused by " + attack.expected() + ": " + attack.name());
    }

    /** What somebody else needs in order to come to the same verdict. */
    private void writeTrust(SimulatedMachine machine, ProvenancePolicy policy) throws IOException {
        out.write("policy.json", policy.toJson() + "\n");
        out.writeCertificate("roots/amd.pem", machine.amdRoot());
        out.writeCertificate("roots/nvidia.pem", machine.nvidiaRoot());
        out.writeCertificate("roots/nvidia-rim.pem", machine.rimRoot());
    }

    private void require(boolean condition, String shortfall) {
        if (!condition) {
            shortfalls.add(shortfall);
        }
    }

    private static boolean falls(List<Double> losses) {
        int tenth = Math.max(1, losses.size() / 10);
        return mean(losses.subList(losses.size() - tenth, losses.size())) < 0.5 * mean(losses.subList(0, tenth));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
    }

    private static Bytes challenge() {
        byte[] challenge = new byte[CHALLENGE_SIZE];
        new SecureRandom().nextBytes(challenge);
        return Bytes.of(challenge);
    }
}
