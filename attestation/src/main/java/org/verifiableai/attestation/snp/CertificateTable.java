package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;
import org.verifiableai.attestation.internal.x509.Pem;

/**
 * The certificate table that a host hands to a guest beside an extended report (GHCB specification, section 4.1.8.1):
 * named entries of bytes. Immutable.
 *
 * <p>The host writes it and nobody signs it. What it says counts only as far as a verifier finds the certificates in it
 * to lead to a pinned root.
 *
 * <p>A table is an array of 24-byte entries: a GUID of 16 bytes, an offset and a length, both unsigned, 32 bits wide and
 * little-endian, the offset counted from the start of the table. An all-zero entry ends the array, and the contents
 * follow. Tools write a GUID in the order in which it is printed (RFC 4122), some hosts in the mixed-endian order of
 * Windows; known names are read in both.
 */
public final class CertificateTable {

    /** The name of the VCEK's certificate. */
    public static final UUID VCEK = UUID.fromString("63da758d-e664-4564-adc5-f4b93be8accd");

    /** The name of the VLEK's certificate. */
    public static final UUID VLEK = UUID.fromString("a8074bc2-a25a-483e-aae6-39c045a0b8a1");

    /** The name of the certificate above the VEK: the ASK's, and on a host with a VLEK the ASVK's. */
    public static final UUID ASK = UUID.fromString("4ab7b379-bbac-4fe4-a02f-05aef327c782");

    /** The name of the root's certificate. */
    public static final UUID ARK = UUID.fromString("c0b406a4-a803-4952-9743-3fb6014cd0ae");

    /** The name of the root's revocation list. */
    public static final UUID CRL = UUID.fromString("92f81bc3-5811-4d3d-97ff-d19f88dc67ea");

    /** The largest table that is read or written, in bytes. Kernels hand over 16 KiB at most. */
    public static final int MAX_SIZE = 1024 * 1024;

    /** The greatest number of entries, without the one that ends the table. Real tables have five at most. */
    public static final int MAX_ENTRIES = 64;

    private static final Map<UUID, String> KNOWN =
            Map.of(VCEK, "VCEK", VLEK, "VLEK", ASK, "ASK", ARK, "ARK", CRL, "CRL");
    private static final CertificateTable EMPTY = new CertificateTable(List.of());

    private static final int GUID_SIZE = 16;
    private static final int OFFSET = 16;
    private static final int LENGTH = 20;
    private static final int ENTRY_SIZE = 24;
    private static final int PAGE_SIZE = 4096;

    private final List<Entry> entries;

    private CertificateTable(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    /**
     * One entry of a table.
     *
     * @param guid its name; one that is known has its own form here, whichever order of bytes the table used
     * @param content its bytes, as the table has them
     */
    public record Entry(UUID guid, Bytes content) {

        /** {@code VCEK}, {@code VLEK}, {@code ASK}, {@code ARK} or {@code CRL}, and for every other name the GUID. */
        public String name() {
            return KNOWN.getOrDefault(guid, guid.toString());
        }
    }

    /** A table without entries, as hosts give that have no certificates at hand. */
    public static CertificateTable empty() {
        return EMPTY;
    }

    /** A table to be written. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads a table. No bytes at all are a table without entries, and so is a table whose first entry is all zero.
     *
     * <p>Entries of unknown names are kept. Two entries of one known name are refused, in whatever order of bytes: which
     * of the two counts would depend on the reader, and a host could show one to a guest and the other to a verifier.
     * What an entry holds is not looked at here.
     *
     * @throws MalformedEvidenceException if {@code table} exceeds {@link #MAX_SIZE} or {@link #MAX_ENTRIES}, is not ended
     *     by an all-zero entry, names something twice, has an entry that reaches into the array or past the end, or has more
     *     bytes in all entries together than stand behind them
     */
    public static CertificateTable parse(Bytes table) throws MalformedEvidenceException {
        if (table.isEmpty()) {
            return EMPTY;
        }
        if (table.size() > MAX_SIZE) {
            throw new MalformedEvidenceException(
                    "certificate table", 0, "at most " + MAX_SIZE + " bytes", table.size() + " bytes");
        }
        int count = count(table);
        long headerSize = (count + 1L) * ENTRY_SIZE;
        long room = table.size() - headerSize;
        List<Entry> entries = new ArrayList<>(count);
        Map<UUID, Integer> seen = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int at = i * ENTRY_SIZE;
            UUID guid = guid(table.slice(at, at + GUID_SIZE));
            Integer earlier = KNOWN.containsKey(guid) ? seen.putIfAbsent(guid, at) : null;
            if (earlier != null) {
                throw new MalformedEvidenceException(
                        "certificate table entry",
                        at,
                        "one " + KNOWN.get(guid),
                        "another, after that at offset 0x" + Integer.toHexString(earlier));
            }
            Bytes content = content(table, at, headerSize);
            room -= content.size();
            // Entries that all name the same bytes would make many tables' worth out of one.
            if (room < 0) {
                throw new MalformedEvidenceException(
                        "certificate table entry length",
                        at + LENGTH,
                        "no more bytes in all entries than the table has behind them",
                        -room + " more");
            }
            entries.add(new Entry(guid, content));
        }
        return new CertificateTable(entries);
    }

    /** The number of entries before the one that ends the table. */
    private static int count(Bytes table) throws MalformedEvidenceException {
        for (int i = 0; i <= MAX_ENTRIES; i++) {
            int at = i * ENTRY_SIZE;
            if (ENTRY_SIZE > table.size() - at) {
                throw new MalformedEvidenceException(
                        "certificate table",
                        at,
                        "an all-zero entry of " + ENTRY_SIZE + " bytes at the end of the entries",
                        (table.size() - at) + " bytes");
            }
            if (table.slice(at, at + ENTRY_SIZE).isZero()) {
                return i;
            }
            if (table.slice(at, at + GUID_SIZE).isZero()) {
                throw new MalformedEvidenceException(
                        "certificate table entry",
                        at,
                        "a GUID, or zeros throughout to end the table",
                        table.slice(at, at + ENTRY_SIZE).hex());
            }
        }
        throw new MalformedEvidenceException("certificate table", 0, "at most " + MAX_ENTRIES + " entries", "more");
    }

    private static Bytes content(Bytes table, int at, long headerSize) throws MalformedEvidenceException {
        // Both are unsigned and of 32 bits, so their sum needs 33.
        long offset = u32(table, at + OFFSET);
        long length = u32(table, at + LENGTH);
        if (offset < headerSize) {
            throw new MalformedEvidenceException(
                    "certificate table entry offset",
                    at + OFFSET,
                    "at least 0x" + Long.toHexString(headerSize) + ", where the entries end",
                    "0x" + Long.toHexString(offset));
        }
        if (offset + length > table.size()) {
            throw new MalformedEvidenceException(
                    "certificate table entry length",
                    at + LENGTH,
                    "an end within " + table.size() + " bytes",
                    "offset 0x" + Long.toHexString(offset) + " and length 0x" + Long.toHexString(length));
        }
        return table.slice((int) offset, (int) (offset + length));
    }

    /** Every entry in the order of the table, those of unknown names too. */
    public List<Entry> entries() {
        return entries;
    }

    /** The bytes of the entry of this name as the table has them; of the first, if an unknown name stands twice. */
    public Optional<Bytes> content(UUID guid) {
        return entries.stream()
                .filter(e -> e.guid().equals(guid))
                .map(Entry::content)
                .findFirst();
    }

    /**
     * The VCEK's certificate, DER; empty if there is no such entry, or one of no bytes.
     *
     * @throws MalformedEvidenceException if the entry is neither DER nor PEM of one certificate
     */
    public Optional<Bytes> vcek() throws MalformedEvidenceException {
        return certificate(VCEK);
    }

    /**
     * The VLEK's certificate, DER; empty if there is no such entry, or one of no bytes.
     *
     * @throws MalformedEvidenceException if the entry is neither DER nor PEM of one certificate
     */
    public Optional<Bytes> vlek() throws MalformedEvidenceException {
        return certificate(VLEK);
    }

    /**
     * The ASK's or ASVK's certificate, DER; empty if there is no such entry, or one of no bytes.
     *
     * @throws MalformedEvidenceException if the entry is neither DER nor PEM of one certificate
     */
    public Optional<Bytes> ask() throws MalformedEvidenceException {
        return certificate(ASK);
    }

    /**
     * The root's certificate, DER; empty if there is no such entry, or one of no bytes.
     *
     * @throws MalformedEvidenceException if the entry is neither DER nor PEM of one certificate
     */
    public Optional<Bytes> ark() throws MalformedEvidenceException {
        return certificate(ARK);
    }

    /**
     * The root's revocation list, DER; empty if there is no such entry, or one of no bytes.
     *
     * @throws MalformedEvidenceException if the entry is neither DER nor PEM of one list
     */
    public Optional<Bytes> crl() throws MalformedEvidenceException {
        return der(CRL, "X509 CRL");
    }

    /**
     * The table as a host hands it over: GUIDs in the order of RFC 4122, contents one after the other, padded with zeros
     * to whole pages of 4096 bytes. A table without entries is one page of zeros.
     *
     * @throws IllegalArgumentException if the table would exceed {@link #MAX_SIZE}
     */
    public Bytes encode() {
        long offset = (entries.size() + 1L) * ENTRY_SIZE;
        long size = offset;
        for (Entry entry : entries) {
            size += entry.content().size();
        }
        if (size > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "certificate table must be of at most " + MAX_SIZE + " bytes, found " + size);
        }
        Bytes[] parts = new Bytes[2 * entries.size() + 2];
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            parts[i] = bytes(entry.guid())
                    .concat(
                            LittleEndian.u32(offset),
                            LittleEndian.u32(entry.content().size()));
            parts[entries.size() + 1 + i] = entry.content();
            offset += entry.content().size();
        }
        parts[entries.size()] = Bytes.zeros(ENTRY_SIZE);
        parts[parts.length - 1] = Bytes.zeros((int) ((PAGE_SIZE - size % PAGE_SIZE) % PAGE_SIZE));
        return Bytes.EMPTY.concat(parts);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CertificateTable that && entries.equals(that.entries);
    }

    @Override
    public int hashCode() {
        return entries.hashCode();
    }

    /** The names of the entries and how many bytes each has. */
    @Override
    public String toString() {
        return "CertificateTable"
                + entries.stream()
                        .map(e -> e.name() + " of " + e.content().size() + " bytes")
                        .toList();
    }

    private Optional<Bytes> certificate(UUID guid) throws MalformedEvidenceException {
        return der(guid, "CERTIFICATE");
    }

    private Optional<Bytes> der(UUID guid, String label) throws MalformedEvidenceException {
        Bytes content = content(guid).orElse(Bytes.EMPTY);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Pem.single("certificate table entry " + KNOWN.get(guid), label, content));
    }

    /** A known name in either order of bytes; anything else as printed. */
    private static UUID guid(Bytes raw) {
        UUID printed = new UUID(bigEndian(raw.slice(0, 8)), bigEndian(raw.slice(8, 16)));
        UUID mixed = mixedEndian(printed);
        return !KNOWN.containsKey(printed) && KNOWN.containsKey(mixed) ? mixed : printed;
    }

    /** The first three groups, of 4, 2 and 2 bytes, each the other way round. */
    private static UUID mixedEndian(UUID guid) {
        long high = guid.getMostSignificantBits();
        long group1 = Integer.toUnsignedLong(Integer.reverseBytes((int) (high >>> 32)));
        long group2 = Short.toUnsignedLong(Short.reverseBytes((short) (high >>> 16)));
        long group3 = Short.toUnsignedLong(Short.reverseBytes((short) high));
        return new UUID(group1 << 32 | group2 << 16 | group3, guid.getLeastSignificantBits());
    }

    private static Bytes bytes(UUID guid) {
        return LittleEndian.u64(guid.getMostSignificantBits())
                .reversed()
                .concat(LittleEndian.u64(guid.getLeastSignificantBits()).reversed());
    }

    private static long bigEndian(Bytes raw) {
        return LittleEndian.read(raw.reversed(), 0, raw.size());
    }

    private static long u32(Bytes table, int at) {
        return LittleEndian.read(table, at, Integer.BYTES);
    }

    /** Puts a table together. Not thread-safe. */
    public static final class Builder {

        private final List<Entry> entries = new ArrayList<>();

        private Builder() {}

        /** Adds the VCEK's certificate. */
        public Builder vcek(Bytes certificate) {
            return entry(VCEK, certificate);
        }

        /** Adds the VLEK's certificate. */
        public Builder vlek(Bytes certificate) {
            return entry(VLEK, certificate);
        }

        /** Adds the ASK's certificate, or on a host with a VLEK the ASVK's. */
        public Builder ask(Bytes certificate) {
            return entry(ASK, certificate);
        }

        /** Adds the root's certificate. */
        public Builder ark(Bytes certificate) {
            return entry(ARK, certificate);
        }

        /** Adds the root's revocation list. */
        public Builder crl(Bytes list) {
            return entry(CRL, list);
        }

        /**
         * Adds an entry of any name.
         *
         * @throws IllegalArgumentException if {@code guid} is all zero, which would end the table, or is known and there
         *     already, or if the table is full
         */
        public Builder entry(UUID guid, Bytes content) {
            if (guid.equals(new UUID(0, 0))) {
                throw new IllegalArgumentException("guid of a certificate table entry must not be all zero");
            }
            @Nullable String known = KNOWN.get(guid);
            if (known != null && entries.stream().anyMatch(e -> e.guid().equals(guid))) {
                throw new IllegalArgumentException("certificate table must have one " + known + ", found another");
            }
            if (entries.size() == MAX_ENTRIES) {
                throw new IllegalArgumentException(
                        "certificate table must have at most " + MAX_ENTRIES + " entries, found more");
            }
            entries.add(new Entry(guid, content));
            return this;
        }

        /** The table. */
        public CertificateTable build() {
            return entries.isEmpty() ? EMPTY : new CertificateTable(entries);
        }
    }
}
