package org.verifiableai.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.manifest.internal.json.Jcs;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;

/**
 * How the guest was launched, as a manifest states it: one builder dependency with the whole configuration, from which the
 * measurement follows, then one for each image that went in, so that readers who know nothing of SEV-SNP find their
 * digests. Reading does not compute the measurement, which can take long.
 *
 * @param json the configuration in the form of {@link LaunchConfiguration#toJson()}
 */
record GuestLaunch(String json) {

    private static final String LAUNCH = "guest-launch";
    private static final String KERNEL = "guest/kernel";
    private static final String INITRD = "guest/initrd";
    private static final String DISK = "guest/disk/";
    private static final String MEDIA_TYPE = "application/vnd.verifiableai.snp-launch+json";
    private static final String DIGEST = "digest";
    private static final String SHA256 = "sha256";
    private static final int MAX_SIZE = 256 << 10;

    static GuestLaunch of(LaunchConfiguration launch) {
        return new GuestLaunch(launch.toJson());
    }

    /** The configuration, with its measurement computed. */
    LaunchConfiguration configuration() throws MalformedEvidenceException {
        try {
            return LaunchConfiguration.fromJson(json);
        } catch (IllegalArgumentException e) {
            throw JsonObject.wrong(LAUNCH, "a launch configuration", String.valueOf(e.getMessage()));
        }
    }

    void write(ArrayNode dependencies) {
        JsonNode launch;
        try {
            launch = StrictJson.parse(LAUNCH, Bytes.utf8(json), MAX_SIZE);
        } catch (MalformedEvidenceException e) {
            throw new IllegalArgumentException("launch configuration: " + e.getMessage(), e);
        }
        ObjectNode whole = dependencies.addObject().put("name", LAUNCH).put("mediaType", MEDIA_TYPE);
        whole.putObject(DIGEST).put(SHA256, Jcs.write(launch).sha256().hex());
        whole.putObject("annotations").set("launch", launch);
        images(launch)
                .forEach((name, digest) -> dependencies
                        .addObject()
                        .put("name", name)
                        .putObject(DIGEST)
                        .put(SHA256, digest));
    }

    /** Finds the configuration among builder dependencies; what they say of its images has to be what it says. */
    static Optional<GuestLaunch> parse(List<JsonObject> dependencies) throws MalformedEvidenceException {
        JsonObject whole = null;
        for (JsonObject dependency : dependencies) {
            if (dependency.optionalText("name").filter(LAUNCH::equals).isPresent()) {
                if (whole != null) {
                    throw dependency.wrongMember("name", "one " + LAUNCH, "more");
                }
                whole = dependency;
            }
        }
        if (whole == null) {
            return Optional.empty();
        }
        JsonObject launch = whole.object("annotations").object("launch");
        whole.object(DIGEST)
                .requireText(SHA256, Jcs.write(launch.node()).sha256().hex());
        Map<String, String> images = images(launch.node());
        for (JsonObject dependency : dependencies) {
            String name = dependency.optionalText("name").orElse("");
            if (name.equals(KERNEL) || name.equals(INITRD) || name.startsWith(DISK)) {
                String stated = images.get(name);
                if (stated == null) {
                    throw dependency.wrongMember("name", "an image that the launch configuration names", name);
                }
                dependency.object(DIGEST).requireText(SHA256, stated);
            }
        }
        return Optional.of(new GuestLaunch(launch.node().toString()));
    }

    private static Map<String, String> images(JsonNode launch) {
        Map<String, String> images = new TreeMap<>();
        if (launch.path("kernelSha256").isTextual()) {
            images.put(KERNEL, launch.get("kernelSha256").textValue());
        }
        if (launch.path("initrdSha256").isTextual()) {
            images.put(INITRD, launch.get("initrdSha256").textValue());
        }
        for (Map.Entry<String, JsonNode> disk : launch.path("disks").properties()) {
            images.put(DISK + disk.getKey(), disk.getValue().asText());
        }
        return images;
    }
}
