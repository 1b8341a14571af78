/**
 * A chain inside the JVM, for tests and demonstrations: real bytecode on a real EVM, one block a transaction, and the
 * rules of Sapphire that a plain EVM node does not have. It keeps nothing and connects to nobody.
 */
@NullMarked
package org.verifiableai.chain.devnet;

import org.jspecify.annotations.NullMarked;
