package org.verifiableai.attestation.snp.collateral;

import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;

/** The two halves of AMD's key service: each kind of VEK has authorities and revocation lists of its own. */
enum Endpoint {
    VCEK("vcek", "SEV-"),
    VLEK("vlek", "SEV-VLEK-");

    private final String segment;
    private final String authorityPrefix;

    Endpoint(String segment, String authorityPrefix) {
        this.segment = segment;
        this.authorityPrefix = authorityPrefix;
    }

    /**
     * The half that serves reports signed by this key.
     *
     * @throws IllegalArgumentException if no certificate is issued for it
     */
    static Endpoint of(SigningKey key) {
        return switch (key) {
            case VCEK -> VCEK;
            case VLEK -> VLEK;
            case NONE, RESERVED -> throw new IllegalArgumentException("signing key must be VCEK or VLEK, found " + key);
        };
    }

    /** Its name in a path. */
    String segment() {
        return segment;
    }

    /** The common name of the authority under the root: SEV-Milan or SEV-VLEK-Milan. */
    String authority(ProductLine line) {
        return authorityPrefix + line.amdName();
    }

    /** The common name of the root, which the halves share: ARK-Milan. */
    static String root(ProductLine line) {
        return "ARK-" + line.amdName();
    }
}
