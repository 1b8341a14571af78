package org.verifiableai.attestation.snp.guest;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.Untrusted;

/** Says what a refusal of the kernel's means, and whether it may be another one later. */
final class TsmFailures {

    private static final int MAX_TEXT = 200;

    /**
     * EBUSY, EAGAIN, EINTR and ETIMEDOUT as the C library words them. Java hands on the words and not the number, and in
     * another language these are not recognised: then the failure counts as one that stays.
     */
    private static final Set<String> PASSING = Set.of(
            "Device or resource busy",
            "Resource temporarily unavailable",
            "Interrupted system call",
            "Connection timed out");

    private TsmFailures() {}

    /** The folder of a request could not be made. */
    static EvidenceUnavailableException ofEntry(Path folder, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            return new EvidenceUnavailableException(
                    "there is no configfs-tsm at " + folder
                            + ": it needs Linux 6.7 or later with configfs mounted and the module sev-guest loaded",
                    false,
                    cause);
        }
        if (cause instanceof AccessDeniedException) {
            return new EvidenceUnavailableException(
                    "no right to ask for reports at " + folder + ", which usually is root's", false, cause);
        }
        if (cause instanceof FileAlreadyExistsException) {
            return new EvidenceUnavailableException(
                    "a request at " + folder + " has a name that is taken: " + reason(cause), true, cause);
        }
        // ENXIO is what the kernel says where nobody has registered as a provider of reports.
        return new EvidenceUnavailableException(
                "the kernel lets no request be made at " + folder + ": " + reason(cause)
                        + "; is this an SEV-SNP guest with the module sev-guest loaded?",
                passes(cause),
                cause);
    }

    /** An attribute of a request could not be read or written. */
    static EvidenceUnavailableException ofAttribute(String doing, Path attribute, IOException cause) {
        return new EvidenceUnavailableException(
                doing + " " + attribute + " failed: " + reason(cause), passes(cause), cause);
    }

    private static boolean passes(IOException e) {
        return e instanceof ClosedByInterruptException || PASSING.contains(words(e));
    }

    private static String reason(IOException e) {
        String words = words(e);
        return words.isEmpty() ? e.getClass().getSimpleName() : Untrusted.line(words, MAX_TEXT);
    }

    private static String words(IOException e) {
        String words = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return words == null ? "" : words;
    }
}
