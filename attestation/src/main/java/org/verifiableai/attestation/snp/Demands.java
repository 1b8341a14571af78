package org.verifiableai.attestation.snp;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;

/**
 * What a policy says, each demand once and by the name that it has in JSON. A builder fills its own in and hands a policy
 * a copy, which nobody changes afterwards.
 */
final class Demands {

    @Nullable
    Bytes reportData;

    @Nullable
    String withoutFreshness;

    /** Each with its name; empty where it has none. */
    final Map<Bytes, String> measurements = new LinkedHashMap<>();

    /** Each by its name. */
    final SortedMap<String, LaunchConfiguration> launches = new TreeMap<>();

    @Nullable
    String anyMeasurement;

    Revocation revocation = Revocation.REQUIRE;

    @Nullable
    String revocationReason;

    @Nullable
    ProductLine productLine;

    @Nullable
    String allowVlek;

    @Nullable
    String allowMaskedChipId;

    /** Each 64 bytes long. */
    final Set<Bytes> allowedChips = new LinkedHashSet<>();

    final SortedSet<String> allowedCsps = new TreeSet<>();

    @Nullable
    String allowDebug;

    @Nullable
    String allowMigrationAgent;

    int minimumAbiMajor;
    int minimumAbiMinor;
    boolean refuseSmt;
    boolean refuseCxl;
    final Set<GuestPolicy.Requirement> requireGuestPolicy = EnumSet.noneOf(GuestPolicy.Requirement.class);
    boolean refuseUnknownGuestPolicyBits;

    final Set<PlatformInfo.Feature> requirePlatform = EnumSet.noneOf(PlatformInfo.Feature.class);
    final Set<PlatformInfo.Feature> refusePlatform = EnumSet.noneOf(PlatformInfo.Feature.class);
    boolean refuseUnknownPlatformBits;

    final SortedSet<Integer> vmpls = new TreeSet<>(Set.of(0));

    @Nullable
    Bytes hostData;

    long minimumGuestSvn;

    @Nullable
    Bytes familyId;

    @Nullable
    Bytes imageId;

    @Nullable
    Bytes reportId;

    @Nullable
    Bytes reportIdMa;

    boolean requireIdBlock;
    boolean requireAuthorKey;
    final Set<Bytes> trustedIdKeys = new LinkedHashSet<>();
    final Set<Bytes> trustedAuthorKeys = new LinkedHashSet<>();

    @Nullable
    TcbMinimum minimumTcb;

    @Nullable
    TcbMinimum minimumCommittedTcb;

    @Nullable
    TcbMinimum minimumLaunchTcb;

    @Nullable
    FirmwareVersion minimumFirmware;

    @Nullable
    FirmwareVersion minimumCommittedFirmware;

    boolean refuseProvisionalFirmware;

    /** Zero where nothing is demanded. */
    long requireLaunchMitigations;

    /** Zero where nothing is demanded. */
    long requireCurrentMitigations;

    Demands copy() {
        Demands copy = new Demands();
        copy.reportData = reportData;
        copy.withoutFreshness = withoutFreshness;
        copy.measurements.putAll(measurements);
        copy.launches.putAll(launches);
        copy.anyMeasurement = anyMeasurement;
        copy.revocation = revocation;
        copy.revocationReason = revocationReason;
        copy.productLine = productLine;
        copy.allowVlek = allowVlek;
        copy.allowMaskedChipId = allowMaskedChipId;
        copy.allowedChips.addAll(allowedChips);
        copy.allowedCsps.addAll(allowedCsps);
        copy.allowDebug = allowDebug;
        copy.allowMigrationAgent = allowMigrationAgent;
        copy.minimumAbiMajor = minimumAbiMajor;
        copy.minimumAbiMinor = minimumAbiMinor;
        copy.refuseSmt = refuseSmt;
        copy.refuseCxl = refuseCxl;
        copy.requireGuestPolicy.addAll(requireGuestPolicy);
        copy.refuseUnknownGuestPolicyBits = refuseUnknownGuestPolicyBits;
        copy.requirePlatform.addAll(requirePlatform);
        copy.refusePlatform.addAll(refusePlatform);
        copy.refuseUnknownPlatformBits = refuseUnknownPlatformBits;
        copy.vmpls.clear();
        copy.vmpls.addAll(vmpls);
        copy.hostData = hostData;
        copy.minimumGuestSvn = minimumGuestSvn;
        copy.familyId = familyId;
        copy.imageId = imageId;
        copy.reportId = reportId;
        copy.reportIdMa = reportIdMa;
        copy.requireIdBlock = requireIdBlock;
        copy.requireAuthorKey = requireAuthorKey;
        copy.trustedIdKeys.addAll(trustedIdKeys);
        copy.trustedAuthorKeys.addAll(trustedAuthorKeys);
        copy.minimumTcb = minimumTcb;
        copy.minimumCommittedTcb = minimumCommittedTcb;
        copy.minimumLaunchTcb = minimumLaunchTcb;
        copy.minimumFirmware = minimumFirmware;
        copy.minimumCommittedFirmware = minimumCommittedFirmware;
        copy.refuseProvisionalFirmware = refuseProvisionalFirmware;
        copy.requireLaunchMitigations = requireLaunchMitigations;
        copy.requireCurrentMitigations = requireCurrentMitigations;
        return copy;
    }
}
