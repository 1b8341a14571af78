package org.verifiableai.attestation.nvidia;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * What a policy says, each demand once and by the name that it has in JSON. A builder fills its own in and hands a policy
 * a copy, which nobody changes afterwards.
 */
final class GpuDemands {

    /** Of a number that is not demanded. */
    static final int ANY = -1;

    @Nullable
    Bytes nonce;

    /** Set where the nonce is that of a public sample. */
    @Nullable
    String sampleNonceReason;

    @Nullable
    String withoutFreshness;

    @Nullable
    String useReferenceValuesIfAvailable;

    @Nullable
    String withoutReferenceValues;

    @Nullable
    String useRevocationIfAvailable;

    @Nullable
    String withoutRevocation;

    @Nullable
    String allowHold;

    @Nullable
    String withoutFwid;

    /** Empty where the default holds. */
    final Set<GpuArchitecture> architectures = EnumSet.noneOf(GpuArchitecture.class);

    int chainLength = GpuPolicy.DEFAULT_CHAIN_LENGTH;

    final Set<FeatureFlag> modes = EnumSet.noneOf(FeatureFlag.class);

    @Nullable
    VersionNumber minimumDriver;

    final Map<GpuArchitecture, VersionNumber> minimumVbios = new EnumMap<>(GpuArchitecture.class);

    /** Upper case. */
    final SortedSet<String> allowedVbios = new TreeSet<>();

    /** Decimal. */
    final SortedSet<String> allowedUeids = new TreeSet<>();

    int gpus = ANY;
    int switches = ANY;
    boolean requireTopology;

    GpuDemands copy() {
        GpuDemands copy = new GpuDemands();
        copy.nonce = nonce;
        copy.sampleNonceReason = sampleNonceReason;
        copy.withoutFreshness = withoutFreshness;
        copy.useReferenceValuesIfAvailable = useReferenceValuesIfAvailable;
        copy.withoutReferenceValues = withoutReferenceValues;
        copy.useRevocationIfAvailable = useRevocationIfAvailable;
        copy.withoutRevocation = withoutRevocation;
        copy.allowHold = allowHold;
        copy.withoutFwid = withoutFwid;
        copy.architectures.addAll(architectures);
        copy.chainLength = chainLength;
        copy.modes.addAll(modes);
        copy.minimumDriver = minimumDriver;
        copy.minimumVbios.putAll(minimumVbios);
        copy.allowedVbios.addAll(allowedVbios);
        copy.allowedUeids.addAll(allowedUeids);
        copy.gpus = gpus;
        copy.switches = switches;
        copy.requireTopology = requireTopology;
        return copy;
    }
}
