package org.verifiableai.training;

import java.time.Duration;

/**
 * One optimiser step.
 *
 * @param step its number, from 1
 * @param total how many there will be
 * @param loss the mean cross entropy per learnt token, in nats, before the step
 * @param learningRate the rate of the step
 * @param gradientNorm the norm of all gradients before clipping
 * @param tokens how many tokens were learnt from
 * @param elapsed the time since training began
 */
public record TrainingStep(
        int step, int total, double loss, double learningRate, double gradientNorm, int tokens, Duration elapsed) {}
