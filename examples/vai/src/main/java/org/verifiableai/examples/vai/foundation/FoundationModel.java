package org.verifiableai.examples.vai.foundation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.verifiableai.training.BpeTokenizer;
import org.verifiableai.training.CheckpointException;
import org.verifiableai.training.FoundationTrainer;
import org.verifiableai.training.LearningRate;
import org.verifiableai.training.TorchRuntime;
import org.verifiableai.training.TrainingListener;

/** Makes the foundation model of the demonstration: a Llama of a third of a million parameters, from nothing. */
public final class FoundationModel {

    private static final int VOCABULARY = 512;
    private static final int HIDDEN = 96;
    private static final int INTERMEDIATE = 256;
    private static final int LAYERS = 3;
    private static final int HEADS = 4;
    private static final int KV_HEADS = 2;
    private static final int MAX_POSITIONS = 96;

    private static final int STEPS = 1200;
    private static final int BATCH = 16;
    private static final int WARMUP = 60;
    private static final double PEAK_RATE = 3e-3;
    private static final double WEIGHT_DECAY = 0.01;
    private static final long SEED = 2026;

    private FoundationModel() {}

    /**
     * Trains the model. On one machine the same corpus gives the same bytes.
     *
     * @param corpus the folder of the corpus
     * @param out a folder that becomes a Hugging Face checkpoint
     * @param listener who is told of each step
     * @throws IOException if a folder cannot be read or written
     * @throws CheckpointException if the corpus does not fit the model
     */
    public static void make(Path corpus, Path out, TrainingListener listener) throws IOException, CheckpointException {
        TorchRuntime.useThreads(1);
        List<String> documents = Corpus.read(corpus);
        BpeTokenizer tokenizer = BpeTokenizer.train(documents, VOCABULARY);
        Files.createDirectories(out);
        tokenizer.write(out);
        new FoundationTrainer(
                        new FoundationTrainer.Shape(
                                tokenizer.size(),
                                HIDDEN,
                                INTERMEDIATE,
                                LAYERS,
                                HEADS,
                                KV_HEADS,
                                MAX_POSITIONS,
                                BpeTokenizer.BOS,
                                BpeTokenizer.EOS),
                        new LearningRate(PEAK_RATE, LearningRate.Schedule.COSINE, WARMUP),
                        STEPS,
                        BATCH,
                        WEIGHT_DECAY,
                        SEED)
                .train(out, documents, listener);
    }
}
