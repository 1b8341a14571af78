package org.verifiableai.manifest.oms;

import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Bytes;

/**
 * What an accepted signature says of a model. Its files are those on disk, save the unsigned ones.
 *
 * @param name what the signer called the model; a word, and no identity
 * @param root SHA-256 over the listed digests, 32 bytes. It covers no names: two models with contents swapped between names
 *     can have one root, so it identifies a model only together with {@code files}.
 * @param key the signer's public key as a DER SubjectPublicKeyInfo
 * @param files the names of the signed files, in the order of their code points
 * @param unsigned the names of files that are there and that the signer left out, in order; whoever loads the model must not
 *     read them
 */
public record OmsModel(String name, Bytes root, Bytes key, List<String> files, List<String> unsigned) {

    /** Copies the lists. */
    public OmsModel {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(root, "root");
        Objects.requireNonNull(key, "key");
        files = List.copyOf(files);
        unsigned = List.copyOf(unsigned);
    }
}
