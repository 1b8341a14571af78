package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;

/**
 * What a relying party demands of an SEV-SNP guest. Immutable, and closed by default: a policy cannot be built before it
 * says which REPORT_DATA and which measurements it wants, debugging and migration are refused, the VMPL is 0, only a
 * VCEK may sign, and revocation is required. Each loosening has a reason, and the reason stands in the verdict. What a
 * policy does not demand is in the verdict too, as not evaluated.
 *
 * <pre>{@code
 * SnpPolicy policy = SnpPolicy.builder()
 *         .expectedReportData(reportData)
 *         .measurement(measurement)
 *         .minimumTcb(ProductLine.MILAN, TcbVersion.of(4, 0, 24, 219))
 *         .minimumTcb(ProductLine.GENOA, TcbVersion.of(10, 0, 23, 84))
 *         .requirePlatform(PlatformInfo.Feature.ALIAS_CHECK_COMPLETE)
 *         .build();
 * }</pre>
 *
 * <p>Two policies are equal if they make the same demands for the same reasons; then their {@link #digest()} is too.
 */
public final class SnpPolicy {

    private final Demands demands;
    private @Nullable Bytes digest;

    private SnpPolicy(Demands demands) {
        this.demands = demands;
    }

    /** A policy to be filled in. */
    public static Builder builder() {
        return new Builder(new Demands());
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

    /** The JSON Schema (draft 2020-12) of {@link #toJson()}, for editors and for tools that write policies. */
    public static String jsonSchema() {
        return SnpPolicyJson.schema();
    }

    /** The policy as one JSON object; demands that it does not make are left out. Equal policies are equal texts. */
    public String toJson() {
        return SnpPolicyJson.pretty(demands);
    }

    /** SHA-256 over {@link #toJson()} without the white space between its parts, as UTF-8; 32 bytes. */
    public Bytes digest() {
        // Two threads may both compute it, and both come to the same.
        Bytes known = digest;
        if (known == null) {
            known = Bytes.utf8(SnpPolicyJson.compact(demands)).sha256();
            digest = known;
        }
        return known;
    }

    /** A builder that begins where this policy stands, to make one that differs. */
    public Builder toBuilder() {
        return new Builder(demands.copy());
    }

    /** The REPORT_DATA that is demanded; empty if freshness is waived. */
    public Optional<Bytes> expectedReportData() {
        return Optional.ofNullable(demands.reportData);
    }

    /** The launches that will do, in order of their names; empty if any will, or only measurements are named. */
    public List<LaunchConfiguration> launches() {
        return List.copyOf(demands.launches.values());
    }

    /** The measurements that will do and are named as such; empty if any will, or only launches are named. */
    public Set<Bytes> measurements() {
        return Set.copyOf(demands.measurements.keySet());
    }

    /** The name by which the policy calls a measurement or its launch; empty if it has none, or will not do. */
    public Optional<String> measurementName(Bytes measurement) {
        return Optional.ofNullable(demands.measurements.get(measurement))
                .filter(name -> !name.isEmpty())
                .or(() -> demands.launches.values().stream()
                        .filter(launch -> launch.measurement().equals(measurement))
                        .map(LaunchConfiguration::name)
                        .findFirst());
    }

    /** What is made of revocation. */
    public Revocation revocation() {
        return demands.revocation;
    }

    Optional<String> revocationWaiver() {
        return Optional.ofNullable(demands.revocationReason);
    }

    Optional<ProductLine> productLine() {
        return Optional.ofNullable(demands.productLine);
    }

    Optional<String> vlekWaiver() {
        return Optional.ofNullable(demands.allowVlek);
    }

    Optional<String> maskedChipIdWaiver() {
        return Optional.ofNullable(demands.allowMaskedChipId);
    }

    /** Every demand; a caller reads them and changes none. */
    Demands demands() {
        return demands;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SnpPolicy that && digest().equals(that.digest());
    }

    @Override
    public int hashCode() {
        return digest().hashCode();
    }

    @Override
    public String toString() {
        return "SnpPolicy[" + SnpPolicyJson.compact(demands) + "]";
    }

    /**
     * Collects the demands of an {@link SnpPolicy}. Methods that name one thing out of several that will do, or that are
     * wanted together, add to what was named before; of other calls for one demand the later counts. Not thread-safe.
     */
    public static final class Builder {

        private final Demands demands;

        private Builder(Demands demands) {
            this.demands = demands;
        }

        /**
         * Demands this REPORT_DATA.
         *
         * @param reportData 64 bytes that depend on something fresh
         */
        public Builder expectedReportData(Bytes reportData) {
            demands.reportData = DemandValues.sized("report data", reportData, DemandValues.REPORT_DATA_SIZE);
            demands.withoutFreshness = null;
            return this;
        }

        /** Lets any REPORT_DATA pass: the report may be old, and made for somebody else. */
        public Builder withoutFreshness(String reason) {
            demands.withoutFreshness = DemandValues.reason(reason);
            demands.reportData = null;
            return this;
        }

        /**
         * Adds a measurement that will do.
         *
         * @param measurement 48 bytes, not all zero
         */
        public Builder measurement(Bytes measurement) {
            demands.measurements.put(DemandValues.notZero("measurement", measurement, DemandValues.DIGEST_SIZE), "");
            demands.anyMeasurement = null;
            return this;
        }

        /**
         * Adds a measurement that will do, under a name by which the verdict calls it.
         *
         * @param measurement 48 bytes, not all zero
         * @param name such as that of a release
         */
        public Builder measurement(Bytes measurement, String name) {
            measurement(measurement);
            demands.measurements.put(measurement, DemandValues.text("name of a measurement", name));
            return this;
        }

        /**
         * Adds a launch that will do: a guest that was launched like this, whose measurement follows from its parts. The
         * verdict calls it by its name.
         *
         * @throws IllegalArgumentException if another launch of that name was added
         */
        public Builder launch(LaunchConfiguration launch) {
            LaunchConfiguration earlier = demands.launches.putIfAbsent(launch.name(), launch);
            if (earlier != null && !earlier.equals(launch)) {
                throw new IllegalArgumentException(
                        "launch configurations must have names of their own, found two of " + launch.name());
            }
            demands.anyMeasurement = null;
            return this;
        }

        /** Lets any measurement pass: nothing is known of the software in the guest. */
        public Builder anyMeasurement(String reason) {
            demands.anyMeasurement = DemandValues.reason(reason);
            demands.measurements.clear();
            demands.launches.clear();
            return this;
        }

        /** Demands that every certificate that can be revoked is shown not to be; the default. */
        public Builder requireRevocation() {
            demands.revocation = Revocation.REQUIRE;
            demands.revocationReason = null;
            return this;
        }

        /** Looks at revocation lists where there are any. */
        public Builder useRevocationIfAvailable(String reason) {
            demands.revocationReason = DemandValues.reason(reason);
            demands.revocation = Revocation.USE_IF_AVAILABLE;
            return this;
        }

        /** Does not look at revocation lists. */
        public Builder withoutRevocation(String reason) {
            demands.revocationReason = DemandValues.reason(reason);
            demands.revocation = Revocation.OFF;
            return this;
        }

        /** Demands this product line. */
        public Builder productLine(ProductLine line) {
            demands.productLine = line;
            return this;
        }

        /** Lets a VLEK sign: the report then names a cloud provider and no chip. */
        public Builder allowVlek(String reason) {
            demands.allowVlek = DemandValues.reason(reason);
            return this;
        }

        /**
         * Adds a provider whose VLEK will do. With any named, a VLEK of one of them must have signed: a VCEK names no
         * provider.
         *
         * @param cspId the cspID of the certificate, such as {@code CN=cc-us-east-2.amazonaws.com}
         */
        public Builder allowedCsp(String cspId) {
            demands.allowedCsps.add(DemandValues.text("csp id", cspId));
            return this;
        }

        /** Lets a report pass that hides its chip. */
        public Builder allowMaskedChipId(String reason) {
            demands.allowMaskedChipId = DemandValues.reason(reason);
            return this;
        }

        /**
         * Adds a chip that will do. With any named, the report must name one of them.
         *
         * @param chipId CHIP_ID, 64 bytes, or the 8 bytes that it begins with on Turin; not all zero
         */
        public Builder allowedChip(Bytes chipId) {
            demands.allowedChips.add(DemandValues.chipId(chipId));
            return this;
        }

        /** Lets a guest pass whose memory the host may read and write. */
        public Builder allowDebug(String reason) {
            demands.allowDebug = DemandValues.reason(reason);
            return this;
        }

        /** Lets a guest pass that a migration agent may move. */
        public Builder allowMigrationAgent(String reason) {
            demands.allowMigrationAgent = DemandValues.reason(reason);
            return this;
        }

        /** Demands that the guest's policy demands at least this version of the ABI, each part of 0 to 255. */
        public Builder minimumAbi(int major, int minor) {
            if (major < 0 || major > 255 || minor < 0 || minor > 255) {
                throw new IllegalArgumentException("abi must be of 0.0 to 255.255, found " + major + "." + minor);
            }
            demands.minimumAbiMajor = major;
            demands.minimumAbiMinor = minor;
            return this;
        }

        /** Refuses a guest whose policy allows simultaneous multithreading. */
        public Builder refuseSmt() {
            demands.refuseSmt = true;
            return this;
        }

        /** Refuses a guest whose policy allows CXL devices. */
        public Builder refuseCxl() {
            demands.refuseCxl = true;
            return this;
        }

        /** Demands that the guest's policy demands these of the machine, which the firmware then enforces. */
        public Builder requireGuestPolicy(GuestPolicy.Requirement... requirements) {
            demands.requireGuestPolicy.addAll(List.of(requirements));
            return this;
        }

        /**
         * Refuses a guest whose policy has a bit set that this version does not know. Without it such bits are named in
         * the verdict, and firmware that brings new ones refuses nobody.
         */
        public Builder refuseUnknownGuestPolicyBits() {
            demands.refuseUnknownGuestPolicyBits = true;
            return this;
        }

        /** Demands that the machine has these. */
        public Builder requirePlatform(PlatformInfo.Feature... features) {
            demands.requirePlatform.addAll(List.of(features));
            demands.refusePlatform.removeAll(List.of(features));
            return this;
        }

        /** Demands that the machine has none of these. */
        public Builder refusePlatform(PlatformInfo.Feature... features) {
            demands.refusePlatform.addAll(List.of(features));
            demands.requirePlatform.removeAll(List.of(features));
            return this;
        }

        /**
         * Refuses a machine whose PLATFORM_INFO has a bit set that this version does not know. Without it such bits are
         * named in the verdict, and firmware that brings new ones refuses nobody.
         */
        public Builder refuseUnknownPlatformBits() {
            demands.refuseUnknownPlatformBits = true;
            return this;
        }

        /** Says which VMPLs will do, 0 to 3; 0 by default. A higher number is a weaker statement. */
        public Builder vmpls(Set<Integer> levels) {
            if (levels.isEmpty() || levels.stream().anyMatch(level -> level < 0 || level > 3)) {
                throw new IllegalArgumentException("vmpls must be of 0 to 3, found " + new TreeSet<>(levels));
            }
            Set<Integer> wanted = Set.copyOf(levels);
            demands.vmpls.clear();
            demands.vmpls.addAll(wanted);
            return this;
        }

        /**
         * Demands this HOST_DATA.
         *
         * @param bytes 32 bytes
         */
        public Builder hostData(Bytes bytes) {
            demands.hostData = DemandValues.sized("host data", bytes, DemandValues.HOST_DATA_SIZE);
            return this;
        }

        /** Demands at least this GUEST_SVN, an unsigned 32-bit number. */
        public Builder minimumGuestSvn(long svn) {
            if (svn < 0 || svn > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException("guest svn must be of 0 to 4294967295, found " + svn);
            }
            demands.minimumGuestSvn = svn;
            return this;
        }

        /**
         * Demands this FAMILY_ID.
         *
         * @param id 16 bytes
         */
        public Builder familyId(Bytes id) {
            demands.familyId = DemandValues.sized("family id", id, DemandValues.ID_SIZE);
            return this;
        }

        /**
         * Demands this IMAGE_ID.
         *
         * @param id 16 bytes
         */
        public Builder imageId(Bytes id) {
            demands.imageId = DemandValues.sized("image id", id, DemandValues.ID_SIZE);
            return this;
        }

        /**
         * Demands this REPORT_ID: that the guest is the one that an earlier report was of.
         *
         * @param id 32 bytes
         */
        public Builder reportId(Bytes id) {
            demands.reportId = DemandValues.sized("report id", id, DemandValues.REPORT_ID_SIZE);
            return this;
        }

        /**
         * Demands this REPORT_ID_MA, the report identifier of the migration agent.
         *
         * @param id 32 bytes; all ones for no agent
         */
        public Builder reportIdMa(Bytes id) {
            demands.reportIdMa =
                    DemandValues.sized("report id of the migration agent", id, DemandValues.REPORT_ID_SIZE);
            return this;
        }

        /** Demands that the guest was launched under an ID block, whoever signed it; name its signer to trust it. */
        public Builder requireIdBlock() {
            demands.requireIdBlock = true;
            return this;
        }

        /** Demands that an author key signed the ID key, and one that is trusted where any author key is named. */
        public Builder requireAuthorKey() {
            demands.requireAuthorKey = true;
            return this;
        }

        /**
         * Adds an ID key that will do. With any ID or author key named, the guest must have been launched under one.
         *
         * @param digest ID_KEY_DIGEST, 48 bytes, not all zero
         */
        public Builder trustedIdKey(Bytes digest) {
            demands.trustedIdKeys.add(DemandValues.notZero("id key digest", digest, DemandValues.DIGEST_SIZE));
            return this;
        }

        /**
         * Adds an author key that will do; it counts only where AUTHOR_KEY_EN is set.
         *
         * @param digest AUTHOR_KEY_DIGEST, 48 bytes, not all zero
         */
        public Builder trustedAuthorKey(Bytes digest) {
            demands.trustedAuthorKeys.add(DemandValues.notZero("author key digest", digest, DemandValues.DIGEST_SIZE));
            return this;
        }

        /** Demands at least this REPORTED_TCB, in each component and on every product line. */
        public Builder minimumTcb(TcbVersion tcb) {
            demands.minimumTcb = TcbMinimum.of(tcb);
            return this;
        }

        /** Demands at least this REPORTED_TCB on this line, and refuses every line for which no call says anything. */
        public Builder minimumTcb(ProductLine line, TcbVersion tcb) {
            demands.minimumTcb = TcbMinimum.with(demands.minimumTcb, line, tcb);
            return this;
        }

        /** Demands at least this COMMITTED_TCB, in each component and on every line: no rollback below it. */
        public Builder minimumCommittedTcb(TcbVersion tcb) {
            demands.minimumCommittedTcb = TcbMinimum.of(tcb);
            return this;
        }

        /** Demands at least this COMMITTED_TCB on this line, and refuses every line for which no call says anything. */
        public Builder minimumCommittedTcb(ProductLine line, TcbVersion tcb) {
            demands.minimumCommittedTcb = TcbMinimum.with(demands.minimumCommittedTcb, line, tcb);
            return this;
        }

        /** Demands at least this LAUNCH_TCB, in each component and on every line. */
        public Builder minimumLaunchTcb(TcbVersion tcb) {
            demands.minimumLaunchTcb = TcbMinimum.of(tcb);
            return this;
        }

        /** Demands at least this LAUNCH_TCB on this line, and refuses every line for which no call says anything. */
        public Builder minimumLaunchTcb(ProductLine line, TcbVersion tcb) {
            demands.minimumLaunchTcb = TcbMinimum.with(demands.minimumLaunchTcb, line, tcb);
            return this;
        }

        /** Demands that at least this firmware runs. */
        public Builder minimumFirmware(FirmwareVersion version) {
            demands.minimumFirmware = version;
            return this;
        }

        /** Demands that the firmware cannot be rolled back below this version. */
        public Builder minimumCommittedFirmware(FirmwareVersion version) {
            demands.minimumCommittedFirmware = version;
            return this;
        }

        /**
         * Refuses firmware or microcode that runs but is not committed: what the guest was shown can still be rolled
         * back. Ordinary hosts are in this state between an update and its commit, some clouds for long.
         */
        public Builder refuseProvisionalFirmware() {
            demands.refuseProvisionalFirmware = true;
            return this;
        }

        /**
         * Demands that these mitigations were on when the guest was launched. Reports before version 5 do not say, and
         * fail it.
         *
         * @param vector the bits of LAUNCH_MIT_VECTOR that have to be set, at least one; more may be
         */
        public Builder requireLaunchMitigations(long vector) {
            demands.requireLaunchMitigations = DemandValues.vector("launch mitigation vector", vector);
            return this;
        }

        /**
         * Demands that these mitigations are on. Reports before version 5 do not say, and fail it.
         *
         * @param vector the bits of CURRENT_MIT_VECTOR that have to be set, at least one; more may be
         */
        public Builder requireCurrentMitigations(long vector) {
            demands.requireCurrentMitigations = DemandValues.vector("current mitigation vector", vector);
            return this;
        }

        /**
         * The policy.
         *
         * @throws IllegalArgumentException if a decision is missing, or a demand can never be met; the message names
         *     every one
         */
        public SnpPolicy build() {
            List<String> missing = new ArrayList<>();
            if (demands.reportData == null && demands.withoutFreshness == null) {
                missing.add("expectedReportData or withoutFreshness");
            }
            if (demands.measurements.isEmpty() && demands.launches.isEmpty() && demands.anyMeasurement == null) {
                missing.add("measurement, launch or anyMeasurement");
            }
            if (!demands.allowedCsps.isEmpty() && demands.allowVlek == null) {
                missing.add("allowVlek beside allowedCsp");
            }
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException("snp policy needs " + String.join("; ", missing));
            }
            return new SnpPolicy(demands.copy());
        }
    }
}
