package org.verifiableai.examples.vai;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;

/** Reads what the command line names, never more of it than the thing can be long. */
final class InputFile {

    private InputFile() {}

    /**
     * The whole of a file.
     *
     * @param name what the file should be, for messages
     * @param limit the most bytes that such a file can hold
     * @throws MalformedEvidenceException if there are more
     * @throws EvidenceUnavailableException if the file cannot be read
     */
    static Bytes read(String name, Path file, int limit)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        byte[] content;
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(limit + 1);
        } catch (IOException e) {
            throw new EvidenceUnavailableException(name + ": cannot read " + file + ": " + reason(e), false, e);
        }
        if (content.length > limit) {
            throw new MalformedEvidenceException(
                    name, MalformedEvidenceException.NO_OFFSET, "at most " + limit + " bytes", "more in " + file);
        }
        return Bytes.of(content);
    }

    static String readText(String name, Path file, int limit)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        return new String(read(name, file, limit).toByteArray(), StandardCharsets.UTF_8);
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "no such file" : e.getClass().getSimpleName();
    }
}
