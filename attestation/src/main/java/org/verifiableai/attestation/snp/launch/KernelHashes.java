package org.verifiableai.attestation.snp.launch;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * What a firmware that measures the kernel compares with the kernel, initial RAM disk and command line that it is given.
 *
 * @param kernel SHA-256 of the kernel
 * @param initrd SHA-256 of the initial RAM disk; of nothing if there is none
 * @param commandLine SHA-256 of the command line with the NUL behind it
 */
record KernelHashes(Bytes kernel, Bytes initrd, Bytes commandLine) {

    private static final Bytes TABLE = LittleEndian.guid("9438d606-4f22-4cc9-b479-a793d411fd21");
    private static final Bytes KERNEL = LittleEndian.guid("4de79437-abd2-427f-b835-d5b172d2045b");
    private static final Bytes INITRD = LittleEndian.guid("44baf731-3a2f-4bd7-9af1-41e29169781d");
    private static final Bytes COMMAND_LINE = LittleEndian.guid("97d02dd8-bd20-4c94-aa78-e7714d36ab2a");

    private static final int HEADER_SIZE = 18;
    private static final int ENTRY_SIZE = 50;
    private static final int UNPADDED_SIZE = HEADER_SIZE + 3 * ENTRY_SIZE;

    /** The table with its padding to a multiple of 16 bytes. */
    static final int TABLE_SIZE = (UNPADDED_SIZE + 15) & ~15;

    /** A page of zeros with the table at {@code offset}, which leaves room for {@link #TABLE_SIZE} bytes. */
    byte[] page(int offset) {
        byte[] page = new byte[LaunchDigest.PAGE];
        put(page, offset, TABLE);
        LittleEndian.put16(page, offset + 16, UNPADDED_SIZE);
        int at = offset + HEADER_SIZE;
        entry(page, at, COMMAND_LINE, commandLine);
        entry(page, at + ENTRY_SIZE, INITRD, initrd);
        entry(page, at + 2 * ENTRY_SIZE, KERNEL, kernel);
        return page;
    }

    private static void entry(byte[] page, int offset, Bytes guid, Bytes sha256) {
        put(page, offset, guid);
        LittleEndian.put16(page, offset + 16, ENTRY_SIZE);
        put(page, offset + HEADER_SIZE, sha256);
    }

    private static void put(byte[] page, int offset, Bytes bytes) {
        System.arraycopy(bytes.toByteArray(), 0, page, offset, bytes.size());
    }
}
