package org.verifiableai.attestation.nvidia;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What a device says of itself beside its measurements, in NVIDIA's legacy layout: a sequence of type, size and data.
 * Immutable.
 *
 * <p>The fields are inside the signed bytes, so they are as true as the report's signature. Fields of types that this
 * version does not know are kept in {@link #fields()}: they are signed, and nothing is decided on them.
 */
public final class OpaqueData {

    private static final int GPU_VBIOS_SIZE = 8;
    private static final int PDI_SIZE = 8;
    private static final int SWITCH_GPUS = 8;
    private static final int SWITCH_GPU_PDIS_SIZE = 128;
    private static final int FWID_SIZE = 48;
    private static final int BOARD_ID_SIZE = 4;
    private static final int COUNT_SIZE = 4;
    private static final int MAX_LEGACY_VERSION = 1;
    private static final Pattern SWITCH_VBIOS = Pattern.compile("[0-9A-Fa-f]{2}(\\.[0-9A-Fa-f]{2}){4}");

    private final OpaqueFields fields;
    private final OptionalInt version;
    private final DeviceKind kind;
    private final String vbiosVersion;
    private final Optional<String> driverVersion;
    private final Optional<Bytes> boardId;
    private final Optional<String> chipSku;
    private final Optional<String> chipSkuModifier;
    private final Optional<String> project;
    private final Optional<String> projectSku;
    private final Optional<String> chipInfo;
    private final Optional<UnitStatus> nvdec0Status;
    private final Optional<UnitStatus> protectedPcieStatus;
    private final Optional<Bytes> fwid;
    private final Optional<FeatureFlag> featureFlag;
    private final List<Long> measurementCounts;
    private final List<Bytes> switchPdis;
    private final List<Bytes> gpuPdis;

    private OpaqueData(OpaqueFields fields) throws MalformedEvidenceException {
        this.fields = fields;
        this.version = version(fields);
        Bytes vbios = fields.raw(OpaqueField.VBIOS_VERSION)
                .orElseThrow(() -> fields.malformed(OpaqueField.VBIOS_VERSION, "a field", "none"));
        this.kind = vbios.size() == GPU_VBIOS_SIZE ? DeviceKind.GPU : DeviceKind.SWITCH;
        this.vbiosVersion = kind == DeviceKind.GPU ? gpuVbios(vbios) : switchVbios(fields);
        this.driverVersion = fields.name(OpaqueField.DRIVER_VERSION);
        this.boardId = fields.sized(OpaqueField.BOARD_ID, BOARD_ID_SIZE);
        this.chipSku = fields.name(OpaqueField.CHIP_SKU);
        this.chipSkuModifier = fields.name(OpaqueField.CHIP_SKU_MODIFIER);
        this.project = fields.name(OpaqueField.PROJECT);
        this.projectSku = fields.name(OpaqueField.PROJECT_SKU);
        this.chipInfo = fields.name(OpaqueField.CHIP_INFO);
        this.nvdec0Status = fields.status(OpaqueField.NVDEC0_STATUS);
        this.protectedPcieStatus = fields.status(OpaqueField.PROTECTED_PCIE_STATUS);
        this.fwid = fields.sized(OpaqueField.FWID, FWID_SIZE);
        this.featureFlag = featureFlag(fields);
        this.measurementCounts = fields.parts(OpaqueField.MEASUREMENT_COUNTS, COUNT_SIZE).stream()
                .map(OpaqueData::u32)
                .toList();
        this.switchPdis = switchPdis(fields, kind);
        fields.sized(OpaqueField.SWITCH_GPU_PDIS, SWITCH_GPU_PDIS_SIZE);
        this.gpuPdis = fields.parts(OpaqueField.SWITCH_GPU_PDIS, PDI_SIZE).stream()
                .limit(SWITCH_GPUS)
                .toList();
    }

    static OpaqueData parse(SpdmReader in) throws MalformedEvidenceException {
        return new OpaqueData(OpaqueFields.parse(in));
    }

    /** Every field in the order of the report: type to data, unknown types too. */
    public Map<Integer, Bytes> fields() {
        return fields.all();
    }

    /** The data of one field as they stand in the report. */
    public Optional<Bytes> field(OpaqueField field) {
        return fields.raw(field);
    }

    /** Whether a GPU or a switch wrote these fields. */
    public DeviceKind kind() {
        return kind;
    }

    /** Version of the firmware image as five pairs of hex digits in upper case, such as {@code 96.00.9F.00.01}. */
    public String vbiosVersion() {
        return vbiosVersion;
    }

    /** Version of the driver, such as {@code 550.90.07}; a switch has none. */
    public Optional<String> driverVersion() {
        return driverVersion;
    }

    /** Board identifier, four bytes in the report's order. */
    public Optional<Bytes> boardId() {
        return boardId;
    }

    /** Chip SKU, such as {@code 882}. */
    public Optional<String> chipSku() {
        return chipSku;
    }

    /** Modifier of the chip SKU, such as {@code 0}. */
    public Optional<String> chipSkuModifier() {
        return chipSkuModifier;
    }

    /** Project, such as {@code 1010} or {@code G520}. */
    public Optional<String> project() {
        return project;
    }

    /** SKU of the project, such as {@code 0200}. */
    public Optional<String> projectSku() {
        return projectSku;
    }

    /** Chip, such as {@code GB100}; only later firmware states it. */
    public Optional<String> chipInfo() {
        return chipInfo;
    }

    /** Whether video decoder 0 is on. */
    public Optional<UnitStatus> nvdec0Status() {
        return nvdec0Status;
    }

    /** Whether protected PCIe is on. */
    public Optional<UnitStatus> protectedPcieStatus() {
        return protectedPcieStatus;
    }

    /** SHA-384 of the firmware whose key signed the report, 48 bytes; firmware of 2023 and switches state none. */
    public Optional<Bytes> fwid() {
        return fwid;
    }

    /** Version of the opaque data: empty, 0 or 1. */
    public OptionalInt version() {
        return version;
    }

    /** The GPU's mode; empty also where the opaque data are of a version (below 1) in which the field means nothing. */
    public Optional<FeatureFlag> featureFlag() {
        return version.orElse(0) < 1 ? Optional.empty() : featureFlag;
    }

    /**
     * The mode that the report states: by its field, or where firmware has none yet, protected PCIe if that is on. Empty
     * where the report says nothing of its mode, or only that protected PCIe is off.
     */
    public Optional<FeatureFlag> mode() {
        return featureFlag()
                .or(() -> protectedPcieStatus
                        .filter(status -> status == UnitStatus.ENABLED)
                        .map(status -> FeatureFlag.PPCIE));
    }

    /**
     * The modes that are in keeping with everything that the report states: the one of its field, and protected PCIe if and
     * only if that is on. Empty where the two contradict each other.
     */
    Set<FeatureFlag> possibleModes() {
        Set<FeatureFlag> possible = EnumSet.allOf(FeatureFlag.class);
        featureFlag().ifPresent(flag -> possible.retainAll(Set.of(flag)));
        protectedPcieStatus.ifPresent(
                status -> possible.removeIf(flag -> (flag == FeatureFlag.PPCIE) != (status == UnitStatus.ENABLED)));
        return possible;
    }

    /** How often each measurement was extended, in the report's order; empty where the report does not say. */
    public List<Long> measurementCounts() {
        return measurementCounts;
    }

    /**
     * The device identifiers of the switches that this device names, eight bytes each, in the byte order in which a
     * switch states its own. A GPU has one for each link, and zeros for a link that is not used; a switch has its own
     * alone; empty where the report does not say.
     */
    public List<Bytes> switchPdis() {
        return switchPdis;
    }

    /** The device identifiers of the eight GPUs that a switch names, eight bytes each; empty where it names none. */
    public List<Bytes> gpuPdis() {
        return gpuPdis;
    }

    private static OptionalInt version(OpaqueFields fields) throws MalformedEvidenceException {
        OptionalInt version = fields.u16(OpaqueField.OPAQUE_DATA_VERSION);
        if (version.orElse(0) > MAX_LEGACY_VERSION) {
            throw fields.malformed(
                    OpaqueField.OPAQUE_DATA_VERSION,
                    "absent, 0 or 1 in the legacy layout",
                    "unsupported opaque data version " + version.getAsInt());
        }
        return version;
    }

    /** The version's first four pairs are a little-endian word, the fifth is the byte after it. */
    private static String gpuVbios(Bytes data) {
        return String.format(
                "%02X.%02X.%02X.%02X.%02X",
                data.unsigned(3), data.unsigned(2), data.unsigned(1), data.unsigned(0), data.unsigned(4));
    }

    private static String switchVbios(OpaqueFields fields) throws MalformedEvidenceException {
        String text = fields.name(OpaqueField.VBIOS_VERSION).orElse("");
        if (!SWITCH_VBIOS.matcher(text).matches()) {
            throw fields.malformed(
                    OpaqueField.VBIOS_VERSION,
                    "8 bytes of a GPU, or of a switch a text of five pairs of hex digits joined by dots",
                    text);
        }
        return text.toUpperCase(Locale.ROOT);
    }

    private static Optional<FeatureFlag> featureFlag(OpaqueFields fields) throws MalformedEvidenceException {
        OptionalInt flag = fields.u16(OpaqueField.FEATURE_FLAG);
        if (flag.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(FeatureFlag.of(flag.getAsInt())
                .orElseThrow(() -> fields.malformed(
                        OpaqueField.FEATURE_FLAG, "0 (SPT), 1 (MPT) or 2 (PPCIE)", Integer.toString(flag.getAsInt()))));
    }

    private static List<Bytes> switchPdis(OpaqueFields fields, DeviceKind kind) throws MalformedEvidenceException {
        if (kind == DeviceKind.SWITCH) {
            return fields.sized(OpaqueField.SWITCH_PDI, PDI_SIZE).stream().toList();
        }
        // A GPU writes the identifiers of switches the other way round.
        return fields.parts(OpaqueField.SWITCH_PDI, PDI_SIZE).stream()
                .map(Bytes::reversed)
                .toList();
    }

    private static long u32(Bytes littleEndian) {
        return (long) littleEndian.unsigned(3) << 24
                | littleEndian.unsigned(2) << 16
                | littleEndian.unsigned(1) << 8
                | littleEndian.unsigned(0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof OpaqueData that && fields().equals(that.fields());
    }

    @Override
    public int hashCode() {
        return fields().hashCode();
    }

    @Override
    public String toString() {
        return "OpaqueData" + fields();
    }
}
