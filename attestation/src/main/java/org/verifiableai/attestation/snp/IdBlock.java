package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * An ID block (ABI, structure of the ID block): what the owner of a guest says it has to be. The firmware refuses to
 * launch a guest whose measurement or policy differs, and puts the other fields into its reports. Immutable.
 *
 * <p>Alone it proves nothing: {@link IdAuth} carries the signature over it. A verifier of reports needs neither, since the
 * firmware has checked both at launch and the report carries the digests of the keys.
 *
 * @param measurement the launch digest that the guest has to have, 48 bytes
 * @param familyId FAMILY_ID, 16 bytes that the owner chose
 * @param imageId IMAGE_ID, 16 bytes that the owner chose
 * @param guestSvn GUEST_SVN, the security version of the guest; unsigned 32 bits
 * @param policy the policy under which the guest has to be launched
 */
public record IdBlock(Bytes measurement, Bytes familyId, Bytes imageId, long guestSvn, GuestPolicy policy) {

    /** The length of a block, 96 bytes. */
    public static final int SIZE = 0x60;

    private static final int MEASUREMENT_SIZE = 48;
    private static final int ID_SIZE = 16;
    private static final int FAMILY_ID = 0x30;
    private static final int IMAGE_ID = 0x40;
    private static final int VERSION = 0x50;
    private static final int GUEST_SVN = 0x54;
    private static final int POLICY = 0x58;
    private static final int ONLY_VERSION = 1;
    private static final long MAX_SVN = 0xFFFFFFFFL;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a field is of another length, or {@code guestSvn} needs more than 32 bits
     */
    public IdBlock {
        sized("measurement", measurement, MEASUREMENT_SIZE);
        sized("family id", familyId, ID_SIZE);
        sized("image id", imageId, ID_SIZE);
        if (guestSvn < 0 || guestSvn > MAX_SVN) {
            throw new IllegalArgumentException("guest svn must be of 32 bits, unsigned, found " + guestSvn);
        }
    }

    /**
     * The block of a guest that has this measurement and is launched under this policy.
     *
     * @throws IllegalArgumentException if a field is of another length, or {@code guestSvn} needs more than 32 bits
     */
    public static IdBlock of(Bytes measurement, Bytes familyId, Bytes imageId, long guestSvn, GuestPolicy policy) {
        return new IdBlock(measurement, familyId, imageId, guestSvn, policy);
    }

    /** The block that a guest with this report was launched under, if it was launched under one. */
    public static IdBlock of(SnpReport report) {
        return of(report.measurement(), report.familyId(), report.imageId(), report.guestSvn(), report.policy());
    }

    /**
     * Reads a block.
     *
     * @throws MalformedEvidenceException if {@code block} is not {@link #SIZE} bytes long, or is not of version 1
     */
    public static IdBlock parse(Bytes block) throws MalformedEvidenceException {
        if (block.size() != SIZE) {
            throw new MalformedEvidenceException("id block", 0, "exactly " + SIZE + " bytes", block.size() + " bytes");
        }
        long version = LittleEndian.read(block, VERSION, Integer.BYTES);
        if (version != ONLY_VERSION) {
            throw new MalformedEvidenceException("VERSION of id block", VERSION, "" + ONLY_VERSION, "" + version);
        }
        return new IdBlock(
                block.slice(0, MEASUREMENT_SIZE),
                block.slice(FAMILY_ID, FAMILY_ID + ID_SIZE),
                block.slice(IMAGE_ID, IMAGE_ID + ID_SIZE),
                LittleEndian.read(block, GUEST_SVN, Integer.BYTES),
                new GuestPolicy(LittleEndian.read(block, POLICY, Long.BYTES)));
    }

    /**
     * Reads the base64 that QEMU takes as {@code id-block=}; white space in it is skipped.
     *
     * @throws MalformedEvidenceException if {@code text} is not base64, or as {@link #parse}
     */
    public static IdBlock ofBase64(String text) throws MalformedEvidenceException {
        return parse(base64("id block", text));
    }

    /** The {@link #SIZE} bytes that the firmware reads and that the ID key signs. */
    public Bytes encode() {
        return measurement.concat(
                familyId,
                imageId,
                LittleEndian.u32(ONLY_VERSION),
                LittleEndian.u32(guestSvn),
                LittleEndian.u64(policy.raw()));
    }

    /** What QEMU takes as {@code id-block=}. */
    public String base64() {
        return encode().base64();
    }

    /**
     * Each field in which a report differs from what it would be if its guest had been launched under this block, in
     * words; empty if there is none. That alone does not say that the guest was: ID_KEY_DIGEST of the report does.
     */
    public List<String> differences(SnpReport report) {
        List<String> differences = new ArrayList<>();
        compare(differences, "measurement", measurement, report.measurement());
        compare(differences, "family id", familyId, report.familyId());
        compare(differences, "image id", imageId, report.imageId());
        compare(differences, "guest svn", guestSvn, report.guestSvn());
        compare(differences, "policy", policy, report.policy());
        return List.copyOf(differences);
    }

    static Bytes base64(String field, String text) throws MalformedEvidenceException {
        try {
            return Bytes.of(Base64.getDecoder().decode(text.replaceAll("\\s", "")));
        } catch (IllegalArgumentException e) {
            throw new MalformedEvidenceException(field, MalformedEvidenceException.NO_OFFSET, "base64", text);
        }
    }

    private static void compare(List<String> differences, String name, Object demanded, Object found) {
        if (!demanded.equals(found)) {
            differences.add(name + " is " + found + ", id block demands " + demanded);
        }
    }

    private static void sized(String name, Bytes value, int size) {
        if (value.size() != size) {
            throw new IllegalArgumentException(name + " must be of " + size + " bytes, found " + value.size());
        }
    }
}
