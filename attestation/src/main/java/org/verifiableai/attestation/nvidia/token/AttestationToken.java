package org.verifiableai.attestation.nvidia.token;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/**
 * What a verifier of NVIDIA printed of a machine's GPUs and switches, in any of the forms that its tools write. Parsed, and
 * worth nothing before a {@link TokenVerifier} has accepted it. Immutable.
 *
 * <p>The forms are those of {@link Form}. What they have in common is here: one bundle for each verifier, most often one
 * alone, with an overall token and a token for each device.
 */
public final class AttestationToken {

    /** The largest document that is read, in bytes. */
    public static final int MAX_SIZE = 8 * 1024 * 1024;

    private final Bytes bytes;
    private final Form form;
    private final @Nullable Jws wrapper;
    private final List<TokenBundle> bundles;

    /** The forms in which tokens come. */
    public enum Form {
        /** {@code [["JWT","..."],{"GPU-0":"..."}]}, as the attestation service and the verifiers write. */
        BUNDLE,
        /** What {@code get_token()} of the attestation SDK returns: bundles by verifier, wrapped once more. */
        SDK_WRAPPER,
        /** The JSON of the command {@code nvattest attest}, whose member {@code detached_eat} is a bundle. */
        NVATTEST,
        /** A token by itself, as the local verifier writes where it failed. */
        SINGLE
    }

    AttestationToken(Bytes bytes, Form form, @Nullable Jws wrapper, List<TokenBundle> bundles) {
        this.bytes = bytes;
        this.form = form;
        this.wrapper = wrapper;
        this.bundles = List.copyOf(bundles);
    }

    /**
     * Reads a token of any form, whether as a JSON value of its own or within a JSON text, as Python's SDK hands it over.
     *
     * @param bytes the document, in UTF-8
     * @throws MalformedEvidenceException if it is of none of the forms
     */
    public static AttestationToken parse(Bytes bytes) throws MalformedEvidenceException {
        return TokenReader.read(bytes);
    }

    /** The document as it came. */
    public Bytes bytes() {
        return bytes;
    }

    /** In which form it came. */
    public Form form() {
        return form;
    }

    /**
     * The token that the SDK wraps around others. It is signed with a key that stands in the SDK's source, names nothing
     * of what it wraps, and proves nothing: no check looks at it.
     */
    public Optional<Jws> wrapper() {
        return Optional.ofNullable(wrapper);
    }

    /** One bundle for each verifier, at least one. */
    public List<TokenBundle> bundles() {
        return bundles;
    }

    /** The tokens of all devices of all bundles. */
    public List<DeviceToken> devices() {
        return bundles.stream().flatMap(bundle -> bundle.devices().stream()).toList();
    }

    /** The keys that the tokens name, to be looked for in the issuer's key set. */
    public Set<String> keyIds() {
        Set<String> ids = new LinkedHashSet<>();
        for (TokenBundle bundle : bundles) {
            bundle.tokens().forEach(token -> token.keyId().ifPresent(ids::add));
        }
        return ids;
    }

    /** Whether both are the same document. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AttestationToken that && bytes.equals(that.bytes);
    }

    @Override
    public int hashCode() {
        return bytes.hashCode();
    }

    @Override
    public String toString() {
        return "AttestationToken[" + form + ", " + bundles + ", sha256 " + bytes.sha256() + "]";
    }
}
