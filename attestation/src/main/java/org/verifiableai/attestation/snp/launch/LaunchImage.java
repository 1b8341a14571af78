package org.verifiableai.attestation.snp.launch;

import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * An image whose pages are measured, and its tables: what a firmware and an SVSM have in common.
 */
final class LaunchImage {

    /**
     * Images are at most 16 MiB: what lies below 4 GiB and above it is the flash window, of which QEMU maps 8 MiB unless
     * told otherwise, and OVMF is built for 2 to 8.
     */
    static final int MAX_SIZE = 16 << 20;

    private final byte[] pages;
    private final FooterTable table;
    private final List<MetadataSection> sections;

    private LaunchImage(byte[] pages, FooterTable table, List<MetadataSection> sections) {
        this.pages = pages;
        this.table = table;
        this.sections = sections;
    }

    static LaunchImage parse(String what, Bytes image) throws MalformedEvidenceException {
        int size = image.size();
        if (size == 0 || size % LaunchDigest.PAGE != 0 || size > MAX_SIZE) {
            throw new MalformedEvidenceException(
                    what,
                    MalformedEvidenceException.NO_OFFSET,
                    "whole pages of " + LaunchDigest.PAGE + " bytes, at most " + MAX_SIZE + " bytes",
                    size + " bytes");
        }
        byte[] pages = image.toByteArray();
        FooterTable table = FooterTable.parse(what, pages);
        return new LaunchImage(pages, table, SevMetadata.parse(what, pages, table));
    }

    int size() {
        return pages.length;
    }

    FooterTable table() {
        return table;
    }

    List<MetadataSection> sections() {
        return sections;
    }

    /** The digest that goes on from {@code reached} with the pages of the image, the first at {@code gpa}. */
    Bytes digestAfter(Bytes reached, long gpa) {
        LaunchDigest digest = new LaunchDigest(reached);
        digest.normal(gpa, pages);
        return digest.value();
    }
}
