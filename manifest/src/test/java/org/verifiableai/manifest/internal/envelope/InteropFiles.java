package org.verifiableai.manifest.internal.envelope;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureAlgorithm;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.manifest.InteropSamples;
import org.verifiableai.manifest.internal.json.JsonObject;
import org.verifiableai.manifest.internal.json.StrictJson;
import org.verifiableai.manifest.signing.SigningKey;

/**
 * Our side of {@code manifest/bin/interop intoto}: {@code write FOLDER} puts envelopes {@code ours-*.json} there, with
 * their keys beside them as {@code *.pub.pem}, and {@code read FOLDER} verifies all that others put there.
 */
final class InteropFiles {

    private static final Map<String, SignatureAlgorithm> ALGORITHMS = new TreeMap<>(Map.of(
            "p256", SignatureAlgorithm.ECDSA_P256_SHA256,
            "p384", SignatureAlgorithm.ECDSA_P384_SHA384,
            "ed25519", SignatureAlgorithm.ED25519));

    private InteropFiles() {}

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]);
        if (args[0].equals("write")) {
            write(folder);
        } else if (!read(folder, System.out)) {
            System.exit(1);
        }
    }

    private static void write(Path folder) throws IOException {
        for (Map.Entry<String, SignatureAlgorithm> entry : ALGORITHMS.entrySet()) {
            SigningKey key = SigningKey.generate(entry.getValue(), new SecureRandom());
            DsseEnvelope envelope = DsseEnvelope.sign(Statement.PAYLOAD_TYPE, InteropSamples.provenance(key), key);
            String name = "ours-" + entry.getKey();
            Files.writeString(folder.resolve(name + ".json"), envelope.toJson().toString());
            Files.writeString(
                    folder.resolve(name + ".bundle"),
                    SigstoreBundle.ofKey(envelope).toJson());
            Files.writeString(folder.resolve(name + ".pub.pem"), pem(key.spki()));
        }
    }

    private static boolean read(Path folder, PrintStream out) throws IOException {
        List<Path> envelopes;
        try (Stream<Path> files = Files.list(folder)) {
            envelopes = files.filter(file -> file.toString().endsWith(".json"))
                    .filter(file -> !file.getFileName().toString().startsWith("ours-"))
                    .sorted()
                    .toList();
        }
        boolean good = !envelopes.isEmpty();
        for (Path file : envelopes) {
            String verdict = verdict(file);
            out.println("here: " + file.getFileName() + ": " + verdict);
            good &= verdict.startsWith("verified");
        }
        return good;
    }

    private static String verdict(Path file) throws IOException {
        String pem = Files.readString(Path.of(file.toString().replace(".json", ".pub.pem")));
        Bytes spki = Bytes.of(Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\\s", "")));
        try {
            DsseEnvelope envelope = DsseEnvelope.parse(JsonObject.of(
                    "envelope", StrictJson.parse("envelope", Bytes.of(Files.readAllBytes(file)), 1 << 20)));
            if (!envelope.verify(SignatureEngine.standard().key(spki))) {
                return "not signed by its key";
            }
            Statement statement = Statement.parse(envelope.payload(), 1 << 20);
            return "verified, " + statement.predicateType() + " about "
                    + statement.subjects().size() + " subjects";
        } catch (MalformedEvidenceException e) {
            return "refused: " + e.getMessage();
        }
    }

    private static String pem(Bytes spki) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(spki.toByteArray());
        return "-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n";
    }
}
