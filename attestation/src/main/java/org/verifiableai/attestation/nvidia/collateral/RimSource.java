package org.verifiableai.attestation.nvidia.collateral;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.nvidia.RimId;

/**
 * A place to look for reference integrity manifests. An implementation is thread-safe.
 *
 * <p>Nothing empty means trouble: a source that does not have a manifest returns nothing, and one that could not be asked
 * throws. What a source returns is trusted by nobody, and a manifest does not state its own identifier: whoever uses it
 * verifies its signature and compares its version with the report's.
 */
@FunctionalInterface
public interface RimSource {

    /**
     * The manifest with this identifier, an XML document; empty if this source does not have it.
     *
     * @throws EvidenceUnavailableException if the source could not be asked, or has something else in its place
     */
    Optional<Bytes> rim(RimId id) throws EvidenceUnavailableException;

    /** A source that has nothing. */
    static RimSource none() {
        return firstOf();
    }

    /**
     * Asks sources in order and takes the first answer. A source that cannot be asked does not keep the others from
     * answering. Its exception is thrown only where none of them has an answer; where several failed, the first one's with
     * the others suppressed in it, retryable if any of them is.
     */
    static RimSource firstOf(RimSource... sources) {
        return firstOf(Arrays.asList(sources));
    }

    /** As {@link #firstOf(RimSource...)}. */
    static RimSource firstOf(List<? extends RimSource> sources) {
        List<RimSource> all = List.copyOf(sources);
        return id -> FirstOf.<RimSource, EvidenceUnavailableException>ask(all, source -> source.rim(id));
    }
}
