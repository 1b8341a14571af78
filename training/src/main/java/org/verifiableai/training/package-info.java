/**
 * LoRA fine-tuning of language models on DJL's PyTorch engine, with PEFT adapters out and in.
 *
 * <p>A {@link org.verifiableai.training.HfCheckpoint} is read from a Hugging Face folder and becomes a
 * {@link org.verifiableai.training.CausalLm}. A {@link org.verifiableai.training.LoraTrainer} teaches it
 * {@link org.verifiableai.training.TrainingData} and gives a {@link org.verifiableai.training.LoraAdapter}; a
 * {@link org.verifiableai.training.Generator} asks it questions, with an adapter or without.
 *
 * <p>Forward, backward and optimiser run inside TorchScript that this package writes and PyTorch compiles: two native
 * calls a batch. On one machine, with one seed, training gives the same bytes every time.
 *
 * <p>An application adds PyTorch's native libraries itself, for example {@code ai.djl.pytorch:pytorch-native-cpu:2.7.1}
 * with the classifier of its platform. Nothing here touches the network.
 */
@NullMarked
package org.verifiableai.training;

import org.jspecify.annotations.NullMarked;
