package org.verifiableai.chain.registry;

import java.util.Optional;

/**
 * What became of a request to publish.
 *
 * @param entry the entry as it was read back from the chain
 * @param transaction the hash of the transaction, with 0x; empty if the entry was there already and nothing was sent
 */
public record Publication(RegistryEntry.Published entry, Optional<String> transaction) {}
