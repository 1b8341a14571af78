package org.verifiableai.examples.vai.demo;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.SignedManifest;

/** What somebody does who has a genuine report and not the key that it speaks for: he signs with a key of his own. */
final class Forgery {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Forgery() {}

    /** Puts another key into a folder's manifest and signs it again. The report and all other evidence stay. */
    static void signWithAnotherKey(Path folder) throws IOException, MalformedEvidenceException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp384r1"));
            KeyPair forged = generator.generateKeyPair();
            Bytes spki = Bytes.of(forged.getPublic().getEncoded());

            SignedManifest genuine = new ManifestFolder(folder).manifest();
            String fingerprint = genuine.provenance().key().fingerprint().hex();
            byte[] payload = new String(genuine.payload().toByteArray(), StandardCharsets.UTF_8)
                    .replace(fingerprint, spki.sha256().hex())
                    .getBytes(StandardCharsets.UTF_8);
            Signature signer = Signature.getInstance("SHA384withECDSA");
            signer.initSign(forged.getPrivate());
            signer.update(preAuthenticationEncoding(payload));

            ObjectNode bundle = (ObjectNode) JSON.readTree(genuine.toJson());
            ObjectNode envelope = (ObjectNode) bundle.get("dsseEnvelope");
            envelope.put("payload", Base64.getEncoder().encodeToString(payload));
            ObjectNode signature = (ObjectNode) envelope.get("signatures").get(0);
            signature.put("sig", Base64.getEncoder().encodeToString(signer.sign()));

            // The hint says which key; a forger does not forget it.
            String claims = bundle.toString().replace(genuine.hint(), hint(spki)) + "\n";
            Files.writeString(folder.resolve(ManifestFolder.CLAIMS), claims);
            Files.delete(folder.resolve(ManifestFolder.EVIDENCE).resolve(fingerprint));
            Files.write(
                    folder.resolve(ManifestFolder.EVIDENCE)
                            .resolve(spki.sha256().hex()),
                    spki.toByteArray());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java runtime does not sign with P-384", e);
        }
    }

    /** SHA-256 over the key as PEM text, as OpenSSF Model Signing names keys. */
    private static String hint(Bytes spki) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(spki.toByteArray());
        return Bytes.utf8("-----BEGIN PUBLIC KEY-----\n" + body + "\n-----END PUBLIC KEY-----\n")
                .sha256()
                .hex();
    }

    /** What DSSE signs: the type and the body, each after its length. */
    private static byte[] preAuthenticationEncoding(byte[] payload) {
        String type = SignedManifest.PAYLOAD_TYPE;
        return Bytes.utf8("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ")
                .concat(Bytes.of(payload))
                .toByteArray();
    }
}
