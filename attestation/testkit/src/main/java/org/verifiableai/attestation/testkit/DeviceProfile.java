package org.verifiableai.attestation.testkit;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.OpaqueField;

/** What devices of one architecture have in common: names, the place of the firmware identifier, fields and counts. */
enum DeviceProfile {
    HOPPER("GH100", "GH100 A01 GSP", "NVIDIA GH100 Identity", "NVIDIA GH100 Provisioner ICA 1", 64),
    BLACKWELL("GB100", "GB100 A01 GSP", "NVIDIA GB100 Identity", "NVIDIA GB100 Provisioner ICA 00000", 64),
    // A switch of this generation descends from the identity authority of Hopper.
    LS10("LS10", "LS_10 A01 FSP", "NVIDIA GH100 Identity", "NVIDIA LS_10 Provisioner ICA 1", 31);

    private final String chip;
    private final String unit;
    private final String identity;
    private final String provisioner;
    private final int measurementCount;

    DeviceProfile(String chip, String unit, String identity, String provisioner, int measurementCount) {
        this.chip = chip;
        this.unit = unit;
        this.identity = identity;
        this.provisioner = provisioner;
        this.measurementCount = measurementCount;
    }

    static DeviceProfile of(GpuArchitecture architecture) {
        return switch (architecture) {
            case HOPPER -> HOPPER;
            case BLACKWELL -> BLACKWELL;
            case LS10 -> LS10;
        };
    }

    String identityName() {
        return "CN=" + identity + ",O=NVIDIA Corporation";
    }

    String provisionerName() {
        return "CN=" + provisioner + ",O=NVIDIA Corporation,C=US";
    }

    String bromName(String identifier) {
        return deviceName(identifier) + unit + " BROM";
    }

    String leafName(String identifier) {
        return deviceName(identifier) + unit + " FMC LF";
    }

    void stateFwid(DeviceCertificate leaf, SoftwareKey key) {
        if (this == BLACKWELL) {
            leaf.withTcbInfo(fwid());
        } else {
            leaf.withCompositeDeviceId(key, fwid());
        }
    }

    SortedMap<Integer, Bytes> measurements() {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        for (int index = 1; index <= measurementCount; index++) {
            values.put(index, digest("measurement " + index));
        }
        return values;
    }

    Map<Integer, Bytes> opaqueFields() {
        Map<OpaqueField, Bytes> fields = new LinkedHashMap<>();
        if (this == LS10) {
            fields.put(OpaqueField.VBIOS_VERSION, Bytes.utf8("96.10.55.00.01"));
            fields.put(OpaqueField.SWITCH_PDI, digest("pdi").slice(0, 8));
            fields.put(OpaqueField.MEASUREMENT_COUNTS, Bytes.zeros(4 * 26));
            fields.put(OpaqueField.SWITCH_GPU_PDIS, Bytes.zeros(128));
        } else {
            fields.put(OpaqueField.VBIOS_VERSION, Bytes.fromHex("009f009601000000"));
            fields.put(OpaqueField.BOARD_ID, Bytes.fromHex("b1030000"));
            fields.put(OpaqueField.CHIP_SKU, Bytes.utf8("882\0\0\0\0\0\0"));
            fields.put(OpaqueField.CHIP_SKU_MODIFIER, Bytes.utf8("0\0\0\0\0"));
            fields.put(OpaqueField.PROJECT, Bytes.utf8("1010\0"));
            fields.put(OpaqueField.PROJECT_SKU, Bytes.utf8("0200\0"));
            fields.put(OpaqueField.DRIVER_VERSION, Bytes.utf8("580.95.05\0"));
            fields.put(OpaqueField.MEASUREMENT_COUNTS, Bytes.zeros(4 * measurementCount));
            fields.put(OpaqueField.NVDEC0_STATUS, Bytes.fromHex("55"));
            fields.put(OpaqueField.FWID, fwid());
            if (this == BLACKWELL) {
                fields.put(OpaqueField.CHIP_INFO, Bytes.utf8(chip + "\0"));
            } else {
                fields.put(OpaqueField.PROTECTED_PCIE_STATUS, Bytes.fromHex("55"));
            }
            fields.put(OpaqueField.OPAQUE_DATA_VERSION, Bytes.fromHex("0100"));
            fields.put(OpaqueField.FEATURE_FLAG, Bytes.fromHex("0000"));
        }
        Map<Integer, Bytes> byId = new LinkedHashMap<>();
        fields.forEach((field, data) -> byId.put(field.id(), data));
        return byId;
    }

    private String deviceName(String identifier) {
        return "SERIALNUMBER=" + identifier + ",C=US,O=NVIDIA Corporation,CN=";
    }

    private Bytes fwid() {
        return digest("firmware");
    }

    private Bytes digest(String what) {
        return Bytes.utf8("software " + chip + " " + what).sha384();
    }
}
