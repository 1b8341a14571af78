package org.verifiableai.manifest.internal.envelope;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/**
 * The predicate of SLSA provenance v1, of any build type. What its parameters mean is the build type's; whoever verifies
 * has to know each external parameter. Members that the specification does not name are ignored.
 *
 * @param buildType what defines the parameters
 * @param externalParameters not empty
 * @param internalParameters may be empty
 * @param builderVersion versions of the builder's parts, by name
 * @param invocationId empty where absent
 */
public record SlsaProvenance(
        String buildType,
        JsonObject externalParameters,
        JsonObject internalParameters,
        List<ResourceDescriptor> resolvedDependencies,
        String builderId,
        SortedMap<String, String> builderVersion,
        List<ResourceDescriptor> builderDependencies,
        String invocationId,
        Optional<Instant> startedOn,
        Optional<Instant> finishedOn,
        List<ResourceDescriptor> byproducts) {

    /** The predicate type, of every minor version. */
    public static final String TYPE = "https://slsa.dev/provenance/v1";

    private static final int MAX_RESOURCES = 10_000;

    /** Reads a predicate. */
    public static SlsaProvenance parse(JsonObject predicate) throws MalformedEvidenceException {
        JsonObject definition = predicate.object("buildDefinition");
        JsonObject details = predicate.object("runDetails");
        JsonObject builder = details.object("builder");
        JsonObject metadata = details.objectOrEmpty("metadata");
        JsonObject external = definition.object("externalParameters");
        // SLSA provenance v1: unset, null and empty mean the same, and this member is required.
        if (external.node().isEmpty()) {
            throw definition.wrongMember("externalParameters", "at least one parameter", "none");
        }
        return new SlsaProvenance(
                required(definition, "buildType"),
                external,
                definition.objectOrEmpty("internalParameters"),
                ResourceDescriptor.list(definition, "resolvedDependencies", MAX_RESOURCES),
                required(builder, "id"),
                builder.objectOrEmpty("version").texts(),
                ResourceDescriptor.list(builder, "builderDependencies", MAX_RESOURCES),
                metadata.optionalText("invocationId").orElse(""),
                instant(metadata, "startedOn"),
                instant(metadata, "finishedOn"),
                ResourceDescriptor.list(details, "byproducts", MAX_RESOURCES));
    }

    private static String required(JsonObject object, String name) throws MalformedEvidenceException {
        String text = object.text(name);
        if (text.isEmpty()) {
            throw object.wrongMember(name, "a URI", "an empty string");
        }
        return text;
    }

    private static Optional<Instant> instant(JsonObject metadata, String name) throws MalformedEvidenceException {
        Optional<String> text = metadata.optionalText(name);
        try {
            return text.map(value -> OffsetDateTime.parse(value).toInstant());
        } catch (DateTimeException e) {
            throw metadata.wrongMember(name, "an instant of RFC 3339", text.orElse(""));
        }
    }
}
