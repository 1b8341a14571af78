package org.verifiableai.attestation.nvidia.collateral;

import java.util.Optional;

/** What it means to be turned away by a service that wants a key. */
final class ServiceKeys {

    private ServiceKeys() {}

    static Optional<String> meaning(int status) {
        return switch (status) {
            case 401 -> Optional.of("it wants a service key, or another one");
            case 403 -> Optional.of("it does not let this client in, or not with this service key");
            default -> Optional.empty();
        };
    }
}
