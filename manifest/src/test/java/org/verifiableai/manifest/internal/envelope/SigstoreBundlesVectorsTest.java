package org.verifiableai.manifest.internal.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.manifest.SignedManifest;
import org.verifiableai.manifest.VectorFiles;

/** Walks bundles that sigstore's own library is tested with. All are keyless: they are read, and none is a manifest. */
class SigstoreBundlesVectorsTest {

    @Test
    void everyBundleIsReadAndVerifiesUnderItsOwnCertificateUnlessItIsTheBadOne() throws Exception {
        List<Path> bundles = VectorFiles.list("sigstore-bundles").stream()
                .filter(file -> file.toString().contains(".sigstore"))
                .toList();
        assertThat(bundles).isNotEmpty();
        for (Path file : bundles) {
            String name = file.getFileName().toString();
            Bytes bytes = Bytes.of(Files.readAllBytes(file));
            SigstoreBundle bundle = SigstoreBundle.parse(bytes, SigstoreBundle.Limits.MODEL);
            assertThat(bundle.material()).as(name).isInstanceOf(VerificationMaterial.Keyless.class);
            DsseEnvelope envelope = bundle.envelope().orElseThrow();
            assertThat(Statement.parse(envelope.payload(), 1 << 20).subjects())
                    .as(name)
                    .isNotEmpty();
            assertThat(envelope.verify(key((VerificationMaterial.Keyless) bundle.material())))
                    .as(name)
                    .isEqualTo(!name.contains("bad-signature"));
            // A short-lived certificate without a look into the log proves nothing.
            assertThatExceptionOfType(MalformedEvidenceException.class)
                    .as(name)
                    .isThrownBy(() -> SignedManifest.parse(bytes))
                    .withMessageContaining("a bare key's hint alone");
        }
    }

    private static VerificationKey key(VerificationMaterial.Keyless material) throws Exception {
        return SignatureEngine.standard()
                .key(Bytes.of(CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(material.certificate().toByteArray()))
                        .getPublicKey()
                        .getEncoded()));
    }
}
