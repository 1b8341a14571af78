package org.verifiableai.attestation.nvidia;

/**
 * The opaque fields of a report in NVIDIA's legacy layout whose meaning is known. Integers in them are little-endian;
 * texts are ASCII, padded with NUL.
 */
public enum OpaqueField {
    /** Version of the GPU's driver, a text. */
    DRIVER_VERSION(3),
    /** Eight bytes about the GPU. */
    GPU_INFO(4),
    /** Version of the firmware image: eight bytes of a GPU, a text of a switch. Tells the two kinds apart. */
    VBIOS_VERSION(6),
    /** Whether video decoder 0 is on: 0xaa or 0x55. */
    NVDEC0_STATUS(11),
    /** How often each measurement was extended, four bytes each. */
    MEASUREMENT_COUNTS(12),
    /** Four bytes about the compute-protected region. */
    CPR_INFO(13),
    /** Board, four bytes. */
    BOARD_ID(14),
    /** Chip SKU, a text. */
    CHIP_SKU(15),
    /** Modifier of the chip SKU, a text. */
    CHIP_SKU_MODIFIER(16),
    /** Project, a text. */
    PROJECT(17),
    /** SKU of the project, a text. */
    PROJECT_SKU(18),
    /** Modifier of the project's SKU, two bytes. */
    PROJECT_SKU_MODIFIER(19),
    /** SHA-384 of the firmware whose key signed the report, 48 bytes. */
    FWID(20),
    /** Whether protected PCIe is on: 0xaa or 0x55. */
    PROTECTED_PCIE_STATUS(21),
    /** Of a GPU: the device identifier of the switch at each link. Of a switch: its own device identifier. */
    SWITCH_PDI(22),
    /** Bit field of a switch's disabled ports. */
    SWITCH_DISABLED_PORTS(23),
    /** Position of a switch. */
    SWITCH_POSITION(24),
    /** Lock status of a switch. */
    SWITCH_LOCK_STATUS(25),
    /** Eight device identifiers of GPUs, then the port of each link, 128 bytes. */
    SWITCH_GPU_PDIS(26),
    /** Links between GPUs. */
    GPU_LINKS(32),
    /** Which systems are enabled. */
    SYSTEM_ENABLE_STATUS(33),
    /** Version of the opaque data, two bytes; absent, 0 or 1 in this layout. */
    OPAQUE_DATA_VERSION(34),
    /** Chip, a text. */
    CHIP_INFO(35),
    /** Confidential-computing mode, two bytes; see {@link FeatureFlag}. */
    FEATURE_FLAG(36);

    private final int id;

    OpaqueField(int id) {
        this.id = id;
    }

    /** The field's type as it stands in a report, 0 to 65535. */
    public int id() {
        return id;
    }
}
