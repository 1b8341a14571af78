package org.verifiableai.attestation.snp.launch;

import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

/**
 * The image of a secure VM service module such as Coconut's, which runs in the guest at VMPL 0, beneath the firmware. Its
 * tables count at launch and those of the firmware do not. Immutable and thread-safe.
 */
public final class SvsmImage {

    private static final Bytes SVSM_INFO = LittleEndian.guid("a789a612-0597-4c4b-a49f-cbb1fe9d1ddd");

    private final LaunchImage image;
    private final long entryOffset;

    private SvsmImage(LaunchImage image, long entryOffset) {
        this.image = image;
        this.entryOffset = entryOffset;
    }

    /**
     * Reads an image of whole pages, at most 16 MiB. It must have the footer table of OVMF with SEV metadata and the
     * offset of its entry point.
     *
     * @throws MalformedEvidenceException if it is longer, is not of whole pages, lacks one of these tables, or a table is
     *     not of the form that an SVSM gives it
     */
    public static SvsmImage parse(Bytes bytes) throws MalformedEvidenceException {
        LaunchImage image = LaunchImage.parse("svsm", bytes);
        long entry = image.table().numbers("svsm entry offset", SVSM_INFO, 1)[0];
        if (entry >= bytes.size()) {
            throw new MalformedEvidenceException(
                    "svsm entry offset",
                    MalformedEvidenceException.NO_OFFSET,
                    "an offset below " + bytes.size(),
                    "0x" + Long.toHexString(entry));
        }
        return new SvsmImage(image, entry);
    }

    /** The length of the image in bytes. */
    public int size() {
        return image.size();
    }

    /** Where the entry point lies within the image, in bytes from its beginning. */
    public long entryOffset() {
        return entryOffset;
    }

    /** The sections of the SEV metadata, in the order of the table. */
    public List<MetadataSection> sections() {
        return image.sections();
    }

    /** Goes on from {@code reached} with the pages of the image, the first at {@code gpa}. */
    Bytes digestAfter(Bytes reached, long gpa) {
        return image.digestAfter(reached, gpa);
    }

    @Override
    public String toString() {
        return "SvsmImage[" + size() + " bytes, sections " + sections() + "]";
    }
}
