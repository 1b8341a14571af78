package org.verifiableai.attestation.nvidia.collateral;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.nvidia.Rim;
import org.verifiableai.attestation.nvidia.RimId;

/**
 * Reference integrity manifests of a folder, for work without a network. Immutable and thread-safe; it looks into the folder
 * at each call, so that a file which is added counts at once.
 *
 * <p>The manifest {@code NV_GPU_DRIVER_GH100_550.90.07} lies in the file {@code NV_GPU_DRIVER_GH100_550.90.07.xml} or else
 * {@code NV_GPU_DRIVER_GH100_550.90.07.swidtag}, right in the folder, as in the folder {@code rim} that a {@link RimClient}
 * keeps.
 *
 * <pre>{@code
 * RimSource rims = RimSource.firstOf(RimDirectory.of(Path.of("rims")), client);
 * }</pre>
 *
 * @param folder the folder
 */
public record RimDirectory(Path folder) implements RimSource {

    private static final List<String> SUFFIXES = List.of(".xml", ".swidtag");

    /**
     * A folder.
     *
     * @throws EvidenceUnavailableException if {@code folder} is no folder; not retryable
     */
    public static RimDirectory of(Path folder) throws EvidenceUnavailableException {
        if (!Files.isDirectory(folder)) {
            throw new EvidenceUnavailableException("rim folder must be a folder: " + folder, false);
        }
        return new RimDirectory(folder);
    }

    /**
     * {@inheritDoc}
     *
     * @throws EvidenceUnavailableException if there is a file of that name which cannot be read, is larger than 512 KiB or
     *     is no manifest; not retryable
     */
    @Override
    public Optional<Bytes> rim(RimId id) throws EvidenceUnavailableException {
        for (String suffix : SUFFIXES) {
            // An identifier comes from a report that nobody has verified yet, but its form leaves no room for a path.
            Optional<Bytes> found = read(id, folder.resolve(id.text() + suffix));
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Bytes> read(RimId id, Path file) throws EvidenceUnavailableException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(RimClient.MAX_RIM + 1);
            if (content.length > RimClient.MAX_RIM) {
                throw new IOException("expected at most " + RimClient.MAX_RIM + " bytes, found more");
            }
            return Optional.of(Rim.parse(Bytes.of(content)).xml());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | MalformedEvidenceException e) {
            throw new EvidenceUnavailableException("rim " + id + ": " + file + ": " + e.getMessage(), false, e);
        }
    }
}
