package org.verifiableai.attestation.nvidia.token;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.DeviceKind;

/**
 * The token of one device within a bundle. Parsed, and not verified.
 *
 * @param name such as {@code GPU-0} or {@code SWITCH-3}, counted in the order of the evidence
 * @param kind what kind of device its name says that it is
 * @param token the token
 * @param claims what it says
 */
public record DeviceToken(String name, DeviceKind kind, Jws token, DeviceClaims claims) {

    private static final Pattern NAME = Pattern.compile("(GPU|SWITCH)-(?:0|[1-9][0-9]{0,2})");

    static DeviceToken parse(String name, String compact) throws MalformedEvidenceException {
        DeviceKind kind = kindOf(name)
                .orElseThrow(() -> new MalformedEvidenceException(
                        "detached claims",
                        MalformedEvidenceException.NO_OFFSET,
                        "devices named GPU-0, SWITCH-0 and on",
                        name));
        Jws token = Jws.parse(compact);
        return new DeviceToken(name, kind, token, DeviceClaims.read(kind, token.claims()));
    }

    static Optional<DeviceKind> kindOf(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches() ? Optional.of(DeviceKind.valueOf(parts.group(1))) : Optional.empty();
    }
}
