package org.verifiableai.attestation.nvidia.collateral;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;

/**
 * Where the keys come from with which an attestation service signs its tokens. An implementation is thread-safe.
 *
 * <p>Whoever can hand out keys can make tokens: unlike the other sources of this package this one is trusted, as far as the
 * verifier of tokens does not pin the authority above the keys. Keys live for two days or so; to verify a token later, keep
 * the set beside it.
 *
 * <pre>{@code
 * Bytes keys = source.keys();
 * if (lacks(keys, kid)) {
 *     keys = source.newerKeys();
 * }
 * }</pre>
 */
public interface JwksSource {

    /**
     * The key set (RFC 7517, section 5), JSON.
     *
     * @throws EvidenceUnavailableException if the source could not be asked
     */
    Bytes keys() throws EvidenceUnavailableException;

    /**
     * The key set that there is now, for a token whose key the set at hand does not have. A source that was asked a moment
     * ago may return the same set again: whoever makes up key identifiers shall not make requests.
     *
     * @throws EvidenceUnavailableException if the source could not be asked
     */
    Bytes newerKeys() throws EvidenceUnavailableException;

    /** A source of one set, such as one that was kept beside a token. */
    static JwksSource of(Bytes keys) {
        return new JwksSource() {
            @Override
            public Bytes keys() {
                return keys;
            }

            @Override
            public Bytes newerKeys() {
                return keys;
            }
        };
    }
}
