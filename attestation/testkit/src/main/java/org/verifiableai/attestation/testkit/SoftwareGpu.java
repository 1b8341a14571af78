package org.verifiableai.attestation.testkit;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.FeatureFlag;
import org.verifiableai.attestation.nvidia.GpuEvidence;
import org.verifiableai.attestation.nvidia.GpuEvidenceSource;
import org.verifiableai.attestation.nvidia.GpuReport;
import org.verifiableai.attestation.nvidia.OpaqueField;

/**
 * A GPU or NVSwitch made of software: it signs whatever report a test asks for, sound or not. Immutable and thread-safe;
 * each {@code with} method gives another device with the same key. {@link SoftwareNvidia} makes them.
 */
public final class SoftwareGpu implements GpuEvidenceSource {

    private static final int LINKS = 18;
    private static final int SWITCH_GPU_PDIS_SIZE = 128;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Bytes REQUEST_HEAD = Bytes.fromHex("11e001ff");
    private static final Bytes SLOT = Bytes.zeros(1);
    private static final Bytes RESPONSE_HEAD = Bytes.fromHex("11600000");

    private final SoftwareKey key;
    private final List<Bytes> certificates;
    private final List<SoftwareOcsp> responders;
    private final SortedMap<Integer, Bytes> measurements;
    private final Map<Integer, Bytes> opaqueFields;
    private final Bytes trailingBytes;

    SoftwareGpu(
            SoftwareKey key,
            List<Bytes> certificates,
            List<SoftwareOcsp> responders,
            SortedMap<Integer, Bytes> measurements,
            Map<Integer, Bytes> opaqueFields,
            Bytes trailingBytes) {
        this.key = key;
        this.certificates = List.copyOf(certificates);
        this.responders = List.copyOf(responders);
        this.measurements = Collections.unmodifiableSortedMap(new TreeMap<>(measurements));
        this.opaqueFields = Collections.unmodifiableMap(new LinkedHashMap<>(opaqueFields));
        this.trailingBytes = trailingBytes;
    }

    /** Report and chain, in the state that the {@code with} methods gave this device. Never unavailable. */
    @Override
    public GpuEvidence evidence(Bytes nonce) {
        return new GpuEvidence(report(nonce), certificates);
    }

    /**
     * A signed report that answers {@code nonce}.
     *
     * @throws IllegalArgumentException if {@code nonce} is not of 32 bytes
     */
    public Bytes report(Bytes nonce) {
        if (nonce.size() != GpuReport.NONCE_SIZE) {
            throw new IllegalArgumentException(
                    "nonce must be of " + GpuReport.NONCE_SIZE + " bytes, found " + nonce.size());
        }
        byte[] responderNonce = new byte[GpuReport.NONCE_SIZE];
        RANDOM.nextBytes(responderNonce);
        Bytes record = measurementRecord();
        Bytes opaque = opaqueData();
        Bytes signed = REQUEST_HEAD.concat(
                nonce,
                SLOT,
                RESPONSE_HEAD,
                integer(measurements.size(), 1),
                integer(record.size(), 3),
                record,
                Bytes.of(responderNonce),
                integer(opaque.size(), 2),
                opaque);
        return signed.concat(sign(signed), trailingBytes);
    }

    /** The device's signature over any bytes at all: ECDSA on P-384 with SHA-384, r and s, 48 bytes each, big-endian. */
    public Bytes sign(Bytes message) {
        return key.sign(message);
    }

    /** Its certificate chain, DER, leaf first and root last. */
    public List<Bytes> certificates() {
        return certificates;
    }

    /**
     * Who answers for one certificate of the chain that this device was made with.
     *
     * @param certificate 1 to 3: nobody answers for the leaf, which the device made itself, and for the root
     */
    public SoftwareOcsp ocsp(int certificate) {
        return responders.get(Objects.checkIndex(certificate - 1, responders.size()));
    }

    /** Good answers about certificates 1 to 3, in that order, by those who answer for the chain it was made with. */
    public List<Bytes> ocspAnswers(Instant thisUpdate) {
        List<Bytes> answers = new ArrayList<>();
        for (int i = 0; i < responders.size(); i++) {
            answers.add(responders.get(i).answer(certificates.get(i + 1), thisUpdate));
        }
        return List.copyOf(answers);
    }

    /** This device with one measurement changed or added; indices are SPDM's and begin at 1. */
    public SoftwareGpu withMeasurement(int index, Bytes value) {
        SortedMap<Integer, Bytes> changed = new TreeMap<>(measurements);
        changed.put(index, value);
        return new SoftwareGpu(key, certificates, responders, changed, opaqueFields, trailingBytes);
    }

    /** This device with one opaque field changed, or added behind the others. */
    public SoftwareGpu withOpaque(OpaqueField field, Bytes data) {
        return withOpaque(field.id(), data);
    }

    /** This device with one opaque field of any type changed, or added behind the others. */
    public SoftwareGpu withOpaque(int type, Bytes data) {
        Map<Integer, Bytes> changed = new LinkedHashMap<>(opaqueFields);
        changed.put(type, data);
        return new SoftwareGpu(key, certificates, responders, measurements, changed, trailingBytes);
    }

    /** This device without one opaque field. */
    public SoftwareGpu withoutOpaque(OpaqueField field) {
        Map<Integer, Bytes> changed = new LinkedHashMap<>(opaqueFields);
        changed.remove(field.id());
        return new SoftwareGpu(key, certificates, responders, measurements, changed, trailingBytes);
    }

    /** This GPU with another driver. */
    public SoftwareGpu withDriver(String version) {
        return withOpaque(OpaqueField.DRIVER_VERSION, Bytes.utf8(version + "\0"));
    }

    /** This GPU in another mode: its field says so, and protected PCIe is on or off accordingly. */
    public SoftwareGpu withMode(FeatureFlag mode) {
        int value = switch (mode) {
            case SPT -> 0;
            case MPT -> 1;
            case PPCIE -> 2;
        };
        return withOpaque(OpaqueField.FEATURE_FLAG, integer(value, 2))
                .withOpaque(OpaqueField.PROTECTED_PCIE_STATUS, Bytes.fromHex(mode == FeatureFlag.PPCIE ? "aa" : "55"));
    }

    /**
     * This GPU with its links going to these switches in turn, and without one where there is none.
     *
     * @param pdis the identifiers of switches as they state their own, eight bytes each
     */
    public SoftwareGpu linkedTo(List<Bytes> pdis) {
        Bytes field = Bytes.EMPTY;
        for (int link = 0; link < LINKS; link++) {
            // A GPU writes them the other way round.
            field = field.concat(
                    pdis.isEmpty()
                            ? Bytes.zeros(8)
                            : pdis.get(link % pdis.size()).reversed());
        }
        return withOpaque(OpaqueField.SWITCH_PDI, field);
    }

    /** This switch with another identifier of its own, eight bytes. */
    public SoftwareGpu withPdi(Bytes pdi) {
        return withOpaque(OpaqueField.SWITCH_PDI, pdi);
    }

    /** This switch linked to these GPUs, eight at most, by their identifiers of eight bytes each. */
    public SoftwareGpu namingGpus(List<Bytes> pdis) {
        Bytes field = Bytes.EMPTY.concat(pdis.toArray(Bytes[]::new));
        return withOpaque(OpaqueField.SWITCH_GPU_PDIS, field.concat(Bytes.zeros(SWITCH_GPU_PDIS_SIZE - field.size())));
    }

    /** This device with other certificates, such as those of another device, which do not vouch for its key. */
    public SoftwareGpu withCertificates(List<Bytes> others) {
        return new SoftwareGpu(key, others, responders, measurements, opaqueFields, trailingBytes);
    }

    /** This device with bytes behind its signature. */
    public SoftwareGpu withTrailingBytes(Bytes trailing) {
        return new SoftwareGpu(key, certificates, responders, measurements, opaqueFields, trailing);
    }

    private Bytes measurementRecord() {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        measurements.forEach((index, value) -> {
            record.write(index);
            record.write(1); // measurement specification of DMTF
            record.writeBytes(integer(value.size() + 3, 2).toByteArray());
            record.write(1); // a digest of mutable firmware
            record.writeBytes(integer(value.size(), 2).toByteArray());
            record.writeBytes(value.toByteArray());
        });
        return Bytes.of(record.toByteArray());
    }

    private Bytes opaqueData() {
        ByteArrayOutputStream opaque = new ByteArrayOutputStream();
        opaqueFields.forEach((type, data) -> {
            opaque.writeBytes(integer(type, 2).toByteArray());
            opaque.writeBytes(integer(data.size(), 2).toByteArray());
            opaque.writeBytes(data.toByteArray());
        });
        return Bytes.of(opaque.toByteArray());
    }

    /** Little-endian, cut to {@code size} bytes: a count that does not fit is one of the defects to be had. */
    private static Bytes integer(int value, int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (value >> (8 * i));
        }
        return Bytes.of(bytes);
    }
}
