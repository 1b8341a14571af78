package org.verifiableai.manifest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an adapter's configuration says of its base model, beside what the manifest names. Only what can be compared is:
 * a manifest that names no model of Hugging Face, or a configuration that names a folder on some disk, is not.
 */
final class BaseModelName {

    private static final Pattern PURL = Pattern.compile("pkg:huggingface/([^/@?#]+)/([^/@?#]+)@([0-9a-f]{40})");

    /** A folder of the cache in which Hugging Face's own tools keep what they load. */
    private static final Pattern CACHE = Pattern.compile(
            "(?:.*[/\\\\])?models--([^/\\\\]+?)--([^/\\\\]+)[/\\\\]snapshots[/\\\\]([^/\\\\]+)[/\\\\]?");

    /** The longest name that is looked at: patterns take their time over longer ones. */
    static final int MAX_LENGTH = 1024;

    private final String uri;
    private final Matcher purl;
    private final boolean comparable;

    /** The manifest's base model. */
    BaseModelName(String uri) {
        this.uri = uri;
        this.purl = PURL.matcher(uri);
        this.comparable = purl.matches();
    }

    /** Whether {@code name}, from a configuration, is one that can be compared. */
    boolean compares(String name) {
        return comparable && !name.isBlank() && (cached(name).isPresent() || !isPath(name));
    }

    /** How {@code name} contradicts the manifest, or nothing. */
    Optional<String> defect(String name) {
        if (!compares(name)) {
            return Optional.empty();
        }
        String org = purl.group(1);
        String model = purl.group(2);
        String commit = purl.group(3);
        boolean same = cached(name)
                .map(List.of(org, model, commit)::equals)
                // A name without organisation is one that the hub has for old models, or a folder beside the loader:
                // training from a folder of the model's name, or from a snapshot of the cache, leaves these two.
                .orElseGet(() -> name.equals(org + "/" + model) || name.equals(model) || name.equals(commit));
        return same
                ? Optional.empty()
                : Optional.of("expected " + org + "/" + model + " as in " + uri + ", found " + name);
    }

    /** How the revision of the base model contradicts the manifest, or nothing. */
    Optional<String> revisionDefect(String revision) {
        // None means main, and says nothing; any other name moves, or names another state.
        if (!comparable || revision.isBlank() || revision.equals("main") || revision.equals(purl.group(3))) {
            return Optional.empty();
        }
        return Optional.of("expected none or the commit of " + uri + ", found " + revision);
    }

    private static Optional<List<String>> cached(String name) {
        Matcher cache = CACHE.matcher(name);
        return cache.matches()
                ? Optional.of(List.of(cache.group(1), cache.group(2), cache.group(3)))
                : Optional.empty();
    }

    private static boolean isPath(String name) {
        boolean drive = name.length() >= 2 && name.charAt(1) == ':' && Character.isLetter(name.charAt(0));
        return drive
                || "/\\.~".indexOf(name.charAt(0)) >= 0
                || name.indexOf('\\') >= 0
                || name.endsWith("/")
                || name.indexOf('/') != name.lastIndexOf('/');
    }
}
