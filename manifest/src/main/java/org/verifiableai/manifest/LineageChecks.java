package org.verifiableai.manifest;

import java.util.List;
import org.verifiableai.attestation.CheckId;

/** The checks of {@link LineageVerifier}, by their stable names. */
public final class LineageChecks {

    /** Each model of the lineage that has a manifest is accepted by {@link ProvenanceVerifier} under its policy. */
    public static final CheckId MODEL = new CheckId("lineage.model");

    /** The manifest found for a base model is about that model, and no model has two manifests. */
    public static final CheckId IDENTITY = new CheckId("lineage.identity");

    /** A base model without manifest is named by the policy of each model that was trained from it. */
    public static final CheckId BASE = new CheckId("lineage.base");

    /** No model is among those that it was trained from. */
    public static final CheckId CYCLE = new CheckId("lineage.cycle");

    /** No model with a manifest is further from those asked about than the policy allows. */
    public static final CheckId DEPTH = new CheckId("lineage.depth");

    /** There are no more models with manifests than the policy allows. */
    public static final CheckId SIZE = new CheckId("lineage.size");

    /** No model began to be trained before the manifest of its base model was signed, by the clocks of their guests. */
    public static final CheckId TIME = new CheckId("lineage.time");

    /** All of them, in the order in which a verdict lists them. */
    public static final List<CheckId> ALL = List.of(MODEL, IDENTITY, BASE, CYCLE, DEPTH, SIZE, TIME);

    private LineageChecks() {}
}
