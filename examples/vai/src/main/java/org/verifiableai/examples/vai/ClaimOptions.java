package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.Claim;
import org.verifiableai.manifest.ClaimSigner;
import org.verifiableai.manifest.ManifestFolder;
import org.verifiableai.manifest.Provenance;
import picocli.CommandLine.Option;

/** Which model a claim is about, and whose it is. */
public final class ClaimOptions {

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "The model's folder.")
    private Path model;

    @Option(
            names = "--private-key",
            required = true,
            paramLabel = "FILE",
            description = "The author's key, unencrypted PEM: P-384, P-256 or Ed25519.")
    private Path privateKey;

    /** Called by picocli. */
    public ClaimOptions() {}

    /** Adds the claim that {@code author} makes of the folder's manifest, and tells what was added. */
    int append(Author author, Output output) throws MalformedEvidenceException, EvidenceUnavailableException {
        ManifestFolder folder = ModelFolder.of(model);
        ClaimSigner signer = ClaimSigner.with(PrivateKeyFile.read(privateKey));
        try {
            Provenance provenance = folder.manifest().provenance();
            Claim claim = author.claim(provenance, signer);
            folder.append(claim);
            Map<String, String> values = new LinkedHashMap<>();
            values.put("manifest", provenance.manifestDigest().hex());
            ClaimValues.add("claim", claim, values);
            output.values(values);
        } catch (MalformedEvidenceException e) {
            output.notEvidence(e);
            throw e;
        } catch (IOException e) {
            throw new EvidenceUnavailableException("cannot add a claim to " + model + ": " + e.getMessage(), false, e);
        }
        return ExitCode.OK;
    }

    /** Makes a claim about a manifest. */
    @FunctionalInterface
    interface Author {

        Claim claim(Provenance provenance, ClaimSigner signer);
    }
}
