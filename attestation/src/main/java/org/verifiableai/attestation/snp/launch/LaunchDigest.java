package org.verifiableai.attestation.snp.launch;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.Digests;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * The launch digest while it grows, page by page: {@code digest = SHA-384(PAGE_INFO)}, where PAGE_INFO begins with the
 * digest so far (ABI, SNP_LAUNCH_UPDATE). It keeps one PAGE_INFO and one message digest and allocates nothing for a page.
 * Not thread-safe.
 */
final class LaunchDigest {

    static final int PAGE = 4096;
    static final int SIZE = 48;

    /** The digest of no page. */
    static final Bytes EMPTY = Bytes.zeros(SIZE);

    // ABI, layout of PAGE_INFO. IMI and the permissions of VMPL 1 to 3 stay zero.
    private static final int CONTENTS = 0x30;
    private static final int LENGTH = 0x60;
    private static final int PAGE_TYPE = 0x62;
    private static final int GPA = 0x68;
    private static final int PAGE_INFO_SIZE = 0x70;

    // ABI, PAGE_TYPE.
    private static final int NORMAL = 1;
    private static final int VMSA = 2;
    private static final int ZERO = 3;
    private static final int UNMEASURED = 4;
    private static final int SECRETS = 5;
    private static final int CPUID = 6;

    /** The address that a VMSA page is measured at, whichever it has: all ones above the page, cut to 48 bits. */
    private static final long VMSA_GPA = 0xFFFF_FFFF_F000L;

    private final byte[] pageInfo = new byte[PAGE_INFO_SIZE];
    private final MessageDigest sha384 = Digests.sha384();

    /** A digest that goes on from {@code reached}, {@value #SIZE} bytes. */
    LaunchDigest(Bytes reached) {
        System.arraycopy(reached.toByteArray(), 0, pageInfo, 0, SIZE);
        LittleEndian.put16(pageInfo, LENGTH, PAGE_INFO_SIZE);
    }

    Bytes value() {
        return Bytes.of(pageInfo, 0, SIZE);
    }

    /** Adds the pages of {@code image}, a whole number of them. */
    void normal(long gpa, byte[] image) {
        for (int offset = 0; offset < image.length; offset += PAGE) {
            // Much of an image is filler, and the hash of an equal page still stands in its place.
            if (offset == 0 || !Arrays.equals(image, offset, offset + PAGE, image, offset - PAGE, offset)) {
                contents(image, offset);
            }
            update(NORMAL, gpa + offset);
        }
    }

    /** Adds {@code count} equal VMSA pages. */
    void vmsa(byte[] page, int count) {
        contents(page, 0);
        for (int i = 0; i < count; i++) {
            update(VMSA, VMSA_GPA);
        }
    }

    void zero(long gpa, long size) {
        withoutContents(ZERO, gpa, size);
    }

    void unmeasured(long gpa, long size) {
        withoutContents(UNMEASURED, gpa, size);
    }

    void secrets(long gpa) {
        withoutContents(SECRETS, gpa, PAGE);
    }

    void cpuid(long gpa) {
        withoutContents(CPUID, gpa, PAGE);
    }

    private void withoutContents(int type, long gpa, long size) {
        Arrays.fill(pageInfo, CONTENTS, CONTENTS + SIZE, (byte) 0);
        for (long offset = 0; offset < size; offset += PAGE) {
            update(type, gpa + offset);
        }
    }

    private void contents(byte[] pages, int offset) {
        sha384.update(pages, offset, PAGE);
        digest(CONTENTS);
    }

    private void update(int type, long gpa) {
        pageInfo[PAGE_TYPE] = (byte) type;
        LittleEndian.put64(pageInfo, GPA, gpa);
        sha384.update(pageInfo, 0, PAGE_INFO_SIZE);
        digest(0);
    }

    private void digest(int offset) {
        try {
            sha384.digest(pageInfo, offset, SIZE);
        } catch (DigestException e) {
            throw new IllegalStateException("48 bytes are enough for SHA-384", e);
        }
    }
}
