package org.verifiableai.attestation.nvidia.collateral;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.Answer;
import org.verifiableai.attestation.internal.http.FailedAttempt;
import org.verifiableai.attestation.internal.http.Resource;
import org.verifiableai.attestation.internal.x509.OcspCertId;
import org.verifiableai.attestation.internal.x509.OcspHash;
import org.verifiableai.attestation.nvidia.RimId;

/** Whatever a service answers or a folder holds, it is what was asked for by its own account or it is refused. */
class ServiceAnswerFuzzTest {

    private static final RimId ID = new RimId("NV_GPU_DRIVER_GH100_550.90.07");
    private static final Bytes XML = Bytes.utf8("<SoftwareIdentity/>");
    private static final Bytes HASH = Bytes.zeros(48);
    private static final List<Resource> RESOURCES = List.of(
            new RimResource(ID),
            new JwksResource(URI.create("https://localhost"), Duration.ofDays(1)),
            new NrasResource("/v4/attest/gpu", "attestation", Bytes.EMPTY, false),
            new OcspResource(
                    new OcspCertId(OcspHash.SHA384, HASH, HASH, BigInteger.ONE), OcspNonce.NONE, new SecureRandom()));

    @MethodSource("seeds")
    @FuzzTest
    void anAnswerIsWhatWasAskedForOrRefused(byte[] input) {
        Bytes body = Bytes.of(input);
        manifest(body);
        for (Resource resource : RESOURCES) {
            try {
                Answer answer = resource.question().reader().read(body);
                assertThat(answer.parts()).hasSize(1);
                assertThat(resource.read(answer.body())).isEqualTo(answer);
            } catch (MalformedEvidenceException | FailedAttempt e) {
                assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(2_000);
            }
            try {
                assertThat(resource.read(body).body()).isEqualTo(body);
            } catch (MalformedEvidenceException e) {
                assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(2_000);
            }
        }
    }

    @Test
    void theSeedsAreAnswers() throws Exception {
        List<byte[]> seeds = seeds();

        assertThat(RimAnswer.parse(ID, Bytes.of(seeds.get(0)))).isEqualTo(XML);
        for (int i = 1; i < RESOURCES.size() - 1; i++) {
            Bytes seed = Bytes.of(seeds.get(i));
            assertThat(RESOURCES.get(i).read(seed).parts()).containsExactly(seed);
        }
    }

    /** The document inside an answer need not be a manifest for this, so that the search does not have to find one. */
    private static void manifest(Bytes body) {
        try {
            assertThat(RimAnswer.parse(ID, body).size()).isLessThan(body.size());
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n").hasSizeLessThan(2_000);
        }
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        "{\"id\":\"" + ID + "\",\"rim\":\"" + XML.base64() + "\",\"sha256\":\"" + XML.sha256()
                                + "\",\"last_updated\":\"2026-11-24T12:00:00\",\"rim_format\":\"TCG\","
                                + "\"request_id\":\"1\"}",
                        "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"a\",\"x5c\":[\"AA==\"]}]}",
                        "[[\"JWT\",\"e30.e30.\"],{\"GPU-0\":\"e30.e30.\"}]",
                        "<html>maintenance</html>")
                .map(text -> Bytes.utf8(text).toByteArray())
                .toList();
    }
}
