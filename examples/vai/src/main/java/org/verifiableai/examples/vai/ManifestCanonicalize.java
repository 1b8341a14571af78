package org.verifiableai.examples.vai;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.CanonicalJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vai manifest canonicalize}: the form of a JSON document that is signed. */
@Command(
        name = "canonicalize",
        mixinStandardHelpOptions = true,
        description = {
            "Print a JSON document in its canonical form (RFC 8785), without a line end: what is hashed and signed.",
            "With --json, print the form's SHA-256 and size, and whether the document was in it already."
        })
final class ManifestCanonicalize implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Parameters(paramLabel = "FILE", description = "The document.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        Bytes document;
        Bytes canonical;
        try {
            document = InputFile.read("document", file, CanonicalJson.MAX_SIZE);
            canonical = CanonicalJson.of(document);
        } catch (MalformedEvidenceException e) {
            new Output(spec.commandLine(), common.json()).notEvidence(e);
            throw e;
        }
        if (common.json()) {
            ObjectNode facts = new ObjectMapper().createObjectNode();
            facts.put("sha256", canonical.sha256().hex())
                    .put("size", canonical.size())
                    .put("canonical", canonical.equals(document));
            out.println(facts);
        } else {
            out.print(new String(canonical.toByteArray(), StandardCharsets.UTF_8));
        }
        out.flush();
        return ExitCode.OK;
    }
}
