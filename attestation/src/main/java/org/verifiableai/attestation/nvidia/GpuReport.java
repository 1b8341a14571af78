package org.verifiableai.attestation.nvidia;

import java.util.SortedMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What a GPU or NVSwitch signs: an SPDM 1.1 GET_MEASUREMENTS request of 37 bytes and the MEASUREMENTS response to it
 * (DMTF DSP0274 1.1). Immutable.
 *
 * <p>A parsed report is a claim and no more: {@link GpuVerifier} decides whether a device of NVIDIA signed it. Integers
 * in a report are little-endian.
 */
public final class GpuReport {

    /** Size of either nonce in bytes. */
    public static final int NONCE_SIZE = 32;

    // 255 blocks of 55 bytes and 65535 bytes of opaque data are the most that NVIDIA's form can hold.
    private static final int MAX_SIZE = 128 * 1024;
    private static final int SIGNATURE_SIZE = 96;
    private static final int VERSION_1_1 = 0x11;
    private static final int GET_MEASUREMENTS = 0xE0;
    private static final int MEASUREMENTS = 0x60;
    private static final int SIGNATURE_REQUESTED = 0x01;
    private static final int ALL_MEASUREMENTS = 0xFF;
    private static final int MAX_SLOT = 7;
    private static final Bytes TOLERATED_TAIL = Bytes.zeros(1);

    private final Bytes bytes;
    private final Bytes requesterNonce;
    private final int slotId;
    private final SortedMap<Integer, Bytes> measurements;
    private final Bytes responderNonce;
    private final OpaqueData opaqueData;
    private final Bytes signedBytes;
    private final Bytes signature;
    private final Bytes trailingBytes;

    private GpuReport(Bytes bytes) throws MalformedEvidenceException {
        if (bytes.size() > MAX_SIZE) {
            throw new MalformedEvidenceException(
                    "report", 0, "at most " + MAX_SIZE + " bytes", bytes.size() + " bytes");
        }
        this.bytes = bytes;
        SpdmReader in = new SpdmReader(bytes);

        // DSP0274 1.1, GET_MEASUREMENTS. Fewer measurements than all would leave the choice to the requester.
        in.constant("request.SPDMVersion", VERSION_1_1);
        in.constant("request.RequestResponseCode", GET_MEASUREMENTS);
        in.constant("request.Param1", SIGNATURE_REQUESTED);
        in.constant("request.Param2", ALL_MEASUREMENTS);
        this.requesterNonce = in.take("request.Nonce", NONCE_SIZE);
        this.slotId = in.u8("request.SlotIDParam");
        if (slotId > MAX_SLOT) {
            throw new MalformedEvidenceException(
                    "request.SlotIDParam", in.offset() - 1, "0 to " + MAX_SLOT, Integer.toString(slotId));
        }

        // DSP0274 1.1, MEASUREMENTS. The response to a request for all states no count in Param1.
        in.constant("response.SPDMVersion", VERSION_1_1);
        in.constant("response.RequestResponseCode", MEASUREMENTS);
        in.constant("response.Param1", 0);
        in.u8("response.Param2");
        int blocks = in.u8("response.NumberOfBlocks");
        long recordLength = in.u24("response.MeasurementRecordLength");
        this.measurements = Measurements.parse(in.part("response.MeasurementRecord", recordLength), blocks);
        this.responderNonce = in.take("response.Nonce", NONCE_SIZE);
        int opaqueLength = in.u16("response.OpaqueLength");
        this.opaqueData = OpaqueData.parse(in.part("response.OpaqueData", opaqueLength));

        // The signature's place follows from the lengths before it: a capture with a byte behind it exists.
        this.signedBytes = bytes.slice(0, (int) in.offset());
        this.signature = in.take("response.Signature", SIGNATURE_SIZE);
        this.trailingBytes = bytes.slice((int) in.offset(), bytes.size());
        if (!trailingBytes.isEmpty() && !trailingBytes.equals(TOLERATED_TAIL)) {
            throw new MalformedEvidenceException(
                    "report",
                    in.offset(),
                    "its end, or one zero byte",
                    trailingBytes.size() + " bytes, the first of them "
                            + trailingBytes.slice(0, 1).hex());
        }
    }

    /**
     * Reads a report.
     *
     * <p>Refused are: another SPDM version, a request for less than all measurements or for no signature, measurement
     * blocks that repeat an index, use index 0 or are not in DMTF's form, opaque fields that repeat a type or break their
     * form, NVIDIA's later opaque data layout (by its name), and bytes that no length field covers. One zero byte behind
     * the signature is let pass, since a genuine capture has it; see {@link #trailingBytes()}.
     *
     * @param bytes request and response, one after the other
     * @throws MalformedEvidenceException if {@code bytes} are anything else
     */
    public static GpuReport parse(Bytes bytes) throws MalformedEvidenceException {
        return new GpuReport(bytes);
    }

    /** The whole report as it was parsed, trailing byte included. */
    public Bytes bytes() {
        return bytes;
    }

    /** What the requester sent so that the report cannot be an old one, 32 bytes. */
    public Bytes requesterNonce() {
        return requesterNonce;
    }

    /** The slot of the certificate chain whose key was asked to sign, 0 to 7. */
    public int slotId() {
        return slotId;
    }

    /**
     * The measurements by index, ascending; indices are SPDM's and begin at 1. NVIDIA's reference values count from 0:
     * their index 0 is this index 1.
     */
    public SortedMap<Integer, Bytes> measurements() {
        return measurements;
    }

    /** Random bytes of the device, 32. They prove nothing to the requester. */
    public Bytes responderNonce() {
        return responderNonce;
    }

    /** What the device says of itself beside its measurements. */
    public OpaqueData opaqueData() {
        return opaqueData;
    }

    /** What the signature covers: the request, and the response up to the signature. */
    public Bytes signedBytes() {
        return signedBytes;
    }

    /** ECDSA on P-384 with SHA-384: r and s, 48 bytes each, big-endian. */
    public Bytes signature() {
        return signature;
    }

    /** What follows the signature and is signed by nobody: nothing, or one zero byte. */
    public Bytes trailingBytes() {
        return trailingBytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GpuReport that && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return "GpuReport[" + opaqueData.kind() + " vbios=" + opaqueData.vbiosVersion() + " nonce=" + requesterNonce
                + "]";
    }
}
