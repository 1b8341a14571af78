package org.verifiableai.training;

import ai.djl.engine.Engine;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What training gave, and what a manifest says of the run.
 *
 * @param adapter the adapter, in memory
 * @param losses the loss of each optimiser step, before the step, in nats per learnt token
 * @param environment what computed it: the versions {@code pytorch}, {@code djl} and {@code java}, the {@code device},
 *     the {@code platform} and the {@code threads} of one operation. Equal environments on processors of different models
 *     may still differ in the last bits
 */
public record TrainingResult(LoraAdapter adapter, List<Double> losses, SortedMap<String, String> environment) {

    /** Copies. */
    public TrainingResult {
        losses = List.copyOf(losses);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }

    /** The engine, device and threads of this process. */
    static SortedMap<String, String> currentEnvironment() {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("pytorch", TorchScript.version());
        environment.put("djl", Engine.getDjlVersion());
        environment.put("device", "cpu");
        environment.put("threads", Integer.toString(TorchScript.threads()));
        environment.put("platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("java", String.valueOf(System.getProperty("java.version")));
        return environment;
    }
}
