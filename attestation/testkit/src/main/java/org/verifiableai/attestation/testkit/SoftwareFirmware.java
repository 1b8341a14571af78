package org.verifiableai.attestation.testkit;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.verifiableai.attestation.Bytes;

/**
 * The image of a firmware or of an SVSM that runs nowhere but has the tables of one, to be measured in tests. Immutable
 * and thread-safe, and the same on each run; each {@code with} method gives an image that differs in one thing, also in
 * ways that no build would.
 */
public final class SoftwareFirmware {

    /** The entry with the address at which processors but the first start: u32. */
    public static final String RESET_BLOCK = "00f771de-1a7e-4fcb-890e-68c77e2fb44e";

    /** The entry with address and size of the table of kernel hashes: two u32. */
    public static final String HASH_TABLE = "7255371f-3a3b-4b04-927b-1da6efa8d454";

    /** The entry with the distance of the SEV metadata from the end of the image: u32. */
    public static final String SEV_METADATA = "dc886566-984a-4798-a75e-5585a7bf67cc";

    /** The entry with the offset of an SVSM's entry point: u32. */
    public static final String SVSM_INFO = "a789a612-0597-4c4b-a49f-cbb1fe9d1ddd";

    private static final String FOOTER = "96b582de-1fb2-45f7-baea-a366c55a082d";
    private static final int PAGE = 4096;
    private static final int ENTRY_HEADER_SIZE = 18;
    private static final int BEHIND_TABLE = 32;

    /** Room for more sections than any reader takes. */
    private static final int METADATA_FROM_END = 0x800;

    private final int size;
    private final Map<String, Bytes> entries;
    private final Bytes metadata;

    private SoftwareFirmware(int size, Map<String, Bytes> entries, Bytes metadata) {
        this.size = size;
        this.entries = new LinkedHashMap<>(entries);
        this.metadata = metadata;
    }

    /**
     * A section of the SEV metadata.
     *
     * @param gpa the guest physical address of its first byte
     * @param size its length in bytes
     * @param type 1 memory, 2 secrets, 3 CPUID, 4 calling area of an SVSM, 0x10 kernel hashes
     */
    public record Section(long gpa, long size, long type) {}

    /** A firmware of 24 KiB that measures a kernel, with a section of each type. */
    public static SoftwareFirmware ovmf() {
        Map<String, Bytes> entries = new LinkedHashMap<>();
        entries.put(SVSM_INFO.replace('a', 'b'), Bytes.fromHex("0011223344"));
        entries.put(SEV_METADATA, u32(METADATA_FROM_END));
        entries.put(HASH_TABLE, u32(0x810C00).concat(u32(0x400)));
        entries.put(RESET_BLOCK, u32(0x80B004));
        return new SoftwareFirmware(6 * PAGE, entries, Bytes.EMPTY)
                .withSections(
                        new Section(0x800000, 0x9000, 1),
                        new Section(0x80D000, 0x1000, 2),
                        new Section(0x80E000, 0x1000, 3),
                        new Section(0x80F000, 0x1000, 4),
                        new Section(0x810000, 0x1000, 0x10),
                        new Section(0x811000, 0x2000, 1));
    }

    /** An SVSM of 12 KiB. */
    public static SoftwareFirmware svsm() {
        Map<String, Bytes> entries = new LinkedHashMap<>();
        entries.put(SEV_METADATA, u32(METADATA_FROM_END));
        entries.put(SVSM_INFO, u32(0x1040));
        return new SoftwareFirmware(3 * PAGE, entries, Bytes.EMPTY)
                .withSections(
                        new Section(0, 0x3000, 1), new Section(0x3000, 0x1000, 2), new Section(0x4000, 0x1000, 3));
    }

    /** Another length in bytes, at least a page. */
    public SoftwareFirmware withSize(int bytes) {
        return new SoftwareFirmware(bytes, entries, metadata);
    }

    /** Another entry of the footer table, in place of one of the same GUID or before all others. */
    public SoftwareFirmware withEntry(String guid, Bytes data) {
        Map<String, Bytes> changed = new LinkedHashMap<>(entries);
        changed.put(guid, data);
        return new SoftwareFirmware(size, changed, metadata);
    }

    /** No such entry. */
    public SoftwareFirmware withoutEntry(String guid) {
        Map<String, Bytes> changed = new LinkedHashMap<>(entries);
        changed.remove(guid);
        return new SoftwareFirmware(size, changed, metadata);
    }

    /** These sections, in this order. */
    public SoftwareFirmware withSections(Section... sections) {
        Bytes table = Bytes.utf8("ASEV").concat(u32(16 + 12L * sections.length), u32(1), u32(sections.length));
        for (Section section : sections) {
            table = table.concat(u32(section.gpa()), u32(section.size()), u32(section.type()));
        }
        return withMetadata(table);
    }

    /** SEV metadata of these bytes, whatever they are; at most 1 KiB. */
    public SoftwareFirmware withMetadata(Bytes bytes) {
        return new SoftwareFirmware(size, entries, bytes);
    }

    /** The SEV metadata: a header of 16 bytes, then 12 for each section. */
    public Bytes metadata() {
        return metadata;
    }

    /** The image. A third of its pages is filler, as in a real one. */
    public Bytes image() {
        byte[] image = new byte[size];
        new Random(size).nextBytes(image);
        for (int page = 0; page + 2 < size / PAGE; page += 3) {
            Arrays.fill(image, (page + 1) * PAGE, (page + 2) * PAGE, (byte) 0xFF);
            Arrays.fill(image, (page + 2) * PAGE, Math.min((page + 3) * PAGE, size - PAGE), (byte) 0xFF);
        }
        put(image, size - METADATA_FROM_END, metadata);
        Bytes table = table();
        put(image, size - BEHIND_TABLE - table.size(), table);
        return Bytes.of(image);
    }

    private Bytes table() {
        ByteArrayOutputStream table = new ByteArrayOutputStream();
        entries.forEach((guid, data) -> {
            table.writeBytes(data.toByteArray());
            table.writeBytes(header(guid, data.size() + ENTRY_HEADER_SIZE).toByteArray());
        });
        table.writeBytes(header(FOOTER, table.size() + ENTRY_HEADER_SIZE).toByteArray());
        return Bytes.of(table.toByteArray());
    }

    private static Bytes header(String guid, int size) {
        return u32(size).slice(0, 2).concat(guid(guid));
    }

    private static Bytes guid(String printed) {
        Bytes digits = Bytes.fromHex(printed.replace("-", ""));
        return digits.slice(0, 4)
                .reversed()
                .concat(digits.slice(4, 6).reversed(), digits.slice(6, 8).reversed(), digits.slice(8, 16));
    }

    /** An unsigned 32-bit number, little-endian. */
    public static Bytes u32(long value) {
        return Bytes.fromHex(String.format("%08x", value)).reversed();
    }

    private static void put(byte[] image, int offset, Bytes bytes) {
        System.arraycopy(bytes.toByteArray(), 0, image, offset, bytes.size());
    }
}
