package org.verifiableai.manifest.internal.envelope;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * A ResourceDescriptor of in-toto (attestation framework v1): something by its place, its digest or its content. Members
 * that the specification does not name are ignored.
 *
 * @param name for people, and to tell resources of one list apart; empty where absent
 * @param uri empty where absent
 * @param digest empty where absent
 * @param content the thing itself, where it is small
 * @param downloadLocation empty where absent
 * @param mediaType empty where absent
 * @param annotations an object, empty where absent
 */
public record ResourceDescriptor(
        String name,
        String uri,
        DigestSet digest,
        Optional<Bytes> content,
        String downloadLocation,
        String mediaType,
        JsonObject annotations) {

    private static final int MAX_NAME = 1024;
    private static final int MAX_URI = 4096;

    /** In-toto advises less than 1 KB. */
    private static final int MAX_CONTENT = 16 << 10;

    /**
     * Reads a descriptor.
     *
     * @throws MalformedEvidenceException if it has neither uri nor digest nor content, or a member of another form
     */
    public static ResourceDescriptor parse(JsonObject resource) throws MalformedEvidenceException {
        ResourceDescriptor parsed = new ResourceDescriptor(
                text(resource, "name", MAX_NAME),
                text(resource, "uri", MAX_URI),
                DigestSet.parse(resource.objectOrEmpty("digest")),
                content(resource),
                text(resource, "downloadLocation", MAX_URI),
                text(resource, "mediaType", MAX_NAME),
                resource.objectOrEmpty("annotations"));
        // resource_descriptor.md: at least one of the three has to be there.
        if (parsed.uri.isEmpty() && parsed.digest.isEmpty() && parsed.content.isEmpty()) {
            throw JsonObject.wrong(resource.path(), "a uri, a digest or content", "none of them");
        }
        return parsed;
    }

    /** The descriptors of the array {@code name}, none where it is absent. */
    public static List<ResourceDescriptor> list(JsonObject parent, String name, int max)
            throws MalformedEvidenceException {
        if (!parent.has(name)) {
            return List.of();
        }
        List<ResourceDescriptor> resources = new ArrayList<>();
        for (JsonObject resource : parent.objects(name, max)) {
            resources.add(parse(resource));
        }
        return List.copyOf(resources);
    }

    private static Optional<Bytes> content(JsonObject resource) throws MalformedEvidenceException {
        String text = text(resource, "content", MAX_CONTENT / 3 * 4 + 4);
        return text.isEmpty() ? Optional.empty() : Optional.of(StrictBase64.decode(resource.path() + ".content", text));
    }

    private static String text(JsonObject resource, String name, int max) throws MalformedEvidenceException {
        String text = resource.optionalText(name).orElse("");
        if (text.length() > max) {
            throw resource.wrongMember(name, "at most " + max + " characters", text.length() + " characters");
        }
        return text;
    }
}
