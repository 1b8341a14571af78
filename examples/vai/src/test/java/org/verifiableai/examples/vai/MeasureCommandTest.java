package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.testkit.SoftwareFirmware;
import org.verifiableai.attestation.testkit.internal.Vectors;

class MeasureCommandTest {

    /** What sev-snp-measure 0.0.13 computes of the testkit's firmware with three processors of EPYC-Milan. */
    private static final String QEMU =
            "cc4aa429d8905c71aab4e61482cff4ca68a3e6e291f274a7fcc4232f819ed14438ddbc4ff518de816d954849d332bfb3";

    @TempDir
    static Path files;

    @BeforeAll
    static void writeImages() throws IOException {
        Files.write(files.resolve("ovmf.fd"), SoftwareFirmware.ovmf().image().toByteArray());
        Files.write(
                files.resolve("bare.fd"),
                SoftwareFirmware.ovmf()
                        .withSections(new SoftwareFirmware.Section(0x800000, 0x1000, 1))
                        .image()
                        .toByteArray());
        Files.write(files.resolve("svsm.bin"), SoftwareFirmware.svsm().image().toByteArray());
        Files.writeString(files.resolve("kernel"), "kernel");
        Files.writeString(files.resolve("initrd"), "initrd");
        Files.createFile(files.resolve("empty"));
    }

    @TestFactory
    Stream<DynamicTest> everyRecordedLaunchIsMeasured() throws IOException {
        Optional<Path> vectors = Vectors.directory();
        assumeTrue(vectors.isPresent(), "recorded launches are not at hand");
        Path folder = vectors.get().resolve("sev-snp/launch-measurement");
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode launch : new ObjectMapper()
                .readTree(folder.resolve("cases.json").toFile())
                .get("cases")) {
            tests.add(dynamicTest(launch.get("case").asText(), () -> {
                Run run = Run.vai(words(folder, launch).toArray());

                String expected = launch.get("expected").asText();
                if (expected.equals("ERROR")) {
                    assertThat(run.code()).isEqualTo(1);
                    assertThat(run.err()).contains("KERNEL_HASHES");
                } else {
                    assertThat(run.json().properties()).hasSize(1);
                    assertThat(run.json().get("measurement").asText()).isEqualTo(expected);
                    assertThat(run.code()).isZero();
                }
            }));
        }
        assertThat(tests).isNotEmpty();
        return tests.stream();
    }

    @Test
    void jsonIsTheMeasurementAloneAndTextHasTheFirmwareHashToo() throws Exception {
        Run json = measure("--json");
        Run text = measure();

        assertThat(json.out()).isEqualTo("{\"measurement\":\"" + QEMU + "\"}" + System.lineSeparator());
        assertThat(text.out())
                .startsWith("measurement   " + QEMU)
                .contains("firmwareHash  20b718ab1f60a9e37912e85c0b300dbfa152e6467eb1166e");
        assertThat(json.code() + text.code()).isZero();
    }

    @Test
    void theHashOfTheFirmwareIsPrintedAndTaken() throws Exception {
        Run alone = Run.vai("measure", "--firmware", files.resolve("ovmf.fd"), "--firmware-hash", "--json");
        String hash = alone.json().get("measurement").asText();

        assertThat(hash).startsWith("20b718ab1f60a9e37912e85c0b300dbfa152e6467eb1166e");
        assertThat(measure("--json", "--firmware-hash", hash)
                        .json()
                        .get("measurement")
                        .asText())
                .isEqualTo(QEMU);
        assertThat(measure("--json", "--firmware-hash", "11".repeat(48))
                        .json()
                        .get("measurement")
                        .asText())
                .startsWith("34e8c375930cc5fb7e6b9342a1a03bdff62dfd015ff7c37de9a72ca70e32b781");
    }

    @ParameterizedTest
    @CsvSource({
        "--vcpu-sig 10489617, true",
        "--vcpu-sig 0xa00f11, true",
        "--vcpu-sig 0xA00F11, true",
        "--vcpu-type EPYC-Milan-v2, true",
        "--vcpu-type EPYC-Genoa, false"
    })
    void aProcessorIsNamedByTypeOrSignature(String words, boolean milan) throws Exception {
        Run run = run("ovmf.fd", ("--json --vcpus 3 " + words).split(" "));

        assertThat(run.json().get("measurement").asText().equals(QEMU)).isEqualTo(milan);
    }

    @ParameterizedTest
    @CsvSource({"1, true", "0x1, true", "33, false", "0xffffffffffffffff, false", "18446744073709551615, false"})
    void featuresAreDecimalOrHex(String features, boolean sameAsDefault) throws Exception {
        Run run = measure("--json", "--guest-features", features);

        assertThat(run.json().get("measurement").asText().equals(QEMU)).isEqualTo(sameAsDefault);
    }

    @ParameterizedTest
    @CsvSource({
        "ec2, cfebfaaf8c44e6bcbc8caeb0373d122f",
        "ec2-v1, 45f9814bc606195d9c900d3e06464e39",
        "gce, 1719c3855d29ea036f690970db550f97"
    })
    void aMonitorThatHidesTheProcessorNeedsNone(String vmm, String start) throws Exception {
        Run run = run("ovmf.fd", "--json", "--vcpus", "3", "--vmm", vmm);

        assertThat(run.json().get("measurement").asText()).startsWith(start);
    }

    @Test
    void anSvsmIsMeasuredAndItsFeaturesAreItsOwn() throws Exception {
        String[] words = {"--json", "--svsm", files.resolve("svsm.bin").toString(), "--vars-size", "0x84000"};
        Run run = measure(words);
        Run features = measure(with(words, "--guest-features", "0x21"));

        assertThat(run.json().get("measurement").asText()).startsWith("778fa76c2f51bb7eb92c5c8c6715a751");
        assertThat(run.err()).isEmpty();
        assertThat(features.out()).isEqualTo(run.out());
        assertThat(features.err()).contains("note: an svsm gets SEV_FEATURES 1");
    }

    @Test
    void theConfigurationIsWrittenForAPolicy() throws Exception {
        Path config = files.resolve("launch.json");
        String disk = Bytes.utf8("disk").sha256().hex();
        Run run = measure(
                "--json",
                "--kernel",
                files.resolve("kernel").toString(),
                "--append",
                "sda1_shasum={sda1}",
                "--disk",
                "sda1=" + disk,
                "--name",
                "trainer",
                "--out-config",
                config.toString());
        Run literal =
                measure("--json", "--kernel", files.resolve("kernel").toString(), "--append", "sda1_shasum=" + disk);

        LaunchConfiguration launch = LaunchConfiguration.fromJson(Files.readString(config));
        assertThat(launch.name()).isEqualTo("trainer");
        assertThat(launch.disks()).containsOnlyKeys("sda1");
        assertThat(run.json().get("measurement").asText())
                .isEqualTo(launch.measurement().hex())
                .isEqualTo(literal.json().get("measurement").asText());
        try (Stream<Path> left = Files.list(files)) {
            assertThat(left.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--vcpus 1",
                "--vcpu-type EPYC",
                "--vcpus 0 --vcpu-type EPYC",
                "--vcpus 4097 --vcpu-type EPYC",
                "--vcpus -1 --vcpu-type EPYC",
                "--vcpus one --vcpu-type EPYC",
                "--vcpus 1 --vcpu-type EPYC --vcpu-sig 1",
                "--vcpus 1 --vcpu-type Opteron",
                "--vcpus 1 --vcpu-sig 0x100000000",
                "--vcpus 1 --vcpu-sig 1f",
                "--vcpus 1 --vcpu-sig -1",
                "--vcpus 1 --vcpu-sig +1",
                "--vcpus 1 --vcpu-type EPYC --vmm xen",
                "--vcpus 1 --vcpu-type EPYC --guest-features 0x",
                "--vcpus 1 --vcpu-type EPYC --guest-features 0x11111111111111111",
                "--vcpus 1 --vcpu-type EPYC --append ro",
                "--vcpus 1 --vcpu-type EPYC --firmware-hash 00",
                "--vcpus 1 --vcpu-type EPYC --firmware-hash zz",
                "--vcpus 1 --vcpu-type EPYC --vars-size 4096",
                "--vcpus 1 --vcpu-type EPYC --disk sda1",
                "--vcpus 1 --vcpu-type EPYC --disk sda1=00",
                "--vcpus 1 --vcpu-type EPYC --initrd INITRD",
                "--vcpus 1 --vcpu-type EPYC --svsm SVSM",
                "--vcpus 1 --vcpu-type EPYC --svsm SVSM --vars-size 1",
                "--vcpus 1 --vcpu-type EPYC --svsm SVSM --vars-size 0 --kernel KERNEL",
                "--vcpus 1 --vmm gce --svsm SVSM --vars-size 0",
                "--frobnicate"
            })
    void wordsThatMeanNothingAreWrongUsage(String words) {
        Run run = run(
                "ovmf.fd",
                words.replace("SVSM", files.resolve("svsm.bin").toString())
                        .replace("KERNEL", files.resolve("kernel").toString())
                        .replace("INITRD", files.resolve("initrd").toString())
                        .strip()
                        .split(" "));

        assertThat(run.code()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isNotBlank();
    }

    @Test
    void withoutAFirmwareThereIsNothingToMeasure() {
        assertThat(Run.vai("measure", "--vcpus", "1", "--vcpu-type", "EPYC").code())
                .isEqualTo(2);
    }

    @Test
    void aFileThatIsNoFirmwareIsMalformed() {
        Run empty = run("empty", "--vcpus", "1", "--vcpu-type", "EPYC");
        Run short_ = run("kernel", "--firmware-hash");
        Run svsm = measure("--svsm", files.resolve("kernel").toString(), "--vars-size", "0");

        assertThat(List.of(empty.code(), short_.code(), svsm.code())).containsOnly(1);
        assertThat(empty.err())
                .isEqualTo("vai: firmware: expected whole pages of 4096 bytes, at most 16777216 bytes,"
                        + " found 0 bytes" + System.lineSeparator());
        assertThat(svsm.err()).contains("svsm: expected whole pages");
    }

    @Test
    void aFirmwareThatDoesNotMeasureAKernelIsRefusedWithOne() {
        String kernel = files.resolve("kernel").toString();

        Run run = run("bare.fd", "--vcpus", "1", "--vcpu-type", "EPYC", "--kernel", kernel, "--json");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("expected a KERNEL_HASHES section");
        assertThat(run("bare.fd", "--vcpus", "1", "--vcpu-type", "EPYC").code()).isZero();
    }

    @Test
    void aFileThatIsNotThereIsUnavailable() {
        String none = files.resolve("none").toString();

        assertThat(run("none", "--vcpus", "1", "--vcpu-type", "EPYC").code()).isEqualTo(3);
        assertThat(measure("--kernel", none).code()).isEqualTo(3);
        assertThat(measure("--kernel", files.resolve("kernel").toString(), "--initrd", none)
                        .code())
                .isEqualTo(3);
        assertThat(measure("--svsm", none, "--vars-size", "0").code()).isEqualTo(3);
        assertThat(measure("--out-config", files.resolve("none/launch.json").toString())
                        .code())
                .isEqualTo(3);
    }

    private static Run measure(String... more) {
        return run("ovmf.fd", with(new String[] {"--vcpus", "3", "--vcpu-type", "EPYC-Milan"}, more));
    }

    private static Run run(String firmware, String... more) {
        List<Object> words = new ArrayList<>(List.of("measure", "--firmware", files.resolve(firmware)));
        Arrays.stream(more).filter(word -> !word.isEmpty()).forEach(words::add);
        return Run.vai(words.toArray());
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }

    private static List<Object> words(Path folder, JsonNode launch) {
        List<Object> words = new ArrayList<>(List.of("measure", "--json", "--firmware", file(folder, launch, "ovmf")));
        if (launch.get("mode").asText().equals("snp:ovmf-hash")) {
            words.add("--firmware-hash");
            return words;
        }
        words.addAll(List.of("--vmm", launch.get("vmm").asText()));
        words.addAll(List.of("--vcpus", launch.get("vcpus").asText()));
        words.addAll(List.of("--guest-features", launch.get("guest_features").asText()));
        if (!launch.get("vcpu_sig").isNull()) {
            words.addAll(List.of("--vcpu-sig", launch.get("vcpu_sig").asText()));
        }
        for (String part : List.of("kernel", "initrd")) {
            if (!launch.get(part).isNull()) {
                words.addAll(List.of("--" + part, file(folder, launch, part)));
            }
        }
        if (!launch.get("cmdline").isNull()) {
            words.addAll(List.of("--append", launch.get("cmdline").asText()));
        }
        if (launch.has("precomputed_ovmf_hash")) {
            words.addAll(List.of(
                    "--firmware-hash", launch.get("precomputed_ovmf_hash").asText()));
        }
        if (launch.has("svsm")) {
            words.addAll(List.of("--svsm", file(folder, launch, "svsm")));
            words.addAll(List.of("--vars-size", launch.get("ovmf_vars_size").asText()));
        }
        return words;
    }

    private static Path file(Path folder, JsonNode launch, String part) {
        String name = launch.get(part).asText();
        return name.equals("empty") ? files.resolve("empty") : folder.resolve(name.replace("file:", ""));
    }
}
