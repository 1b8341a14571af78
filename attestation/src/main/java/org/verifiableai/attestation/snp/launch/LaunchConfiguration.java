package org.verifiableai.attestation.snp.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.Digests;
import org.verifiableai.attestation.internal.Untrusted;

/**
 * Everything that a launch measurement depends on, and the measurement itself: a guest whose report carries
 * {@link #measurement()} was launched like this. Immutable, thread-safe, and small: of images it holds hashes.
 *
 * <pre>{@code
 * LaunchConfiguration trainer = LaunchConfiguration.builder("trainer 7")
 *         .vmm(Vmm.QEMU)
 *         .firmware(MeasuredFirmware.of(FirmwareImage.parse(ovmf)))
 *         .kernel(Path.of("vmlinuz"))
 *         .initrd(Path.of("initrd.img"))
 *         .commandLine(
 *                 CommandLineTemplate.parse("root=/dev/sda1 ro sda1_shasum={sda1}"), Map.of("sda1", sda1Sha256))
 *         .vcpus(8)
 *         .vcpu(VcpuSignature.ofType("EPYC-Genoa"))
 *         .build();
 * Bytes expected = trainer.measurement();
 * }</pre>
 *
 * <p>It does not cover the guest's policy, HOST_DATA, or anything that is loaded after launch: without a kernel the
 * firmware boots what it finds on a disk, and the measurement says nothing about that.
 */
public final class LaunchConfiguration {

    /** The most virtual processors: what KVM can be built for. */
    public static final int MAX_VCPUS = 4096;

    /** SEV_FEATURES that a host sets of itself from Linux 6.8 on: SNP alone. */
    public static final long DEFAULT_GUEST_FEATURES = 1;

    private static final int SHA256_SIZE = 32;
    private static final int MAX_NAME = 100;

    private final String name;
    private final Vmm vmm;
    private final MeasuredFirmware firmware;
    private final @Nullable Bytes kernelSha256;
    private final @Nullable Bytes initrdSha256;
    private final CommandLineTemplate commandLine;
    private final SortedMap<String, Bytes> disks;
    private final int vcpus;
    private final @Nullable VcpuSignature vcpu;
    private final long guestFeatures;
    private final Bytes measurement;

    private LaunchConfiguration(Builder builder, Vmm vmm, MeasuredFirmware firmware) {
        this.name = builder.name;
        this.vmm = vmm;
        this.firmware = firmware;
        this.kernelSha256 = builder.kernelSha256;
        this.initrdSha256 = builder.initrdSha256;
        this.commandLine = builder.commandLine;
        this.disks = Collections.unmodifiableSortedMap(new TreeMap<>(builder.disks));
        this.vcpus = builder.vcpus;
        this.vcpu = builder.vcpu;
        this.guestFeatures = builder.guestFeatures;
        this.measurement = LaunchMeasurement.of(
                firmware, vmm, kernelHashes(), vcpus, vcpu == null ? new VcpuSignature(0) : vcpu, guestFeatures);
    }

    /**
     * A configuration to be filled in.
     *
     * @param name what verdicts call it; 1 to 100 characters on one line
     * @throws IllegalArgumentException if it is not
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * Reads the form of {@link #toJson()}. Unknown members are refused by name.
     *
     * @throws MalformedEvidenceException if {@code json} is not of the form
     * @throws IllegalArgumentException if what it says cannot be a configuration
     */
    public static LaunchConfiguration fromJson(String json) throws MalformedEvidenceException {
        return LaunchConfigurationJson.read(json).build();
    }

    /** The configuration as one JSON object, from which the measurement can be computed anew. */
    public String toJson() {
        return LaunchConfigurationJson.write(this);
    }

    /** What verdicts call it. */
    public String name() {
        return name;
    }

    /** The virtual machine monitor. */
    public Vmm vmm() {
        return vmm;
    }

    /** The firmware, or the firmware with an SVSM. */
    public MeasuredFirmware firmware() {
        return firmware;
    }

    /** SHA-256 of the kernel, 32 bytes; empty if the firmware boots from a disk. */
    public Optional<Bytes> kernelSha256() {
        return Optional.ofNullable(kernelSha256);
    }

    /** SHA-256 of the initial RAM disk, 32 bytes; empty if there is none. */
    public Optional<Bytes> initrdSha256() {
        return Optional.ofNullable(initrdSha256);
    }

    /** The command line with places for {@link #disks()}. */
    public CommandLineTemplate commandLine() {
        return commandLine;
    }

    /** SHA-256 of disks by the names of their places on the command line, 32 bytes each. */
    public SortedMap<String, Bytes> disks() {
        return disks;
    }

    /** The number of virtual processors, 1 to {@link #MAX_VCPUS}. */
    public int vcpus() {
        return vcpus;
    }

    /** The signature of the virtual processors; may be empty where the monitor hides it. */
    public Optional<VcpuSignature> vcpu() {
        return Optional.ofNullable(vcpu);
    }

    /** SEV_FEATURES of the virtual processors, unsigned 64 bits. With an SVSM they count for nothing: it gets 1. */
    public long guestFeatures() {
        return guestFeatures;
    }

    /** The MEASUREMENT of a guest that was launched like this, 48 bytes. */
    public Bytes measurement() {
        return measurement;
    }

    private Optional<KernelHashes> kernelHashes() {
        if (kernelSha256 == null) {
            return Optional.empty();
        }
        Bytes terminated = Bytes.utf8(commandLine.fill(disks)).concat(Bytes.zeros(1));
        return Optional.of(new KernelHashes(
                kernelSha256, initrdSha256 == null ? Bytes.EMPTY.sha256() : initrdSha256, terminated.sha256()));
    }

    /** Configurations are equal if their JSON is. */
    @Override
    public boolean equals(Object other) {
        return other instanceof LaunchConfiguration that && toJson().equals(that.toJson());
    }

    @Override
    public int hashCode() {
        return measurement.hashCode();
    }

    @Override
    public String toString() {
        return "LaunchConfiguration[" + name + ", measurement " + measurement + "]";
    }

    /** Collects the parts of a {@link LaunchConfiguration}. Of two calls for one part the later counts. Not thread-safe. */
    public static final class Builder {

        private static final CommandLineTemplate NO_COMMAND_LINE = CommandLineTemplate.literal("");

        private final String name;
        private @Nullable Vmm vmm;
        private @Nullable MeasuredFirmware firmware;
        private @Nullable Bytes kernelSha256;
        private @Nullable Bytes initrdSha256;
        private CommandLineTemplate commandLine = NO_COMMAND_LINE;
        private Map<String, Bytes> disks = Map.of();
        private int vcpus;
        private @Nullable VcpuSignature vcpu;
        private long guestFeatures = DEFAULT_GUEST_FEATURES;

        private Builder(String name) {
            if (name.isBlank()
                    || name.length() > MAX_NAME
                    || !Untrusted.line(name, MAX_NAME).equals(name)) {
                throw new IllegalArgumentException("name of a launch configuration must be 1 to " + MAX_NAME
                        + " characters on one line, found " + Untrusted.line(name, MAX_NAME));
            }
            this.name = name;
        }

        /** Says which monitor launches the guest. */
        public Builder vmm(Vmm monitor) {
            this.vmm = monitor;
            return this;
        }

        /** Says which firmware the guest starts with. */
        public Builder firmware(MeasuredFirmware measured) {
            this.firmware = measured;
            return this;
        }

        /**
         * Says which kernel the monitor hands to the firmware, read from a file as a stream.
         *
         * @throws IOException if the file cannot be read
         */
        public Builder kernel(Path file) throws IOException {
            return kernelSha256(sha256(file));
        }

        /** Says which kernel the monitor hands to the firmware. */
        public Builder kernel(Bytes content) {
            return kernelSha256(content.sha256());
        }

        /**
         * Says which kernel the monitor hands to the firmware.
         *
         * @param digest its SHA-256, 32 bytes
         */
        public Builder kernelSha256(Bytes digest) {
            kernelSha256 = digest("kernel", digest);
            return this;
        }

        /**
         * Says which initial RAM disk goes with the kernel, read from a file as a stream.
         *
         * @throws IOException if the file cannot be read
         */
        public Builder initrd(Path file) throws IOException {
            return initrdSha256(sha256(file));
        }

        /** Says which initial RAM disk goes with the kernel. */
        public Builder initrd(Bytes content) {
            return initrdSha256(content.sha256());
        }

        /**
         * Says which initial RAM disk goes with the kernel.
         *
         * @param digest its SHA-256, 32 bytes
         */
        public Builder initrdSha256(Bytes digest) {
            initrdSha256 = digest("initrd", digest);
            return this;
        }

        /** Says what command line the kernel gets, to the letter; nothing by default. */
        public Builder commandLine(String literal) {
            return commandLine(CommandLineTemplate.literal(literal), Map.of());
        }

        /**
         * Says what command line the kernel gets, with the hashes of disks on it.
         *
         * @param template the command line with a place for each disk
         * @param sha256ByPlace SHA-256 of the disks by the names of their places, 32 bytes each
         * @throws IllegalArgumentException if a place has no disk, a disk has no place, or a hash is not of 32 bytes
         */
        public Builder commandLine(CommandLineTemplate template, Map<String, Bytes> sha256ByPlace) {
            template.fill(sha256ByPlace);
            commandLine = template;
            disks = Map.copyOf(sha256ByPlace);
            return this;
        }

        /**
         * Says how many virtual processors the guest has.
         *
         * @throws IllegalArgumentException if {@code count} is not of 1 to {@link #MAX_VCPUS}
         */
        public Builder vcpus(int count) {
            if (count < 1 || count > MAX_VCPUS) {
                throw new IllegalArgumentException("vcpus must be of 1 to " + MAX_VCPUS + ", found " + count);
            }
            vcpus = count;
            return this;
        }

        /** Says what the virtual processors are; needed where the monitor shows it, which QEMU does. */
        public Builder vcpu(VcpuSignature signature) {
            vcpu = signature;
            return this;
        }

        /**
         * Says which SEV_FEATURES the virtual processors have; {@link #DEFAULT_GUEST_FEATURES} by default, 0x21 on hosts
         * with Linux 6.6 and 6.7. Bits that nobody has named yet are allowed.
         *
         * @param features the register, unsigned 64 bits
         */
        public Builder guestFeatures(long features) {
            guestFeatures = features;
            return this;
        }

        /**
         * The configuration, measured.
         *
         * @throws IllegalArgumentException if a part is missing, in which case the message names every one; if an initial
         *     RAM disk or a command line comes without a kernel; if a kernel comes with a firmware that does not measure
         *     it; or if an SVSM comes with a kernel or a monitor other than QEMU
         */
        public LaunchConfiguration build() {
            List<String> missing = new ArrayList<>();
            if (vmm == null) {
                missing.add("vmm");
            }
            if (firmware == null) {
                missing.add("firmware");
            }
            if (vcpus == 0) {
                missing.add("vcpus");
            }
            if (vcpu == null && vmm != null && vmm.showsVcpuModel()) {
                missing.add("vcpu");
            }
            if (vmm == null || firmware == null || !missing.isEmpty()) {
                throw new IllegalArgumentException("launch configuration needs " + String.join("; ", missing));
            }
            checkSvsm(vmm, firmware);
            checkKernel(firmware);
            return new LaunchConfiguration(this, vmm, firmware);
        }

        private void checkSvsm(Vmm monitor, MeasuredFirmware measured) {
            if (measured.svsmEntry().isEmpty()) {
                return;
            }
            if (monitor != Vmm.QEMU) {
                throw new IllegalArgumentException("svsm must be launched by qemu, found " + monitor);
            }
            if (kernelSha256 != null) {
                throw new IllegalArgumentException("svsm must be launched without a kernel, found one");
            }
        }

        private void checkKernel(MeasuredFirmware measured) {
            if (kernelSha256 == null && initrdSha256 != null) {
                throw new IllegalArgumentException("initrd must come with a kernel, found none");
            }
            if (kernelSha256 == null && !commandLine.equals(NO_COMMAND_LINE)) {
                throw new IllegalArgumentException("command line must come with a kernel, found none");
            }
            Optional<String> defect = measured.kernelDefect();
            if (kernelSha256 != null && defect.isPresent()) {
                throw new IllegalArgumentException(
                        "kernel must come with a firmware that measures it, but " + defect.get());
            }
        }

        private static Bytes digest(String what, Bytes digest) {
            if (digest.size() != SHA256_SIZE) {
                throw new IllegalArgumentException(
                        what + " sha256 must be of " + SHA256_SIZE + " bytes, found " + digest.size());
            }
            return digest;
        }

        private static Bytes sha256(Path file) throws IOException {
            MessageDigest sha256 = Digests.sha256();
            byte[] buffer = new byte[1 << 16];
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    sha256.update(buffer, 0, read);
                }
            }
            return Bytes.of(sha256.digest());
        }
    }
}
