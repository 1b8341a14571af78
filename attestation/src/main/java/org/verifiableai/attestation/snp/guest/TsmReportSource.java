package org.verifiableai.attestation.snp.guest;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.ExtendedReport;
import org.verifiableai.attestation.snp.SnpEvidence;

/**
 * Asks the firmware for reports through configfs-tsm, which Linux has from 6.7 on. It needs no native code: the kernel
 * answers to folders that are made and files that are read and written. Thread-safe; the kernel lets one request at a time
 * through to the firmware.
 *
 * <p>It needs the rights to write to configfs, which usually is root's, the module {@code sev-guest}, and configfs mounted.
 * Each request makes a folder of its own and removes it whatever happens. Where the kernel refuses to remove one, the
 * request still has its result; the folder is tried again with the next request, and too many of them are an error.
 *
 * <p>{@code generation} of the folder counts what is written into it. If it does not come to what this source wrote,
 * another process wrote as well, and the report may answer somebody else: it is thrown away and asked for again, a limited
 * number of times. Nothing else is repeated here. A firmware that failed once may have lost its channel to the guest, and
 * hammering makes that worse; see {@link EvidenceUnavailableException#retryable()}.
 *
 * <pre>{@code
 * EvidenceCompletion completion = EvidenceCompletion.from(kdsClient).build();
 * ReportSource source = TsmReportSource.builder()
 *         .completedBy(r -> completion.complete(r.report(), r.certificates(), r.revocationLists()))
 *         .build();
 * SnpEvidence evidence = source.report(reportData);
 * }</pre>
 */
public final class TsmReportSource implements ReportSource {

    /** Where Linux has configfs-tsm. */
    public static final Path FOLDER = Path.of("/sys/kernel/config/tsm/report");

    /** The length of REPORT_DATA and of a nonce for an SVSM. */
    static final int INBLOB_SIZE = 64;

    private static final int MAX_PRIVILEGE_LEVEL = 3;
    private static final int DEFAULT_ATTEMPTS = 3;
    private static final int MAX_ATTEMPTS = 100;
    private static final int NAME_SIZE = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final TsmFiles files;
    private final Path folder;
    private final OptionalInt privilegeLevel;
    private final int attempts;
    private final Completion completion;
    private final Leftovers leftovers;

    private TsmReportSource(Builder builder) {
        files = builder.files;
        folder = builder.folder;
        privilegeLevel = builder.privilegeLevel;
        attempts = builder.attempts;
        completion = builder.completion;
        leftovers = new Leftovers(builder.files);
    }

    /** A source at {@link #FOLDER} that asks from the lowest VMPL that the kernel allows. */
    public static TsmReportSource create() {
        return builder().build();
    }

    /** A source to be set up; as it stands it is that of {@link #create()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** Makes evidence of what the kernel gave: it adds what the host had no certificates for. */
    @FunctionalInterface
    public interface Completion {

        /**
         * Makes evidence.
         *
         * @throws MalformedEvidenceException if what the kernel gave cannot be made evidence of
         * @throws EvidenceUnavailableException if something could not be had
         */
        SnpEvidence complete(ExtendedReport report) throws MalformedEvidenceException, EvidenceUnavailableException;
    }

    /**
     * Asks for a report and makes evidence of it.
     *
     * @throws EvidenceUnavailableException as {@link #blobs}; also if the host gave a malformed certificate table, or no
     *     certificate of the key that signed the report and no {@link Builder#completedBy} finds it, which is not
     *     retryable
     */
    @Override
    public SnpEvidence report(Bytes reportData) throws EvidenceUnavailableException {
        TsmBlobs blobs = blobs(reportData);
        try {
            return completion.complete(blobs.extendedReport());
        } catch (MalformedEvidenceException e) {
            throw new EvidenceUnavailableException(
                    "report came without usable certificates: " + e.getMessage(), false, e);
        }
    }

    /**
     * Asks for a report and gives what came as it came, for those who have other uses for it.
     *
     * @param reportData the 64 bytes that the report is to carry in REPORT_DATA
     * @throws IllegalArgumentException if {@code reportData} is not of 64 bytes
     * @throws EvidenceUnavailableException if there is no configfs-tsm or no SEV-SNP behind it, if the VMPL asked for is
     *     below the kernel's floor, or if the kernel or the firmware refuses; retryable if others kept writing to the
     *     request or the kernel says that it was busy or interrupted
     */
    public TsmBlobs blobs(Bytes reportData) throws EvidenceUnavailableException {
        return ask(TsmRequest.ofFirmware(sized("report data", reportData), privilegeLevel));
    }

    /**
     * Asks the SVSM below this guest for a report on all its services, with their manifest (58019, section 7). The report is
     * the SVSM's, from VMPL 0; its REPORT_DATA is {@link TsmBlobs#serviceReportData}. Linux from 6.10 on.
     *
     * @param nonce 64 bytes
     * @throws IllegalArgumentException if {@code nonce} is not of 64 bytes
     * @throws EvidenceUnavailableException as {@link #blobs}; also if there is no SVSM, which is not retryable
     */
    public TsmBlobs services(Bytes nonce) throws EvidenceUnavailableException {
        return ask(TsmRequest.ofSvsm(sized("nonce", nonce), null));
    }

    /**
     * Asks the SVSM below this guest for a report on one of its services, as {@link #services(Bytes)} does on all.
     *
     * @param nonce 64 bytes
     * @param service which, such as c476f1eb-0123-45a5-9641-b4e7dde5bfe3, the vTPM
     * @throws IllegalArgumentException if {@code nonce} is not of 64 bytes
     * @throws EvidenceUnavailableException as {@link #services(Bytes)}
     */
    public TsmBlobs service(Bytes nonce, UUID service) throws EvidenceUnavailableException {
        return ask(TsmRequest.ofSvsm(sized("nonce", nonce), service));
    }

    /** How many folders of past requests the kernel has refused to remove so far; 0 as a rule. */
    public int leftovers() {
        return leftovers.size();
    }

    private TsmBlobs ask(TsmRequest request) throws EvidenceUnavailableException {
        leftovers.removeAll();
        TsmRequest.InterferenceException last;
        int attempt = 0;
        do {
            try {
                return ask(request, folder.resolve(name()));
            } catch (TsmRequest.InterferenceException e) {
                last = e;
                attempt++;
            }
        } while (attempt < attempts);
        throw new EvidenceUnavailableException(
                "another process interfered with each of " + attempts + " requests at " + folder
                        + ", with the last one thus: " + last.getMessage(),
                true,
                last);
    }

    private TsmBlobs ask(TsmRequest request, Path entry)
            throws EvidenceUnavailableException, TsmRequest.InterferenceException {
        try {
            files.makeDirectory(entry);
        } catch (IOException e) {
            throw TsmFailures.ofEntry(folder, e);
        }
        TsmBlobs blobs;
        try {
            blobs = request.run(files, entry);
        } catch (EvidenceUnavailableException | TsmRequest.InterferenceException | RuntimeException e) {
            // What went wrong first is what the caller has to know.
            @Nullable IOException refused = leftovers.remove(entry);
            if (refused != null) {
                e.addSuppressed(refused);
            }
            throw e;
        }
        // A result is a result: a folder that stays is the business of the next request.
        leftovers.remove(entry);
        return blobs;
    }

    private static Bytes sized(String name, Bytes value) {
        if (value.size() != INBLOB_SIZE) {
            throw new IllegalArgumentException(name + " must be of " + INBLOB_SIZE + " bytes, found " + value.size());
        }
        return value;
    }

    /** A name that no other process, and no request before a crash, has. */
    private static String name() {
        byte[] random = new byte[NAME_SIZE];
        RANDOM.nextBytes(random);
        return "verifiable-ai-" + Bytes.of(random);
    }

    /** Sets up a {@link TsmReportSource}. Not thread-safe. */
    public static final class Builder {

        private Path folder = FOLDER;
        private OptionalInt privilegeLevel = OptionalInt.empty();
        private int attempts = DEFAULT_ATTEMPTS;
        private Completion completion = ExtendedReport::evidence;
        private TsmFiles files = TsmFiles.MACHINE;

        private Builder() {}

        /** Looks for configfs-tsm here, where configfs is mounted elsewhere. */
        public Builder folder(Path path) {
            folder = path;
            return this;
        }

        /**
         * Asks from this VMPL in place of the kernel's {@code privlevel_floor}. A higher number is a weaker statement, and
         * a level below the floor is the business of whoever runs there: it is refused.
         *
         * @throws IllegalArgumentException if {@code vmpl} is not of 0 to 3
         */
        public Builder vmpl(int vmpl) {
            if (vmpl < 0 || vmpl > MAX_PRIVILEGE_LEVEL) {
                throw new IllegalArgumentException("vmpl must be of 0 to " + MAX_PRIVILEGE_LEVEL + ", found " + vmpl);
            }
            privilegeLevel = OptionalInt.of(vmpl);
            return this;
        }

        /**
         * Asks at most this many times where others keep writing to the request; 3 by default.
         *
         * @throws IllegalArgumentException if {@code most} is not of 1 to 100
         */
        public Builder attempts(int most) {
            if (most < 1 || most > MAX_ATTEMPTS) {
                throw new IllegalArgumentException("attempts must be of 1 to " + MAX_ATTEMPTS + ", found " + most);
            }
            attempts = most;
            return this;
        }

        /**
         * Makes evidence by this in place of {@link ExtendedReport#evidence()}, which has the host's certificate table alone
         * to go by. It can look for what the host does not have: given the report,
         * {@link ExtendedReport#certificates()} and {@link ExtendedReport#revocationLists()}, ask AMD's key service.
         */
        public Builder completedBy(Completion rule) {
            completion = rule;
            return this;
        }

        Builder files(TsmFiles other) {
            files = other;
            return this;
        }

        /** The source; nothing is looked at before it is asked. */
        public TsmReportSource build() {
            return new TsmReportSource(this);
        }
    }
}
