package org.verifiableai.training;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What training gave, and what a manifest says of the run.
 *
 * @param adapter the adapter, in memory
 * @param losses the loss of each optimiser step, before the step, in nats per learnt token
 * @param environment what computed it, as {@link TorchRuntime#environment()} says
 */
public record TrainingResult(LoraAdapter adapter, List<Double> losses, SortedMap<String, String> environment) {

    /** Copies. */
    public TrainingResult {
        losses = List.copyOf(losses);
        environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    }
}
