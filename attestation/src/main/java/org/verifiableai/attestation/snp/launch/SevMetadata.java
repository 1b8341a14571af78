package org.verifiableai.attestation.snp.launch;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;

/** The SEV metadata of an image: the sections that are measured after its own pages, in the order of the table. */
final class SevMetadata {

    private static final Bytes ENTRY = LittleEndian.guid("dc886566-984a-4798-a75e-5585a7bf67cc");
    private static final long SIGNATURE = 0x5645_5341; // ASEV
    private static final int HEADER_SIZE = 16;
    private static final int SECTION_SIZE = 12;
    private static final int VERSION = 1;

    /** OVMF has seven sections and an SVSM three. */
    private static final int MAX_SECTIONS = 64;

    /**
     * Sections are at most 64 MiB in all, so that a hostile size cannot have us hash for ever: OVMF's come to about 160
     * KiB and an SVSM's to 640, and each page costs one hash of 112 bytes.
     */
    private static final long MAX_BYTES = 64L << 20;

    private SevMetadata() {}

    static List<MetadataSection> parse(String what, byte[] image, FooterTable table) throws MalformedEvidenceException {
        long fromEnd = table.numbers(what + " SEV metadata offset", ENTRY, 1)[0];
        if (fromEnd < HEADER_SIZE || fromEnd > image.length) {
            throw new MalformedEvidenceException(
                    what + " SEV metadata offset",
                    MalformedEvidenceException.NO_OFFSET,
                    "from " + HEADER_SIZE + " to " + image.length + " bytes before the end",
                    fromEnd + " bytes");
        }
        int start = (int) (image.length - fromEnd);
        require(what + " SEV metadata signature", start, SIGNATURE, LittleEndian.u32(image, start));
        long size = LittleEndian.u32(image, start + 4);
        require(what + " SEV metadata version", start + 8, VERSION, LittleEndian.u32(image, start + 8));
        long count = LittleEndian.u32(image, start + 12);
        if (count > MAX_SECTIONS) {
            throw new MalformedEvidenceException(
                    what + " SEV metadata count", start + 12, "at most " + MAX_SECTIONS + " sections", count + "");
        }
        if (size < HEADER_SIZE + count * SECTION_SIZE || size > fromEnd) {
            throw new MalformedEvidenceException(
                    what + " SEV metadata size",
                    start + 4,
                    "from " + (HEADER_SIZE + count * SECTION_SIZE) + " to " + fromEnd + " bytes",
                    size + " bytes");
        }
        List<MetadataSection> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sections.add(section(what, image, start + HEADER_SIZE + i * SECTION_SIZE));
        }
        try {
            return checked(sections);
        } catch (IllegalArgumentException e) {
            throw new MalformedEvidenceException(
                    what + " SEV metadata", start, "sections of a launch", String.valueOf(e.getMessage()));
        }
    }

    private static MetadataSection section(String what, byte[] image, int offset) throws MalformedEvidenceException {
        long code = LittleEndian.u32(image, offset + 8);
        SectionType type = SectionType.of(code)
                .orElseThrow(() -> new MalformedEvidenceException(
                        what + " SEV metadata section type",
                        offset + 8,
                        "1, 2, 3, 4 or 0x10",
                        "0x" + Long.toHexString(code)));
        try {
            return new MetadataSection(type, LittleEndian.u32(image, offset), LittleEndian.u32(image, offset + 4));
        } catch (IllegalArgumentException e) {
            throw new MalformedEvidenceException(
                    what + " SEV metadata section", offset, "whole pages below 4 GiB", String.valueOf(e.getMessage()));
        }
    }

    /**
     * {@code sections}, if a guest can be launched with them: a page can be added once, and there is one page each of
     * secrets and CPUID values.
     *
     * @throws IllegalArgumentException if not
     */
    static List<MetadataSection> checked(List<MetadataSection> sections) {
        if (sections.size() > MAX_SECTIONS) {
            throw new IllegalArgumentException(
                    "sections must be at most " + MAX_SECTIONS + ", found " + sections.size());
        }
        long total = 0;
        Set<SectionType> singles = EnumSet.noneOf(SectionType.class);
        for (int i = 0; i < sections.size(); i++) {
            MetadataSection section = sections.get(i);
            total += section.size();
            if (section.type().onePage() && section.size() != LaunchDigest.PAGE) {
                throw new IllegalArgumentException("section must be of one page, found " + section);
            }
            if (section.type().single() && !singles.add(section.type())) {
                throw new IllegalArgumentException("section must be the only one of its type, found " + section);
            }
            for (MetadataSection earlier : sections.subList(0, i)) {
                if (section.gpa() < earlier.end() && earlier.gpa() < section.end()) {
                    throw new IllegalArgumentException(
                            "sections must not overlap, found " + section + " and " + earlier);
                }
            }
        }
        if (total > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "sections must be at most " + MAX_BYTES + " bytes in all, found " + total);
        }
        return List.copyOf(sections);
    }

    private static void require(String field, int offset, long expected, long found) throws MalformedEvidenceException {
        if (found != expected) {
            throw new MalformedEvidenceException(
                    field, offset, "0x" + Long.toHexString(expected), "0x" + Long.toHexString(found));
        }
    }
}
