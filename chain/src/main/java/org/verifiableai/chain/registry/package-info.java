/**
 * The registry of provenance on chain: which manifest a publisher stands behind for a model.
 *
 * <p>An entry proves that the holder of the publisher's key wrote it, and when the chain says it did. It does not prove
 * that anything was verified: that is the publisher's word, and a reader who does not want to take it verifies the manifest
 * himself.
 */
@NullMarked
package org.verifiableai.chain.registry;

import org.jspecify.annotations.NullMarked;
