package org.verifiableai.attestation.nvidia;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** The sequence of type, size and data in which a device keeps its opaque data, and strict readings of single fields. */
final class OpaqueFields {

    private static final Bytes VERSIONED_MAGIC = Bytes.utf8("NVDAOD");
    private static final int INVALID = 255;
    // Versions and SKUs become parts of file names and URLs where reference values are looked up.
    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z._-]*");

    private final Map<Integer, Bytes> data = new LinkedHashMap<>();
    private final Map<Integer, Long> offsets = new HashMap<>();

    private OpaqueFields() {}

    static OpaqueFields parse(SpdmReader in) throws MalformedEvidenceException {
        // The layout of later drivers has nothing in common with this one but the signature around it.
        if (in.startsWith(VERSIONED_MAGIC)) {
            throw new MalformedEvidenceException(
                    "opaqueData",
                    in.offset(),
                    "the legacy layout",
                    "unsupported opaque data version: the versioned layout that begins with NVDAOD");
        }
        OpaqueFields fields = new OpaqueFields();
        while (in.remaining() > 0) {
            long offset = in.offset();
            int type = in.u16("opaqueData.type");
            if (type == INVALID) {
                throw new MalformedEvidenceException("opaqueData.type", offset, "a valid type", "255 (invalid)");
            }
            int size = in.u16("opaqueData.size");
            fields.offsets.put(type, in.offset());
            if (fields.data.put(type, in.take("opaqueData.data", size)) != null) {
                throw new MalformedEvidenceException(
                        "opaqueData.type", offset, "each type once", "type " + type + " a second time");
            }
        }
        return fields;
    }

    /** Every field in the order of the report. */
    Map<Integer, Bytes> all() {
        return Collections.unmodifiableMap(data);
    }

    Optional<Bytes> raw(OpaqueField field) {
        return Optional.ofNullable(data.get(field.id()));
    }

    /** A field of exactly {@code size} bytes. */
    Optional<Bytes> sized(OpaqueField field, int size) throws MalformedEvidenceException {
        Optional<Bytes> found = raw(field);
        if (found.isPresent() && found.get().size() != size) {
            throw malformed(field, size + " bytes", found.get().size() + " bytes");
        }
        return found;
    }

    /** A field of parts of {@code size} bytes each; no parts where there is no field. */
    List<Bytes> parts(OpaqueField field, int size) throws MalformedEvidenceException {
        Bytes found = raw(field).orElse(Bytes.EMPTY);
        if (found.size() % size != 0) {
            throw malformed(field, "a multiple of " + size + " bytes", found.size() + " bytes");
        }
        List<Bytes> parts = new ArrayList<>();
        for (int at = 0; at < found.size(); at += size) {
            parts.add(found.slice(at, at + size));
        }
        return List.copyOf(parts);
    }

    /** A little-endian integer of two bytes. */
    OptionalInt u16(OpaqueField field) throws MalformedEvidenceException {
        Optional<Bytes> found = sized(field, 2);
        return found.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(found.get().unsigned(1) << 8 | found.get().unsigned(0));
    }

    /** A text without its padding. */
    Optional<String> name(OpaqueField field) throws MalformedEvidenceException {
        Optional<Bytes> found = raw(field);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        int size = found.get().size();
        while (size > 0 && found.get().get(size - 1) == 0) {
            size--;
        }
        String text = new String(found.get().slice(0, size).toByteArray(), StandardCharsets.ISO_8859_1);
        if (!NAME.matcher(text).matches()) {
            throw malformed(
                    field,
                    "ASCII letters, digits, dots, hyphens and underscores, then NULs",
                    found.get().hex());
        }
        return Optional.of(text);
    }

    Optional<UnitStatus> status(OpaqueField field) throws MalformedEvidenceException {
        Optional<Bytes> found = sized(field, 1);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (found.get().unsigned(0)) {
                    case 0xAA -> UnitStatus.ENABLED;
                    case 0x55 -> UnitStatus.DISABLED;
                    default -> throw malformed(field, "aa or 55", found.get().hex());
                });
    }

    MalformedEvidenceException malformed(OpaqueField field, String expected, String found) {
        Long offset = offsets.get(field.id());
        return new MalformedEvidenceException(
                "opaqueData." + field, offset == null ? MalformedEvidenceException.NO_OFFSET : offset, expected, found);
    }
}
