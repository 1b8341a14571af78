package org.verifiableai.attestation.nvidia;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads an SPDM measurement record (DSP0274 1.1, MEASUREMENTS) in the format of DMTF. */
final class Measurements {

    private static final int DMTF = 1;
    private static final int DMTF_HEAD = 3;

    private Measurements() {}

    static SortedMap<Integer, Bytes> parse(SpdmReader record, int blocks) throws MalformedEvidenceException {
        SortedMap<Integer, Bytes> values = new TreeMap<>();
        for (int i = 0; i < blocks; i++) {
            long start = record.offset();
            int index = record.u8("measurementBlock.index");
            if (index == 0) {
                throw new MalformedEvidenceException("measurementBlock.index", start, "1 to 255", "0");
            }
            record.constant("measurementBlock.measurementSpecification", DMTF);
            int size = record.u16("measurementBlock.measurementSize");
            SpdmReader measurement = record.part("measurementBlock.measurement", size);
            Bytes value = dmtf(measurement, size);
            if (values.put(index, value) != null) {
                throw new MalformedEvidenceException(
                        "measurementBlock.index", start, "each index once", "index " + index + " a second time");
            }
        }
        if (record.remaining() != 0) {
            throw new MalformedEvidenceException(
                    "measurementRecord",
                    record.offset(),
                    "its end after " + blocks + " blocks",
                    record.remaining() + " bytes more");
        }
        return Collections.unmodifiableSortedMap(values);
    }

    private static Bytes dmtf(SpdmReader measurement, int size) throws MalformedEvidenceException {
        // What kind of thing was measured is the signer's label; a value is compared by its index.
        measurement.u8("dmtfSpecMeasurementValueType");
        long sizeOffset = measurement.offset();
        int valueSize = measurement.u16("dmtfSpecMeasurementValueSize");
        if (size != DMTF_HEAD + valueSize) {
            throw new MalformedEvidenceException(
                    "dmtfSpecMeasurementValueSize",
                    sizeOffset,
                    (size - DMTF_HEAD) + " as the block's size says",
                    Integer.toString(valueSize));
        }
        return measurement.take("dmtfSpecMeasurementValue", valueSize);
    }
}
