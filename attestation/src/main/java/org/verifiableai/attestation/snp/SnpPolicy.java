package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;

/**
 * What a relying party demands of an SEV-SNP guest. Immutable, and closed by default: a policy cannot be built before it
 * says which REPORT_DATA and which measurements it wants, debugging and migration are refused, the VMPL is 0, only a
 * VCEK may sign, and revocation is required. Each loosening has a reason, and the reason stands in the verdict.
 *
 * <pre>{@code
 * SnpPolicy policy = SnpPolicy.builder()
 *         .expectedReportData(reportData)
 *         .measurement(measurement)
 *         .minimumTcb(TcbVersion.of(3, 0, 23, 213))
 *         .build();
 * }</pre>
 */
public final class SnpPolicy {

    private static final int REPORT_DATA_SIZE = 64;
    private static final int DIGEST_SIZE = 48;
    private static final int HOST_DATA_SIZE = 32;

    private final @Nullable Bytes expectedReportData;
    private final @Nullable String freshnessWaiver;
    private final Set<Bytes> measurements;
    private final @Nullable String measurementWaiver;
    private final Revocation revocation;
    private final @Nullable String revocationWaiver;
    private final @Nullable String debugWaiver;
    private final @Nullable String migrationAgentWaiver;
    private final @Nullable String vlekWaiver;
    private final @Nullable String maskedChipIdWaiver;
    private final @Nullable ProductLine productLine;
    private final @Nullable Bytes hostData;
    private final Set<Bytes> trustedIdKeys;
    private final Set<Bytes> trustedAuthorKeys;
    private final Set<Integer> vmpls;
    private final boolean smtRefused;
    private final int minimumAbiMajor;
    private final int minimumAbiMinor;
    private final long minimumGuestSvn;
    private final @Nullable TcbVersion minimumTcb;
    private final @Nullable TcbVersion minimumCommittedTcb;
    private final @Nullable TcbVersion minimumLaunchTcb;

    private SnpPolicy(Builder builder) {
        expectedReportData = builder.expectedReportData;
        freshnessWaiver = builder.freshnessWaiver;
        measurements = Set.copyOf(builder.measurements);
        measurementWaiver = builder.measurementWaiver;
        revocation = builder.revocation;
        revocationWaiver = builder.revocationWaiver;
        debugWaiver = builder.debugWaiver;
        migrationAgentWaiver = builder.migrationAgentWaiver;
        vlekWaiver = builder.vlekWaiver;
        maskedChipIdWaiver = builder.maskedChipIdWaiver;
        productLine = builder.productLine;
        hostData = builder.hostData;
        trustedIdKeys = Set.copyOf(builder.trustedIdKeys);
        trustedAuthorKeys = Set.copyOf(builder.trustedAuthorKeys);
        vmpls = Set.copyOf(builder.vmpls);
        smtRefused = builder.smtRefused;
        minimumAbiMajor = builder.minimumAbiMajor;
        minimumAbiMinor = builder.minimumAbiMinor;
        minimumGuestSvn = builder.minimumGuestSvn;
        minimumTcb = builder.minimumTcb;
        minimumCommittedTcb = builder.minimumCommittedTcb;
        minimumLaunchTcb = builder.minimumLaunchTcb;
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Reads the form of {@link #toJson()}. Unknown members are refused by name, so that a misspelled demand is not a
     * missing one.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be a policy
     */
    public static SnpPolicy fromJson(String json) throws MalformedEvidenceException {
        return SnpPolicyJson.read(json).build();
    }

    /**
     * A builder that begins with what the form of {@link #toJson()} says, where decisions may still be missing: a file
     * names the measurements, say, and each request its own report data.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be part of a policy
     */
    public static Builder builderFromJson(String json) throws MalformedEvidenceException {
        return SnpPolicyJson.read(json);
    }

    /** The policy as one JSON object; demands that it does not make are left out. */
    public String toJson() {
        return SnpPolicyJson.write(this);
    }

    /** A builder that begins where this policy stands, to make one that differs. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.expectedReportData = expectedReportData;
        builder.freshnessWaiver = freshnessWaiver;
        builder.measurements.addAll(measurements);
        builder.measurementWaiver = measurementWaiver;
        builder.revocation = revocation;
        builder.revocationWaiver = revocationWaiver;
        builder.debugWaiver = debugWaiver;
        builder.migrationAgentWaiver = migrationAgentWaiver;
        builder.vlekWaiver = vlekWaiver;
        builder.maskedChipIdWaiver = maskedChipIdWaiver;
        builder.productLine = productLine;
        builder.hostData = hostData;
        builder.trustedIdKeys.addAll(trustedIdKeys);
        builder.trustedAuthorKeys.addAll(trustedAuthorKeys);
        builder.vmpls = vmpls;
        builder.smtRefused = smtRefused;
        builder.minimumAbiMajor = minimumAbiMajor;
        builder.minimumAbiMinor = minimumAbiMinor;
        builder.minimumGuestSvn = minimumGuestSvn;
        builder.minimumTcb = minimumTcb;
        builder.minimumCommittedTcb = minimumCommittedTcb;
        builder.minimumLaunchTcb = minimumLaunchTcb;
        return builder;
    }

    /** The REPORT_DATA that is demanded; empty if freshness is waived. */
    public Optional<Bytes> expectedReportData() {
        return Optional.ofNullable(expectedReportData);
    }

    /** Why any REPORT_DATA will do. */
    public Optional<String> freshnessWaiver() {
        return Optional.ofNullable(freshnessWaiver);
    }

    /** The measurements that will do; empty if any will. */
    public Set<Bytes> measurements() {
        return measurements;
    }

    /** Why any measurement will do. */
    public Optional<String> measurementWaiver() {
        return Optional.ofNullable(measurementWaiver);
    }

    /** What is made of revocation. */
    public Revocation revocation() {
        return revocation;
    }

    /** Why revocation is not required. */
    public Optional<String> revocationWaiver() {
        return Optional.ofNullable(revocationWaiver);
    }

    /** Why a guest that can be debugged will do. */
    public Optional<String> debugWaiver() {
        return Optional.ofNullable(debugWaiver);
    }

    /** Why a guest that a migration agent can be bound to will do. */
    public Optional<String> migrationAgentWaiver() {
        return Optional.ofNullable(migrationAgentWaiver);
    }

    /** Why a VLEK may sign. */
    public Optional<String> vlekWaiver() {
        return Optional.ofNullable(vlekWaiver);
    }

    /** Why a report that hides its chip will do. */
    public Optional<String> maskedChipIdWaiver() {
        return Optional.ofNullable(maskedChipIdWaiver);
    }

    /** The product line that is demanded. */
    public Optional<ProductLine> productLine() {
        return Optional.ofNullable(productLine);
    }

    /** The HOST_DATA that is demanded. */
    public Optional<Bytes> hostData() {
        return Optional.ofNullable(hostData);
    }

    /** The ID_KEY_DIGESTs that will do. */
    public Set<Bytes> trustedIdKeys() {
        return trustedIdKeys;
    }

    /** The AUTHOR_KEY_DIGESTs that will do. */
    public Set<Bytes> trustedAuthorKeys() {
        return trustedAuthorKeys;
    }

    /** The VMPLs that will do. */
    public Set<Integer> vmpls() {
        return vmpls;
    }

    /** Whether a guest that may run with simultaneous multithreading is refused. */
    public boolean smtRefused() {
        return smtRefused;
    }

    /** The least ABI that the guest's policy has to demand, its major part. */
    public int minimumAbiMajor() {
        return minimumAbiMajor;
    }

    /** The least ABI that the guest's policy has to demand, its minor part. */
    public int minimumAbiMinor() {
        return minimumAbiMinor;
    }

    /** The least GUEST_SVN. */
    public long minimumGuestSvn() {
        return minimumGuestSvn;
    }

    /** The least REPORTED_TCB. */
    public Optional<TcbVersion> minimumTcb() {
        return Optional.ofNullable(minimumTcb);
    }

    /** The least COMMITTED_TCB. */
    public Optional<TcbVersion> minimumCommittedTcb() {
        return Optional.ofNullable(minimumCommittedTcb);
    }

    /** The least LAUNCH_TCB. */
    public Optional<TcbVersion> minimumLaunchTcb() {
        return Optional.ofNullable(minimumLaunchTcb);
    }

    /** Collects the demands of an {@link SnpPolicy}. Of two calls for one demand the later counts. Not thread-safe. */
    public static final class Builder {

        private @Nullable Bytes expectedReportData;
        private @Nullable String freshnessWaiver;
        private final Set<Bytes> measurements = new LinkedHashSet<>();
        private @Nullable String measurementWaiver;
        private Revocation revocation = Revocation.REQUIRE;
        private @Nullable String revocationWaiver;
        private @Nullable String debugWaiver;
        private @Nullable String migrationAgentWaiver;
        private @Nullable String vlekWaiver;
        private @Nullable String maskedChipIdWaiver;
        private @Nullable ProductLine productLine;
        private @Nullable Bytes hostData;
        private final Set<Bytes> trustedIdKeys = new LinkedHashSet<>();
        private final Set<Bytes> trustedAuthorKeys = new LinkedHashSet<>();
        private Set<Integer> vmpls = Set.of(0);
        private boolean smtRefused;
        private int minimumAbiMajor;
        private int minimumAbiMinor;
        private long minimumGuestSvn;
        private @Nullable TcbVersion minimumTcb;
        private @Nullable TcbVersion minimumCommittedTcb;
        private @Nullable TcbVersion minimumLaunchTcb;

        private Builder() {}

        /**
         * Demands this REPORT_DATA.
         *
         * @param reportData 64 bytes that depend on something fresh
         */
        public Builder expectedReportData(Bytes reportData) {
            expectedReportData = sized("report data", reportData, REPORT_DATA_SIZE);
            freshnessWaiver = null;
            return this;
        }

        /** Lets any REPORT_DATA pass: the report may be old, and made for somebody else. */
        public Builder withoutFreshness(String reason) {
            freshnessWaiver = reason(reason);
            expectedReportData = null;
            return this;
        }

        /**
         * Adds a measurement that will do.
         *
         * @param measurement 48 bytes, not all zero
         */
        public Builder measurement(Bytes measurement) {
            if (sized("measurement", measurement, DIGEST_SIZE).isZero()) {
                throw new IllegalArgumentException("measurement must not be all zeros, found " + measurement);
            }
            measurements.add(measurement);
            measurementWaiver = null;
            return this;
        }

        /** Lets any measurement pass: nothing is known of the software in the guest. */
        public Builder anyMeasurement(String reason) {
            measurementWaiver = reason(reason);
            measurements.clear();
            return this;
        }

        /** Demands that every certificate that can be revoked is shown not to be; the default. */
        public Builder requireRevocation() {
            revocation = Revocation.REQUIRE;
            revocationWaiver = null;
            return this;
        }

        /** Looks at revocation lists where there are any. */
        public Builder useRevocationIfAvailable(String reason) {
            revocation = Revocation.USE_IF_AVAILABLE;
            revocationWaiver = reason(reason);
            return this;
        }

        /** Does not look at revocation lists. */
        public Builder withoutRevocation(String reason) {
            revocation = Revocation.OFF;
            revocationWaiver = reason(reason);
            return this;
        }

        /** Lets a guest pass whose memory the host may read and write. */
        public Builder allowDebug(String reason) {
            debugWaiver = reason(reason);
            return this;
        }

        /** Lets a guest pass that a migration agent may move. */
        public Builder allowMigrationAgent(String reason) {
            migrationAgentWaiver = reason(reason);
            return this;
        }

        /** Lets a VLEK sign: the report then names a cloud provider and no chip. */
        public Builder allowVlek(String reason) {
            vlekWaiver = reason(reason);
            return this;
        }

        /** Lets a report pass that hides its chip. */
        public Builder allowMaskedChipId(String reason) {
            maskedChipIdWaiver = reason(reason);
            return this;
        }

        /** Demands this product line. */
        public Builder productLine(ProductLine line) {
            productLine = line;
            return this;
        }

        /**
         * Demands this HOST_DATA.
         *
         * @param bytes 32 bytes
         */
        public Builder hostData(Bytes bytes) {
            hostData = sized("host data", bytes, HOST_DATA_SIZE);
            return this;
        }

        /**
         * Adds an ID key that will do. With any ID or author key named, the guest must have been launched under one.
         *
         * @param digest ID_KEY_DIGEST, 48 bytes, not all zero
         */
        public Builder trustedIdKey(Bytes digest) {
            trustedIdKeys.add(keyDigest("id key digest", digest));
            return this;
        }

        /**
         * Adds an author key that will do; it counts only where AUTHOR_KEY_EN is set.
         *
         * @param digest AUTHOR_KEY_DIGEST, 48 bytes, not all zero
         */
        public Builder trustedAuthorKey(Bytes digest) {
            trustedAuthorKeys.add(keyDigest("author key digest", digest));
            return this;
        }

        /** Says which VMPLs will do, 0 to 3; 0 by default. A higher number is a weaker statement. */
        public Builder vmpls(Set<Integer> levels) {
            if (levels.isEmpty() || levels.stream().anyMatch(level -> level < 0 || level > 3)) {
                throw new IllegalArgumentException("vmpls must be of 0 to 3, found " + new TreeSet<>(levels));
            }
            vmpls = Set.copyOf(levels);
            return this;
        }

        /** Refuses a guest whose policy allows simultaneous multithreading. */
        public Builder refuseSmt() {
            smtRefused = true;
            return this;
        }

        /** Demands that the guest's policy demands at least this version of the ABI. */
        public Builder minimumAbi(int major, int minor) {
            if (major < 0 || major > 255 || minor < 0 || minor > 255) {
                throw new IllegalArgumentException("abi must be of 0.0 to 255.255, found " + major + "." + minor);
            }
            minimumAbiMajor = major;
            minimumAbiMinor = minor;
            return this;
        }

        /** Demands at least this GUEST_SVN, an unsigned 32-bit number. */
        public Builder minimumGuestSvn(long svn) {
            if (svn < 0 || svn > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException("guest svn must be of 0 to 4294967295, found " + svn);
            }
            minimumGuestSvn = svn;
            return this;
        }

        /** Demands at least this REPORTED_TCB, in each component. */
        public Builder minimumTcb(TcbVersion tcb) {
            minimumTcb = tcb;
            return this;
        }

        /** Demands at least this COMMITTED_TCB, in each component: no rollback below it. */
        public Builder minimumCommittedTcb(TcbVersion tcb) {
            minimumCommittedTcb = tcb;
            return this;
        }

        /** Demands at least this LAUNCH_TCB, in each component. */
        public Builder minimumLaunchTcb(TcbVersion tcb) {
            minimumLaunchTcb = tcb;
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a decision is missing; the message names every one
         */
        public SnpPolicy build() {
            List<String> missing = new ArrayList<>();
            if (expectedReportData == null && freshnessWaiver == null) {
                missing.add("expectedReportData or withoutFreshness");
            }
            if (measurements.isEmpty() && measurementWaiver == null) {
                missing.add("measurement or anyMeasurement");
            }
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException("snp policy needs " + String.join("; ", missing));
            }
            return new SnpPolicy(this);
        }

        private static Bytes keyDigest(String name, Bytes digest) {
            if (sized(name, digest, DIGEST_SIZE).isZero()) {
                throw new IllegalArgumentException(name + " must not be all zeros, which stands for no key");
            }
            return digest;
        }

        private static Bytes sized(String name, Bytes bytes, int size) {
            if (bytes.size() != size) {
                throw new IllegalArgumentException(name + " must be of " + size + " bytes, found " + bytes.size());
            }
            return bytes;
        }

        private static String reason(String reason) {
            if (reason.isBlank()) {
                throw new IllegalArgumentException("reason must say something, found nothing");
            }
            return reason;
        }
    }
}
