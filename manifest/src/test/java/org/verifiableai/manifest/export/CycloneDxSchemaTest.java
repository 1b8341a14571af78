package org.verifiableai.manifest.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.manifest.Samples;

/** Bills of materials against the schema that CycloneDX publishes. */
class CycloneDxSchemaTest {

    private static final String PREFIX = "http://cyclonedx.org/schema/";

    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(
                    SpecificationVersion.DRAFT_7, registry -> registry.schemas(CycloneDxSchemaTest::published))
            .getSchema(SchemaLocation.of(PREFIX + "bom-1.6.schema.json"));

    @Test
    void billsAreValid() throws Exception {
        assertThat(errors(bill())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "machine-learning-model, model",
        "SHA-256, SHA256",
        "urn:uuid:, urn:",
        "\"build\", \"train\"",
        "\"url\", \"uri\"",
        "\"attestation\", \"statement\"",
        "\"dataset\", \"records\"",
        "\"uid\", \"id\""
    })
    void theSchemaTellsOthers(String from, String to) {
        String bom = bill();

        assertThat(bom).contains(from);
        assertThat(errors(bom.replace(from, to))).isNotEmpty();
    }

    private static String bill() {
        return new String(CycloneDx.write(Samples.provenance()).toByteArray(), StandardCharsets.UTF_8);
    }

    private static List<Error> errors(String bom) {
        return SCHEMA.validate(bom, InputFormat.JSON);
    }

    /** Schemas come from the class path and nowhere else. */
    private static String published(String id) {
        String name = id.startsWith(PREFIX) ? id.substring(PREFIX.length()) : "none";
        try (InputStream in = CycloneDxSchemaTest.class.getResourceAsStream("/" + name)) {
            return new String(Objects.requireNonNull(in, id).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
