package org.verifiableai.examples.vai;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.CommandLineTemplate;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.SvsmImage;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vai measure}: the launch measurement that a guest of given parts has to report. */
@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        description = "Compute the launch measurement of an SEV-SNP guest from its firmware, kernel and processors.")
final class MeasureCommand implements Callable<Integer> {

    /** Above what an image may be, so that the parser is the one who says how long it may be. */
    private static final int IMAGE_LIMIT = 32 << 20;

    /** What the parser puts where {@code --firmware-hash} stands alone. */
    private static final String ALONE = "alone";

    @Spec
    private CommandSpec spec;

    @Mixin
    private final CommonOptions common = new CommonOptions();

    @Option(names = "--firmware", required = true, paramLabel = "FILE", description = "The firmware, such as OVMF.fd.")
    private Path firmware;

    @Option(
            names = "--firmware-hash",
            arity = "0..1",
            paramLabel = "HEX",
            fallbackValue = ALONE,
            description =
                    "Take this digest, 48 bytes, for that of the firmware's pages, and of the file the tables alone."
                            + " Without HEX, print that digest and no measurement.")
    @Nullable
    private String firmwareHash;

    @Option(names = "--kernel", paramLabel = "FILE", description = "The kernel that is handed to the firmware.")
    @Nullable
    private Path kernel;

    @Option(names = "--initrd", paramLabel = "FILE", description = "The initial RAM disk that goes with it.")
    @Nullable
    private Path initrd;

    @Option(
            names = "--append",
            paramLabel = "LINE",
            description = "The kernel's command line; with --disk a template, where {NAME} stands for a disk's hash.")
    @Nullable
    private String append;

    @Option(
            names = "--disk",
            paramLabel = "NAME=SHA256",
            converter = {Converters.Word.class, Converters.Hex.class},
            description = "The hash for a place on the command line.")
    private final Map<String, Bytes> disks = new LinkedHashMap<>();

    @Option(names = "--vcpus", paramLabel = "N", description = "The number of virtual processors.")
    @Nullable
    private Integer vcpus;

    @Option(
            names = "--vcpu-type",
            paramLabel = "NAME",
            converter = Converters.VcpuType.class,
            description = "Their model by QEMU's name, such as EPYC-Milan.")
    @Nullable
    private VcpuSignature vcpuType;

    @Option(
            names = "--vcpu-sig",
            paramLabel = "NUMBER",
            converter = Converters.Unsigned.class,
            description = "Their model by EAX of CPUID function 1, decimal or 0x and hex.")
    @Nullable
    private Long vcpuSig;

    @Option(
            names = "--vmm",
            paramLabel = "NAME",
            defaultValue = "qemu",
            converter = Converters.OfVmm.class,
            description = "Who launches the guest: qemu (as it is without a word), ec2, ec2-v1, ec2-v2 or gce.")
    private Vmm vmm;

    @Option(
            names = "--guest-features",
            paramLabel = "NUMBER",
            converter = Converters.Unsigned.class,
            description =
                    "SEV_FEATURES of the processors, decimal or 0x and hex; 1 without it, 0x21 on Linux 6.6 and 6.7.")
    @Nullable
    private Long guestFeatures;

    @Option(names = "--svsm", paramLabel = "FILE", description = "The SVSM that runs beneath the firmware.")
    @Nullable
    private Path svsm;

    @Option(
            names = "--vars-size",
            paramLabel = "BYTES",
            converter = Converters.Unsigned.class,
            description = "With --svsm: the size of the firmware's variable store, decimal or 0x and hex.")
    @Nullable
    private Long varsSize;

    @Option(
            names = "--out-config",
            paramLabel = "FILE",
            description = "Also write the launch configuration as JSON, for a policy.")
    @Nullable
    private Path outConfig;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "launch",
            description = "What verdicts under such a policy call it.")
    private String name;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec.commandLine(), common.json());
        if (ALONE.equals(firmwareHash)) {
            return tell(output, Map.of("measurement", image().pagesDigest().hex()));
        }
        checkUsage();
        FirmwareImage image = image();
        Bytes pages = firmwareHash == null ? image.pagesDigest() : Converters.hex(firmwareHash);
        LaunchConfiguration launch = launch(measured(image, pages));
        if (outConfig != null) {
            OutputFile.write(outConfig, launch.toJson() + "\n");
        }
        if (svsm != null && guestFeatures != null && guestFeatures != LaunchConfiguration.DEFAULT_GUEST_FEATURES) {
            output.note("an svsm gets SEV_FEATURES 1 whatever --guest-features says");
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put("measurement", launch.measurement().hex());
        if (!common.json()) {
            values.put("firmwareHash", pages.hex());
        }
        return tell(output, values);
    }

    private static int tell(Output output, Map<String, String> values) {
        output.values(values);
        return ExitCode.OK;
    }

    private void checkUsage() {
        if (vcpus == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--vcpus=N'");
        }
        if (vcpuType != null && vcpuSig != null) {
            throw new ParameterException(spec.commandLine(), "expected either --vcpu-type or --vcpu-sig, found both");
        }
        if (vcpuType == null && vcpuSig == null && vmm.showsVcpuModel()) {
            throw new ParameterException(spec.commandLine(), "expected --vcpu-type or --vcpu-sig, found neither");
        }
        if ((svsm == null) != (varsSize == null)) {
            throw new ParameterException(spec.commandLine(), "expected --svsm and --vars-size, found one of them");
        }
    }

    private FirmwareImage image() throws MalformedEvidenceException, EvidenceUnavailableException {
        return FirmwareImage.parse(InputFile.read("firmware", firmware, IMAGE_LIMIT));
    }

    private MeasuredFirmware measured(FirmwareImage image, Bytes pages)
            throws MalformedEvidenceException, EvidenceUnavailableException {
        if (svsm == null || varsSize == null) {
            return MeasuredFirmware.of(image, pages);
        }
        SvsmImage below = SvsmImage.parse(InputFile.read("svsm", svsm, IMAGE_LIMIT));
        return MeasuredFirmware.withSvsm(image, pages, below, varsSize);
    }

    private LaunchConfiguration launch(MeasuredFirmware measured) throws MalformedEvidenceException, IOException {
        if (kernel != null && svsm == null && !measured.measuresKernel()) {
            // The words are in order and the file is not what they need: no wrong usage, but a firmware that will not
            // do.
            throw new MalformedEvidenceException(
                    "firmware SEV metadata",
                    MalformedEvidenceException.NO_OFFSET,
                    "a KERNEL_HASHES section that holds the hash table, since there is a kernel",
                    measured.sections() + ", hash table at " + measured.hashTableGpa());
        }
        LaunchConfiguration.Builder builder =
                LaunchConfiguration.builder(name).vmm(vmm).firmware(measured);
        if (vcpus != null) {
            builder.vcpus(vcpus);
        }
        if (vcpuType != null) {
            builder.vcpu(vcpuType);
        }
        if (vcpuSig != null) {
            builder.vcpu(new VcpuSignature(vcpuSig));
        }
        if (guestFeatures != null) {
            builder.guestFeatures(guestFeatures);
        }
        if (kernel != null) {
            builder.kernel(kernel);
        }
        if (initrd != null) {
            builder.initrd(initrd);
        }
        if (!disks.isEmpty()) {
            builder.commandLine(CommandLineTemplate.parse(append == null ? "" : append), disks);
        } else if (append != null) {
            builder.commandLine(append);
        }
        return builder.build();
    }
}
