package org.verifiableai.attestation;

import java.util.regex.Pattern;

/**
 * The stable name of one check, such as {@code snp.signature}. Names are part of the API: they appear in stored verdicts
 * and do not change their meaning between releases.
 *
 * @param name lower-case words joined by dots, with hyphens inside a word
 */
public record CheckId(String name) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*(\\.[a-z0-9]+(-[a-z0-9]+)*)+");

    /**
     * Checks the form of {@code name}.
     *
     * @throws IllegalArgumentException if {@code name} is not of the form
     */
    public CheckId {
        if (!FORM.matcher(name).matches()) {
            throw new IllegalArgumentException("check id must be lower-case words joined by dots, found " + name);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
