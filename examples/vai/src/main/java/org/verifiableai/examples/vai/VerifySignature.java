package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationException;
import org.verifiableai.manifest.oms.OmsModel;
import org.verifiableai.manifest.oms.OmsPolicy;
import org.verifiableai.manifest.oms.OmsVerifier;

/** The sample of the README: which files of a signed model may be loaded. */
final class VerifySignature {

    private VerifySignature() {}

    static List<String> loadable(Path model, Path keyFile)
            throws IOException, MalformedEvidenceException, EvidenceUnavailableException, VerificationException {
        // region sample
        // That this key is the publisher's is for you to know; ofAuthorities takes certificates instead.
        Bytes key = Bytes.of(Files.readAllBytes(keyFile));
        OmsVerifier verifier = OmsVerifier.ofPublicKey(key).build();

        // Hashes every file. A file that was changed, added or taken away is a rejection that names it.
        Verdict<OmsModel> verdict = verifier.verify(model, model.resolve("model.sig"), OmsPolicy.standard());

        // Load these and nothing beside them: what the signer left out stands in unsigned().
        List<String> files = verdict.orElseThrow().value().files();
        // endregion
        return files;
    }
}
