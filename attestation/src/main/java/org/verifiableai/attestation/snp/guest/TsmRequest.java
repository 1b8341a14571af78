package org.verifiableai.attestation.snp.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.internal.Untrusted;
import org.verifiableai.attestation.snp.SnpReport;

/**
 * One conversation with the kernel inside a folder that was made for it (Linux, Documentation/ABI/testing,
 * configfs-tsm-report).
 */
final class TsmRequest {

    private static final String PROVIDER = "sev_guest";
    private static final String SVSM = "svsm";
    private static final int MAX_PRIVILEGE_LEVEL = 3;
    private static final int REPORT_DATA = 0x050;
    private static final int MAX_TEXT = 4096;
    private static final int MAX_BLOB = 1024 * 1024;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,20}");

    private final Bytes inblob;
    private final boolean svsm;
    private final @Nullable UUID service;
    private final OptionalInt privilegeLevel;

    private TsmRequest(Bytes inblob, boolean svsm, @Nullable UUID service, OptionalInt privilegeLevel) {
        this.inblob = inblob;
        this.svsm = svsm;
        this.service = service;
        this.privilegeLevel = privilegeLevel;
    }

    static TsmRequest ofFirmware(Bytes reportData, OptionalInt privilegeLevel) {
        return new TsmRequest(reportData, false, null, privilegeLevel);
    }

    static TsmRequest ofSvsm(Bytes nonce, @Nullable UUID service) {
        return new TsmRequest(nonce, true, service, OptionalInt.empty());
    }

    /** Somebody else wrote to the folder, so that what came out of it may answer somebody else. */
    static final class InterferenceException extends Exception {

        private static final long serialVersionUID = 1L;

        InterferenceException(String message) {
            super(message);
        }

        InterferenceException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Asks once. */
    TsmBlobs run(TsmFiles files, Path entry) throws EvidenceUnavailableException, InterferenceException {
        return new Conversation(files, entry).run();
    }

    /** The state of one conversation: how often it has written. */
    private final class Conversation {

        private final TsmFiles files;
        private final Path entry;
        private long writes;

        Conversation(TsmFiles files, Path entry) {
            this.files = files;
            this.entry = entry;
        }

        TsmBlobs run() throws EvidenceUnavailableException, InterferenceException {
            String provider = text("provider");
            if (!provider.equals(PROVIDER)) {
                throw new EvidenceUnavailableException(
                        "provider of reports at " + entry.getParent() + " must be " + PROVIDER + ", found "
                                + Untrusted.line(provider, 100),
                        false);
            }
            long start = number("generation");
            if (svsm) {
                writeService();
            } else {
                writePrivilegeLevel();
            }
            // One write of all 64 bytes. The kernel takes a binary attribute when it is closed, where no error can be
            // told: a write that it did not take shows in the generation.
            write("inblob", inblob);
            TsmBlobs blobs;
            try {
                blobs = new TsmBlobs(blob("outblob"), blob("auxblob"), svsm ? blob("manifestblob") : Bytes.EMPTY);
            } catch (EvidenceUnavailableException e) {
                // The kernel refuses what somebody else has spoilt; that is then what went wrong.
                requireOwn(start, e);
                throw e;
            }
            requireOwn(start, null);
            requireAnswer(blobs.report());
            return blobs;
        }

        private void writePrivilegeLevel() throws EvidenceUnavailableException, InterferenceException {
            long floor = number("privlevel_floor");
            if (Long.compareUnsigned(floor, MAX_PRIVILEGE_LEVEL) > 0) {
                throw new EvidenceUnavailableException(
                        "privlevel_floor must be of 0 to " + MAX_PRIVILEGE_LEVEL + ", found "
                                + Long.toUnsignedString(floor),
                        false);
            }
            long level = privilegeLevel.orElse((int) floor);
            if (level < floor) {
                throw new EvidenceUnavailableException(
                        "a report from vmpl " + level + " cannot be had here: this guest runs above an SVSM or a"
                                + " paravisor, and its kernel asks from vmpl " + floor + " to " + MAX_PRIVILEGE_LEVEL,
                        false);
            }
            write("privlevel", Bytes.utf8(Long.toString(level)));
        }

        private void writeService() throws EvidenceUnavailableException, InterferenceException {
            Path attribute = entry.resolve("service_provider");
            try {
                files.write(attribute, Bytes.utf8(SVSM));
            } catch (NoSuchFileException e) {
                throw new EvidenceUnavailableException(
                        "there is no SVSM below this guest, or its kernel is older than Linux 6.10", false, e);
            } catch (IOException e) {
                throw TsmFailures.ofAttribute("writing", attribute, e);
            }
            writes++;
            if (service != null) {
                write("service_guid", Bytes.utf8(service.toString()));
            }
        }

        /** {@code generation} has to have grown by our own writes and by no other. */
        private void requireOwn(long start, @Nullable Exception cause)
                throws EvidenceUnavailableException, InterferenceException {
            long now = number("generation");
            if (now != start + writes) {
                String message = "generation is " + Long.toUnsignedString(now) + ", expected "
                        + Long.toUnsignedString(start + writes);
                throw cause == null ? new InterferenceException(message) : new InterferenceException(message, cause);
            }
        }

        private void requireAnswer(Bytes report) throws EvidenceUnavailableException {
            if (report.size() != SnpReport.SIZE) {
                throw new EvidenceUnavailableException(
                        "report must be of " + SnpReport.SIZE + " bytes, found " + report.size(), false);
            }
            Bytes answered = report.slice(REPORT_DATA, REPORT_DATA + inblob.size());
            // An SVSM puts a hash there, which is the verifier's to compare.
            if (!svsm && !answered.equals(inblob)) {
                throw new EvidenceUnavailableException(
                        "report must carry report data " + inblob + ", found " + answered, false);
            }
        }

        private void write(String name, Bytes value) throws EvidenceUnavailableException, InterferenceException {
            Path attribute = entry.resolve(name);
            try {
                files.write(attribute, value);
            } catch (NoSuchFileException e) {
                throw gone(attribute, e);
            } catch (IOException e) {
                throw TsmFailures.ofAttribute("writing", attribute, e);
            }
            writes++;
        }

        private Bytes blob(String name) throws EvidenceUnavailableException, InterferenceException {
            return read(name, MAX_BLOB);
        }

        private String text(String name) throws EvidenceUnavailableException, InterferenceException {
            return new String(read(name, MAX_TEXT).toByteArray(), StandardCharsets.ISO_8859_1).strip();
        }

        private long number(String name) throws EvidenceUnavailableException, InterferenceException {
            String text = text(name);
            try {
                if (NUMBER.matcher(text).matches()) {
                    return Long.parseUnsignedLong(text);
                }
            } catch (NumberFormatException e) {
                // Said below: it is of 20 digits and too large.
            }
            throw new EvidenceUnavailableException(
                    entry.resolve(name) + " must hold a decimal number, found " + Untrusted.line(text, 100), false);
        }

        private Bytes read(String name, int limit) throws EvidenceUnavailableException, InterferenceException {
            Path attribute = entry.resolve(name);
            try {
                return files.read(attribute, limit);
            } catch (NoSuchFileException e) {
                throw gone(attribute, e);
            } catch (IOException e) {
                throw TsmFailures.ofAttribute("reading", attribute, e);
            }
        }

        private InterferenceException gone(Path attribute, NoSuchFileException cause) {
            return new InterferenceException(attribute + " is gone", cause);
        }
    }
}
