package org.verifiableai.attestation.snp.launch;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * The table of GUIDed structures at the end of an OVMF or SVSM image. It ends 32 bytes before the end of the image and is
 * read backwards: each entry is data, a u16 total size and a GUID, and the last one's size is that of the whole table.
 */
final class FooterTable {

    private static final Bytes FOOTER = LittleEndian.guid("96b582de-1fb2-45f7-baea-a366c55a082d");
    private static final int BEHIND_TABLE = 32;
    private static final int GUID_SIZE = 16;
    private static final int HEADER_SIZE = 2 + GUID_SIZE;

    private final Map<Bytes, Entry> entries;

    private FooterTable(Map<Bytes, Entry> entries) {
        this.entries = entries;
    }

    /** The data of an entry, and where they begin. */
    record Entry(Bytes data, int offset) {}

    /** Reads the table of {@code image}, which is at least a page long. */
    static FooterTable parse(String what, byte[] image) throws MalformedEvidenceException {
        int end = image.length - BEHIND_TABLE;
        Bytes guid = Bytes.of(image, end - GUID_SIZE, GUID_SIZE);
        if (!guid.equals(FOOTER)) {
            throw new MalformedEvidenceException(
                    what + " footer table", end - GUID_SIZE, "the GUID " + FOOTER + " of its footer", guid.hex());
        }
        int size = LittleEndian.u16(image, end - HEADER_SIZE);
        if (size < HEADER_SIZE || size > end) {
            throw new MalformedEvidenceException(
                    what + " footer table size",
                    end - HEADER_SIZE,
                    "from " + HEADER_SIZE + " to " + end + " bytes",
                    size + " bytes");
        }
        Map<Bytes, Entry> entries = new HashMap<>();
        int start = end - size;
        int at = end - HEADER_SIZE;
        // Fewer bytes than an entry's header are padding.
        while (at - start >= HEADER_SIZE) {
            at = read(what, image, start, at, entries);
        }
        return new FooterTable(entries);
    }

    /** Reads the entry that ends at {@code end}, and returns where it begins. */
    private static int read(String what, byte[] image, int start, int end, Map<Bytes, Entry> entries)
            throws MalformedEvidenceException {
        int size = LittleEndian.u16(image, end - HEADER_SIZE);
        if (size < HEADER_SIZE || size > end - start) {
            throw new MalformedEvidenceException(
                    what + " footer table entry size",
                    end - HEADER_SIZE,
                    "from " + HEADER_SIZE + " to " + (end - start) + " bytes",
                    size + " bytes");
        }
        Bytes guid = Bytes.of(image, end - GUID_SIZE, GUID_SIZE);
        Entry entry = new Entry(Bytes.of(image, end - size, size - HEADER_SIZE), end - size);
        // Published readers differ on which of two entries counts.
        if (entries.put(guid, entry) != null) {
            throw new MalformedEvidenceException(
                    what + " footer table", end - GUID_SIZE, "one entry of each GUID", "a second one of " + guid);
        }
        return end - size;
    }

    Optional<Entry> find(Bytes guid) {
        return Optional.ofNullable(entries.get(guid));
    }

    /** The entry of {@code guid}, whose data are unsigned 32-bit numbers. */
    long[] numbers(String field, Bytes guid, int count) throws MalformedEvidenceException {
        Entry entry = entries.get(guid);
        if (entry == null) {
            throw new MalformedEvidenceException(
                    field, MalformedEvidenceException.NO_OFFSET, "an entry " + guid + " in the footer table", "none");
        }
        return numbers(field, entry, count);
    }

    static long[] numbers(String field, Entry entry, int count) throws MalformedEvidenceException {
        if (entry.data().size() != 4 * count) {
            throw new MalformedEvidenceException(
                    field, entry.offset(), 4 * count + " bytes", entry.data().size() + " bytes");
        }
        byte[] data = entry.data().toByteArray();
        long[] numbers = new long[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = LittleEndian.u32(data, 4 * i);
        }
        return numbers;
    }
}
