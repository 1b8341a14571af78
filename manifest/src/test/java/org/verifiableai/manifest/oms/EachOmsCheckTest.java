package org.verifiableai.manifest.oms;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.Verdict;

/** For each check, what fails it and no other. */
class EachOmsCheckTest {

    @FunctionalInterface
    private interface Attempt {
        Verdict<OmsModel> judge(Path model) throws Exception;
    }

    @TempDir
    Path temporary;

    private static Map<CheckId, Attempt> attempts() {
        Map<CheckId, Attempt> attempts = new LinkedHashMap<>();
        attempts.put(
                OmsChecks.FORMAT,
                model -> OmsLab.verify(
                        model,
                        OmsLab.rewrapped(
                                OmsLab.signed(model),
                                j -> j.withObjectProperty("dsseEnvelope").put("payloadType", "text/plain"))));
        attempts.put(
                OmsChecks.KEY,
                model -> OmsLab.verify(model, OmsLab.rewrapped(OmsLab.signed(model), j -> {
                    j.withObjectProperty("verificationMaterial")
                            .withObjectProperty("publicKey")
                            .put("hint", "00".repeat(32));
                    ((ObjectNode) j.at("/dsseEnvelope/signatures/0")).remove("keyid");
                })));
        attempts.put(OmsChecks.CHAIN, model -> {
            CertificateLab lab = new CertificateLab();
            KeyPair signer = CertificateLab.signer();
            var bundle = OmsSigner.builder(CertificateLab.key(signer))
                    .certificates(List.of(lab.leaf(signer), lab.between()))
                    .build()
                    .sign(model);
            return OmsVerifier.ofAuthorities(List.of(new CertificateLab().root()))
                    .clock(Clock.fixed(CertificateLab.WITHIN, ZoneOffset.UTC))
                    .build()
                    .verify(model, bundle, OmsPolicy.standard());
        });
        attempts.put(
                OmsChecks.SIGNATURE,
                model -> OmsLab.verify(
                        model,
                        OmsLab.rewrapped(
                                OmsLab.signed(model),
                                j -> j.withObjectProperty("dsseEnvelope").put("payload", "e30="))));
        attempts.put(
                OmsChecks.VERSION,
                model -> OmsLab.verify(
                        model,
                        OmsLab.restated(
                                OmsLab.signed(model),
                                s -> s.put("predicateType", OmsStatement.PREDICATE_TYPE_OF_0_2))));
        attempts.put(
                OmsChecks.STATEMENT,
                model -> OmsLab.verify(
                        model,
                        OmsLab.restated(
                                OmsLab.signed(model),
                                s -> s.withObjectProperty("predicate").put("extra", true))));
        attempts.put(
                OmsChecks.NAMES,
                model -> OmsLab.verify(
                        model,
                        OmsLab.restated(
                                OmsLab.signed(model), s -> OmsLab.resource(s, 0).put("name", "../config.json"))));
        attempts.put(
                OmsChecks.ROOT,
                model -> OmsLab.verify(
                        model,
                        OmsLab.restated(
                                OmsLab.signed(model),
                                s -> ((ObjectNode) s.at("/subject/0/digest")).put("sha256", "11".repeat(32)))));
        attempts.put(OmsChecks.IGNORE_PATHS, model -> {
            var bundle = OmsLab.restated(
                    OmsLab.signed(model),
                    s -> ((ArrayNode) OmsLab.serialization(s).get("ignore_paths")).add("hidden"));
            Files.createDirectories(model.resolve("hidden/deep"));
            Files.writeString(model.resolve("hidden/deep/adapter_model.safetensors"), "other weights");
            return OmsLab.verify(model, bundle);
        });
        attempts.put(OmsChecks.FILES, model -> {
            var bundle = OmsLab.signed(model);
            Files.writeString(model.resolve("model.safetensors"), "changed");
            return OmsLab.verify(model, bundle);
        });
        return attempts;
    }

    @Test
    void eachCheckAloneFails() throws Exception {
        int number = 0;
        for (Map.Entry<CheckId, Attempt> attempt : attempts().entrySet()) {
            Path model = OmsLab.model(temporary.resolve("model" + number++));
            Verdict<OmsModel> verdict = attempt.getValue().judge(model);
            assertThat(OmsLab.failed(verdict))
                    .as(verdict.checks().toString())
                    .containsExactly(attempt.getKey().name());
            assertThat(verdict.accepted()).isFalse();
            assertThat(verdict.checks()).extracting(c -> c.id()).containsExactlyElementsOf(OmsChecks.ALL);
        }
    }

    @Test
    void noCheckIsWithoutAnAttempt() {
        assertThat(new ArrayList<>(attempts().keySet())).isEqualTo(OmsChecks.ALL);
    }
}
