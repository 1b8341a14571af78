package org.verifiableai.attestation.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class LaunchConfigurationTest {

    private static final String SECTIONS = "[{\"type\":\"SEC_MEM\",\"gpa\":\"0x800000\",\"size\":\"0x9000\"},"
            + "{\"type\":\"KERNEL_HASHES\",\"gpa\":\"0x810000\",\"size\":4096}]";
    private static final String FIRMWARE = "{\"pagesDigest\":\"" + "ab".repeat(48) + "\",\"sections\":" + SECTIONS
            + ",\"hashTableGpa\":\"0x810c00\",\"resetEip\":\"0x80b004\"}";
    private static final String SVSM =
            "{\"pagesDigest\":\"" + "ab".repeat(48) + "\",\"sections\":" + SECTIONS + ",\"svsmEntry\":\"0xffb00000\"}";
    private static final Bytes DISK = Bytes.utf8("disk").sha256();

    @TempDir
    private Path temporary;

    @Test
    void whatIsWrittenIsRead() throws Exception {
        List<LaunchConfiguration> configurations = List.of(
                builder().build(),
                builder().kernel(Bytes.utf8("k")).build(),
                builder()
                        .kernel(Bytes.utf8("k"))
                        .initrd(Bytes.utf8("i"))
                        .commandLine(CommandLineTemplate.parse("a={{ sda1={sda1} \u00fc"), Map.of("sda1", DISK))
                        .guestFeatures(-1)
                        .build(),
                LaunchConfiguration.builder("ec2")
                        .vmm(Vmm.EC2)
                        .firmware(MeasuredFirmware.fromJson(FIRMWARE))
                        .vcpus(4096)
                        .build(),
                builder().firmware(MeasuredFirmware.fromJson(SVSM)).build());

        for (LaunchConfiguration configuration : configurations) {
            LaunchConfiguration read = LaunchConfiguration.fromJson(configuration.toJson());

            assertThat(read).isEqualTo(configuration).hasSameHashCodeAs(configuration);
            assertThat(read.measurement()).isEqualTo(configuration.measurement());
            assertThat(MeasuredFirmware.fromJson(read.firmware().toJson())).isEqualTo(configuration.firmware());
        }
        assertThat(configurations).extracting(LaunchConfiguration::measurement).doesNotHaveDuplicates();
    }

    @Test
    void everyPartIsGivenBack() throws Exception {
        LaunchConfiguration configuration =
                LaunchConfiguration.fromJson("{\"name\":\"trainer\",\"vmm\":\"qemu\",\"firmware\":"
                        + FIRMWARE + ",\"kernelSha256\":\"" + "01".repeat(32) + "\",\"initrdSha256\":\""
                        + "02".repeat(32)
                        + "\",\"append\":\"sda1={sda1}\",\"disks\":{\"sda1\":\"" + "03".repeat(32)
                        + "\"},\"vcpus\":8,\"vcpuType\":\"EPYC-Genoa\",\"guestFeatures\":\"0x21\"}");

        assertThat(configuration.name()).isEqualTo("trainer");
        assertThat(configuration.vmm()).isEqualTo(Vmm.QEMU);
        assertThat(configuration.firmware().pagesDigest().hex()).isEqualTo("ab".repeat(48));
        assertThat(configuration.firmware().hashTableGpa()).hasValue(0x810C00);
        assertThat(configuration.firmware().resetEip()).hasValue(0x80B004);
        assertThat(configuration.firmware().svsmEntry()).isEmpty();
        assertThat(configuration.kernelSha256()).contains(Bytes.fromHex("01".repeat(32)));
        assertThat(configuration.initrdSha256()).contains(Bytes.fromHex("02".repeat(32)));
        assertThat(configuration.commandLine()).hasToString("sda1={sda1}");
        assertThat(configuration.disks()).containsExactly(Map.entry("sda1", Bytes.fromHex("03".repeat(32))));
        assertThat(configuration.vcpus()).isEqualTo(8);
        assertThat(configuration.vcpu()).contains(VcpuSignature.ofType("EPYC-Genoa"));
        assertThat(configuration.guestFeatures()).isEqualTo(0x21);
        assertThat(configuration)
                .hasToString("LaunchConfiguration[trainer, measurement " + configuration.measurement() + "]");
    }

    @Test
    void filesAreHashedAsTheirContentIs() throws Exception {
        Path file = Files.write(temporary.resolve("kernel"), new byte[200_000]);

        assertThat(builder().kernel(file).initrd(file).build())
                .isEqualTo(builder()
                        .kernel(Bytes.zeros(200_000))
                        .initrdSha256(Bytes.zeros(200_000).sha256())
                        .build());
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> builder().kernel(temporary.resolve("none")));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> builder().initrd(temporary));
    }

    @Test
    void everyMissingPartIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LaunchConfiguration.builder("x").build())
                .withMessage("launch configuration needs vmm; firmware; vcpus");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LaunchConfiguration.builder("x").vmm(Vmm.QEMU).build())
                .withMessage("launch configuration needs firmware; vcpus; vcpu");
    }

    @Test
    void whatComesWithAKernelDoesNotComeWithoutOne() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().initrd(Bytes.EMPTY).build())
                .withMessage("initrd must come with a kernel, found none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().commandLine("ro").build())
                .withMessage("command line must come with a kernel, found none");
    }

    @Test
    void anSvsmTakesNoKernelAndRunsOnQemu() throws Exception {
        MeasuredFirmware svsm = MeasuredFirmware.fromJson(SVSM);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().firmware(svsm).kernel(Bytes.EMPTY).build())
                .withMessage("svsm must be launched without a kernel, found one");
        for (Vmm other : List.of(Vmm.EC2_V1, Vmm.EC2_V2, Vmm.GCE)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder().firmware(svsm).vmm(other).build())
                    .withMessage("svsm must be launched by qemu, found " + other);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 4097, Integer.MAX_VALUE})
    void theNumberOfProcessorsIsBounded(int vcpus) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder().vcpus(vcpus))
                .withMessage("vcpus must be of 1 to 4096, found " + vcpus);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\u202eb"})
    void aNameStandsOnOneLine(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> LaunchConfiguration.builder(name));
    }

    @Test
    void aNameHasAtMostAHundredCharacters() {
        assertThat(LaunchConfiguration.builder("x".repeat(100))).isNotNull();
        assertThatIllegalArgumentException().isThrownBy(() -> LaunchConfiguration.builder("x".repeat(101)));
    }

    @Test
    void hashesOfAnotherLengthAreRefused() {
        for (int size : new int[] {0, 31, 33, 48}) {
            assertThatIllegalArgumentException().isThrownBy(() -> builder().kernelSha256(Bytes.zeros(size)));
            assertThatIllegalArgumentException().isThrownBy(() -> builder().initrdSha256(Bytes.zeros(size)));
        }
    }

    @ParameterizedTest
    @CsvSource({"qemu, qemu", "QEMU, qemu", "ec2, ec2-v2", "EC2-v1, ec2-v1", "ec2-v2, ec2-v2", "gce, gce"})
    void monitorsAreKnownByName(String name, String expected) {
        assertThat(Vmm.parse(name)).hasToString(expected);
    }

    @Test
    void anotherMonitorIsRefusedWithAListOfThose() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Vmm.parse("hyper-v"))
                .withMessage("vmm must be one of ec2, qemu, ec2-v1, ec2-v2, gce, found hyper-v");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | JSON object",
                "[] | JSON object",
                "{ | JSON",
                "{} | a member name",
                "{\"name\":\"x\",\"name\":\"x\"} | JSON",
                "{\"nam\":\"x\"} | a member of a launch configuration, found nam",
                "{\"name\":1} | name as a text",
                "{\"name\":\"x\"} {} | nothing after the object",
                "{\"name\":\"x\",\"kernelSha256\":\"00\"} | kernelSha256 of 64 hex digits",
                "{\"name\":\"x\",\"initrdSha256\":\"zz\"} | initrdSha256 of 64 hex digits",
                "{\"name\":\"x\",\"firmware\":[]} | a JSON object",
                "{\"name\":\"x\",\"firmware\":{}} | a member pagesDigest",
                "{\"name\":\"x\",\"firmware\":{\"digest\":1}} | a member of a launch configuration, found digest",
                "{\"name\":\"x\",\"firmware\":{\"sections\":{}}} | sections as an array",
                "{\"name\":\"x\",\"firmware\":{\"sections\":[{}]}} | a member type",
                "{\"name\":\"x\",\"firmware\":{\"sections\":[{\"type\":\"ROM\"}]}} | a type of section such as SEC_MEM",
                "{\"name\":\"x\",\"firmware\":{\"sections\":[{\"kind\":1}]}} | found kind",
                "{\"name\":\"x\",\"vcpus\":-1} | vcpus as an unsigned number",
                "{\"name\":\"x\",\"vcpus\":1.5} | vcpus as a text",
                "{\"name\":\"x\",\"vcpus\":99999999999999999999} | vcpus of at most 64 bits",
                "{\"name\":\"x\",\"guestFeatures\":\"0x\"} | guestFeatures as an unsigned number",
                "{\"name\":\"x\",\"guestFeatures\":\"0x11111111111111111\"} | guestFeatures as an unsigned number",
                "{\"name\":\"x\",\"disks\":{\"a\":\"00\"}} | a of 64 hex digits",
                "{\"name\":\"x\",\"disks\":{}} | disks with an append",
                "{\"name\":\"x\",\"vcpuType\":\"EPYC\",\"vcpuSig\":1} | either vcpuType or vcpuSig, found both"
            })
    void jsonThatIsNotOfTheFormIsRefused(String json, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> LaunchConfiguration.fromJson(json))
                .withMessageStartingWith("launch configuration: expected")
                .withMessageContaining(message);
    }

    @Test
    void jsonIsBounded() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> LaunchConfiguration.fromJson(" ".repeat(1024 * 1024 + 1)))
                .withMessageContaining("at most 1048576 characters");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"vcpus\":1 | \"vcpus\":0 | vcpus must be of 1 to 4096",
                "\"vcpus\":1 | \"vcpus\":\"0xffffffffffffffff\" | vcpus must be of 1 to 4096",
                "\"vcpus\":1 | \"vcpus\":4294967297 | vcpus must be of 1 to 4096",
                "\"vmm\":\"qemu\" | \"vmm\":\"xen\" | vmm must be one of",
                "\"vcpuSig\":1 | \"vcpuSig\":\"0x100000000\" | vcpu signature must be of 32 bits",
                "\"vcpuSig\":1 | \"vcpuType\":\"Opteron\" | vcpu type must be one of",
                "\"vcpuSig\":1 | \"guestFeatures\":1 | needs vcpu",
                "\"append\":\"ro\" | \"append\":\"sda={sda}\" | needs the hash of disk sda",
                "\"append\":\"ro\" | \"append\":\"sda={\" | braces",
                "\"resetEip\":\"0x80b004\" | \"resetEip\":4294967296 | resetEip must be an address below 4 GiB",
                "\"resetEip\":\"0x80b004\" | \"resetEip\":1,\"svsmEntry\":1 | either resetEip or svsmEntry, found both",
                "\"size\":\"0x9000\" | \"size\":\"0x9001\" | whole pages",
                "\"size\":\"0x9000\" | \"size\":\"0x8000000000000000\" | whole pages",
                "\"size\":\"0x9000\" | \"size\":\"0x11000\" | must not overlap",
                "\"hashTableGpa\":\"0x810c00\" | \"hashTableGpa\":\"0x1\" | does not lie within",
                "\"hashTableGpa\":\"0x810c00\" | \"hashTableGpa\":\"0xffffffffffffffff\" | an address below 4 GiB"
            })
    void jsonThatCannotBeALaunchIsRefused(String good, String bad, String message) throws Exception {
        String json = "{\"name\":\"x\",\"vmm\":\"qemu\",\"firmware\":" + FIRMWARE + ",\"kernelSha256\":\""
                + "00".repeat(32) + "\",\"append\":\"ro\",\"vcpus\":1,\"vcpuSig\":1}";
        assertThat(LaunchConfiguration.fromJson(json).vcpus()).isEqualTo(1);
        assertThat(json).contains(good);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> LaunchConfiguration.fromJson(json.replace(good, bad)))
                .withMessageContaining(message);
    }

    @Test
    void aFirmwareWithNoStartIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        MeasuredFirmware.fromJson("{\"pagesDigest\":\"" + "00".repeat(48) + "\",\"sections\":[]}"))
                .withMessageContaining("either resetEip or svsmEntry, found neither");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> MeasuredFirmware.fromJson("{\"pagesDigest\":\"" + "00".repeat(48) + "\"}"))
                .withMessageContaining("a member sections");
    }

    private static LaunchConfiguration.Builder builder() {
        try {
            return LaunchConfiguration.builder("a test")
                    .vmm(Vmm.QEMU)
                    .firmware(MeasuredFirmware.fromJson(FIRMWARE))
                    .vcpu(VcpuSignature.ofType("EPYC"))
                    .vcpus(1);
        } catch (MalformedEvidenceException e) {
            throw new AssertionError(e);
        }
    }
}
