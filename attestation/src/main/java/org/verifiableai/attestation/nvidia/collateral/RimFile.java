package org.verifiableai.attestation.nvidia.collateral;

import java.util.List;
import java.util.regex.Pattern;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.RimId;

/** Under which names manifests lie in folders and at the service. */
final class RimFile {

    /** The largest manifest, in bytes. Real ones have 100 KiB at most. */
    static final int MAX_SIZE = 512 * 1024;

    // An identifier comes from a report that nobody has verified yet: no separators, and no dot in front.
    private static final Pattern SAFE = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,127}");

    private RimFile() {}

    /** Whether the identifier is one that a service or a folder can have, and not part of a path. */
    static boolean isSafe(RimId id) {
        return SAFE.matcher(id.text()).matches();
    }

    /** The names under which a folder may have it, the one that a cache writes first. */
    static List<String> names(RimId id) {
        return List.of(id.text() + ".xml", id.text() + ".swidtag");
    }

    /** Whether the bytes are more than a manifest may have. */
    static boolean isTooLarge(Bytes xml) {
        return xml.size() > MAX_SIZE;
    }
}
