package org.verifiableai.attestation.snp.launch;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.LittleEndian;

/** The smallest images that have the tables of a firmware or of an SVSM: one page. */
final class ImageBytes {

    private static final String FOOTER = "96b582de-1fb2-45f7-baea-a366c55a082d";
    private static final String RESET_BLOCK = "00f771de-1a7e-4fcb-890e-68c77e2fb44e";
    private static final String HASH_TABLE = "7255371f-3a3b-4b04-927b-1da6efa8d454";
    private static final String SEV_METADATA = "dc886566-984a-4798-a75e-5585a7bf67cc";
    private static final String SVSM_INFO = "a789a612-0597-4c4b-a49f-cbb1fe9d1ddd";

    private ImageBytes() {}

    static byte[] firmware() {
        return image(entry(SEV_METADATA, 4096), entry(HASH_TABLE, 0x810C00, 0x400), entry(RESET_BLOCK, 0x80B004));
    }

    static byte[] svsm() {
        return image(entry(SEV_METADATA, 4096), entry(SVSM_INFO, 0x40));
    }

    /** SEV metadata with a section of each type at the beginning, the entries of the footer table at the end. */
    private static byte[] image(Bytes... entries) {
        Bytes metadata = Bytes.utf8("ASEV").concat(numbers(16 + 5 * 12, 1, 5));
        int gpa = 0x80D000;
        for (int type : new int[] {1, 2, 3, 0x10, 4}) {
            metadata = metadata.concat(numbers(gpa, 0x1000, type));
            gpa += 0x1000;
        }
        Bytes table = Bytes.EMPTY.concat(entries);
        table = table.concat(header(FOOTER, table.size() + 18));
        Bytes filler = Bytes.zeros(LaunchDigest.PAGE - 32 - table.size() - metadata.size());
        return metadata.concat(filler, table, Bytes.zeros(32)).toByteArray();
    }

    private static Bytes entry(String guid, int... numbers) {
        return numbers(numbers).concat(header(guid, 4 * numbers.length + 18));
    }

    private static Bytes header(String guid, int size) {
        return numbers(size).slice(0, 2).concat(LittleEndian.guid(guid));
    }

    private static Bytes numbers(int... numbers) {
        byte[] bytes = new byte[4 * numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            LittleEndian.put32(bytes, 4 * i, numbers[i]);
        }
        return Bytes.of(bytes);
    }
}
