package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.VerificationKey;

/**
 * A device's certificates whose signatures were checked, and what was found. Immutable. What it says stays true: how many
 * certificates there have to be is for a policy to say, and whether they are valid is asked for an instant.
 *
 * @param chain the certificates
 * @param root the trust anchor in which they end
 * @param defects what is wrong with them, apart from their number; empty if they are sound and end in a root
 * @param leafKey the key that signs reports; empty if it is none on P-384
 */
record CheckedChain(
        DeviceChain chain, Optional<NvidiaTrustAnchor> root, List<String> defects, Optional<VerificationKey> leafKey) {

    CheckedChain {
        defects = List.copyOf(defects);
    }

    boolean sound() {
        return defects.isEmpty();
    }
}
