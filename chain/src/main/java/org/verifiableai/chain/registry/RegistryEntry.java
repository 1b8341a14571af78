package org.verifiableai.chain.registry;

import java.time.Instant;
import org.verifiableai.attestation.Bytes;

/** What a registry says of a model, by one publisher: nothing, an entry that stands, or one that was revoked. */
public sealed interface RegistryEntry {

    /** The publisher has no entry for the model. */
    record Unknown() implements RegistryEntry {}

    /**
     * The newest version stands.
     *
     * @param manifestDigest SHA-256 of the manifest, 32 bytes
     * @param version its number, from 1; above 1 it replaced earlier ones
     * @param publishedAt the time of its block
     */
    record Published(Bytes manifestDigest, long version, Instant publishedAt) implements RegistryEntry {}

    /**
     * The newest version was revoked: its publisher no longer stands behind the model.
     *
     * @param manifestDigest SHA-256 of the manifest, 32 bytes
     * @param version its number, from 1
     * @param publishedAt the time of its block
     * @param revokedAt the time of the block that revoked it
     * @param reason the publisher's code
     */
    record Revoked(Bytes manifestDigest, long version, Instant publishedAt, Instant revokedAt, long reason)
            implements RegistryEntry {}
}
