package org.verifiableai.chain.registry;

import org.verifiableai.attestation.Bytes;

/**
 * Which entry: who published for which model.
 *
 * @param publisher an address with 0x
 * @param modelDigest the digest of the model's folder, 32 bytes
 */
public record RegistryKey(String publisher, Bytes modelDigest) {}
