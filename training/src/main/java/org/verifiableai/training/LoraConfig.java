package org.verifiableai.training;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How a model is adapted: y = W x + (alpha / r) B A x for each target module, where A has r rows and B r columns. Names and
 * meaning are those of PEFT's LoraConfig. Immutable.
 *
 * <p>Dropout, rsLoRA, DoRA, and patterns of rank and alpha are not supported by this version; an adapter that uses them is
 * refused by name when it is read.
 *
 * @param r the rank, 1 to 1024
 * @param loraAlpha the numerator of the scale, above 0
 * @param targetModules the adapted linear maps by their short names, such as {@code q_proj}; in every layer
 */
public record LoraConfig(int r, int loraAlpha, SortedSet<String> targetModules) {

    private static final int MAX_RANK = 1024;

    /**
     * Checks and copies.
     *
     * @throws IllegalArgumentException if a number is out of range, or a module is none of the seven of a decoder layer
     */
    public LoraConfig {
        if (r < 1 || r > MAX_RANK) {
            throw new IllegalArgumentException("r must be of 1 to " + MAX_RANK + ", found " + r);
        }
        if (loraAlpha < 1) {
            throw new IllegalArgumentException("lora_alpha must be above 0, found " + loraAlpha);
        }
        if (targetModules.isEmpty()) {
            throw new IllegalArgumentException("target_modules must name at least one module, found none");
        }
        targetModules = Collections.unmodifiableSortedSet(new TreeSet<>(targetModules));
        for (String module : targetModules) {
            if (Linear.ofShortName(module).isEmpty()) {
                throw new IllegalArgumentException("target_modules must be among " + allLinear() + ", found " + module);
            }
        }
    }

    /** A configuration of these modules. */
    public static LoraConfig of(int r, int loraAlpha, Collection<String> targetModules) {
        return new LoraConfig(r, loraAlpha, new TreeSet<>(targetModules));
    }

    /** Every linear map of a decoder layer: what PEFT calls {@code all-linear}. */
    public static List<String> allLinear() {
        return Arrays.stream(Linear.values()).map(Linear::shortName).sorted().toList();
    }

    /** What the update is multiplied by, {@code lora_alpha / r}. */
    public double scaling() {
        return (double) loraAlpha / r;
    }

    /** The adapted maps in the order in which the script lists their A and B. */
    List<Linear> targets() {
        return Arrays.stream(Linear.values())
                .filter(linear -> targetModules.contains(linear.shortName()))
                .toList();
    }
}
