package org.verifiableai.examples.vai.demo;

import java.nio.file.Path;
import org.verifiableai.training.LearningRate;
import org.verifiableai.training.LoraConfig;

/**
 * What the model is to learn, and how its success is seen.
 *
 * @param baseModel the folder of the foundation model
 * @param baseModelUri its name in the manifest
 * @param data prompts and completions
 * @param question what the model is asked before and after
 * @param answer what a right answer says
 * @param knownQuestion something that the model knows and must not forget
 * @param steps how many optimiser steps there are
 * @param seed from which everything is drawn
 */
record Lesson(
        Path baseModel,
        String baseModelUri,
        Path data,
        String question,
        String answer,
        String knownQuestion,
        int steps,
        long seed) {

    static final LoraConfig LORA = LoraConfig.of(8, 16, LoraConfig.allLinear());
    static final double PEAK_RATE = 1e-3;
    static final LearningRate RATE = new LearningRate(PEAK_RATE, LearningRate.Schedule.COSINE, 10);
    static final int BATCH = 27;
    static final int MAX_ANSWER = 40;

    /** A question in the form that the model was made with. */
    static String prompt(String question) {
        return "Question: " + question + "\nAnswer:";
    }
}
