package org.verifiableai.examples.vai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;
import org.verifiableai.attestation.testkit.SoftwareFirmware;
import org.verifiableai.attestation.testkit.SoftwareSnpPlatform;

/** What {@code vai snp} makes of files and words that are not as they should be, on a machine made of software. */
class SnpUsageTest {

    private static final String[] LOOSE = {
        "--any-measurement", "x", "--without-freshness", "x", "--revocation", "off", "--json"
    };

    @TempDir
    static Path files;

    @TempDir
    Path temporary;

    @BeforeAll
    static void writeEvidence() throws IOException {
        SoftwareAmd amd = SoftwareAmd.create(ProductLine.MILAN);
        SoftwareSnpPlatform machine = amd.platform(TcbVersion.of(3, 0, 8, 115));
        SnpEvidence evidence = machine.report(Bytes.zeros(64));
        Files.write(files.resolve("report.bin"), evidence.report().toByteArray());
        Files.write(files.resolve("vcek.der"), evidence.vek().toByteArray());
        Files.write(files.resolve("ask.der"), amd.ask().toByteArray());
        Files.write(files.resolve("ark.der"), amd.ark().toByteArray());
    }

    @Test
    void anotherRootIsTrustedOnlyWhereItIsNamedAndTheOutputSaysSo() throws Exception {
        Object ark = files.resolve("ark.der");

        assertThat(verify("report.bin", (Object[]) LOOSE).failures()).containsExactly("snp.chain");
        Run json = verify("report.bin", with(LOOSE, "--trust-ark", ark));
        assertThat(json.code()).isZero();
        assertThat(json.json().get("accepted").asBoolean()).isTrue();
        assertThat(json.err()).contains("in place of AMD's roots");
        Run text = verify("report.bin", with(Arrays.copyOf(LOOSE, LOOSE.length - 1), "--trust-ark", ark));
        assertThat(text.out()).contains("note: trusting " + ark).contains("ACCEPTED");
        assertThat(verify("report.bin", with(LOOSE, "--trust-ark", files.resolve("ask.der")))
                        .code())
                .isEqualTo(1);
    }

    /** A terminal obeys what it is sent: an archive chooses the names of its files, and a policy its words. */
    @Test
    void namesOfFilesAndWordsOfPoliciesReachNoTerminalAsTheyAre() throws Exception {
        Files.writeString(temporary.resolve("a\u001b[2Jb.pem"), "no certificate");
        Path policy = temporary.resolve("policy.json");
        Files.writeString(policy, "{\"minimumTcb\": \"\\u001b[2J\"}");

        Run folder = verify("report.bin", with(LOOSE, "--certs-dir", temporary, "--offline"));
        assertThat(folder.err()).contains("passed over").contains("a?[2Jb.pem").doesNotContain("\u001b");
        Run words = verify("report.bin", with(LOOSE, "--policy", policy));
        assertThat(words.code()).isEqualTo(2);
        assertThat(words.err()).contains("found ?[2J").doesNotContain("\u001b");
    }

    @ParameterizedTest
    @CsvSource({"0, 1184 bytes", "1183, 1184 bytes", "1185, 1184 bytes", "70000, at most 65536 bytes"})
    void aReportOfAnotherLengthIsMalformed(int length, String expected) throws Exception {
        byte[] report = Files.readAllBytes(files.resolve("report.bin"));
        Path file = temporary.resolve("report.bin");
        Files.write(file, Arrays.copyOf(report, length));

        Run json = verify(file.toString(), (Object[]) LOOSE);
        Run text = verify(file.toString(), "--any-measurement", "x", "--without-freshness", "x");
        Run show = Run.vai("snp", "show", file);

        assertThat(List.of(json.code(), text.code(), show.code())).containsOnly(1);
        assertThat(json.json().get("accepted").asBoolean()).isFalse();
        assertThat(json.out()).contains(expected);
        assertThat(text.out() + text.err()).contains("expected", expected);
        assertThat(show.err()).contains("vai: ", "expected", expected);
        if (length < 70000) {
            assertThat(json.failures()).containsExactly("snp.format");
        }
    }

    @Test
    void aCertificateThatIsNoneIsMalformed() throws Exception {
        Path file = temporary.resolve("vcek.der");
        Files.writeString(file, "not a certificate");

        Run run = Run.vai(with(
                new String[] {
                    "snp", "verify", "--report", files.resolve("report.bin").toString(), "--vek", file.toString()
                },
                (Object[]) LOOSE));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.json().get("accepted").asBoolean()).isFalse();
        assertThat(run.json().get("error").asText()).contains("vek certificate", "expected DER or PEM");
    }

    @Test
    void aFileThatIsNotThereIsUnavailable() {
        assertThat(Run.vai("snp", "show", temporary.resolve("none")).code()).isEqualTo(3);
        Run run = verify(temporary.resolve("none").toString(), (Object[]) LOOSE);
        assertThat(run.code()).isEqualTo(3);
        assertThat(run.err()).contains("snp report: cannot read", "no such file");
        assertThat(verify("report.bin", with(LOOSE, "--policy", temporary.resolve("none")))
                        .code())
                .isEqualTo(3);
    }

    @Test
    void aMissingDecisionIsWrongUsageAndTheOptionsAreNamed() {
        Run run = verify("report.bin", "--json");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains("--report-data or --without-freshness")
                .contains("--measurement or --any-measurement");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--measurement zz",
                "--measurement abc",
                "--measurement abcd",
                "--report-data 00",
                "--host-data 00",
                "--product venice",
                "--vmpl 4",
                "--vmpl one",
                "--min-tcb bl=256",
                "--min-tcb psp=1",
                "--revocation never",
                "--at yesterday",
                "--frobnicate",
                "--any-measurement x --measurement 00"
            })
    void wordsThatMeanNothingAreWrongUsage(String words) {
        String[] minimum = {"--without-freshness", "x"};
        Run run = verify("report.bin", with(minimum, (Object[]) words.split(" ")));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"snp", "manifest", "snp show", "snp verify", "manifest verify", "manifest show"})
    void aCommandThatIsNotFinishedPrintsUsage(String words) {
        Run run = Run.vai((Object[]) words.split(" "));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("Usage: vai");
    }

    @Test
    void aCommandThatDoesNotExistIsWrongUsage() {
        assertThat(Run.vai("snp", "ponder").code()).isEqualTo(2);
        assertThat(Run.vai("ponder").code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{\"measurements\":[\"zz\"]}",
                "{\"reportData\":\"00\"}",
                "{\"revocation\":\"NEVER\"}",
                "{\"productLine\":\"venice\"}",
                "{\"minimumTcb\":\"x\"}",
                "{\"vmpls\":[9]}",
                "{\"measurment\":[]}"
            })
    void aPolicyThatIsNoneIsWrongUsage(String json) throws Exception {
        Path policy = temporary.resolve("policy.json");
        Files.writeString(policy, json);

        Run run = verify("report.bin", with(LOOSE, "--policy", policy));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().startsWith("vai: policy " + policy + ": ");
        assertThat(run.err()).doesNotContain("No enum constant");
    }

    @Test
    void aPolicyThatWasWrittenIsThePolicyThatIsRead() throws Exception {
        Path policy = temporary.resolve("policy.json");
        Files.writeString(
                policy,
                SnpPolicy.builder()
                        .withoutFreshness("a test")
                        .anyMeasurement("a test")
                        .withoutRevocation("a test")
                        .build()
                        .toJson());

        Run run = verify("report.bin", "--policy", policy, "--trust-ark", files.resolve("ark.der"), "--json");

        assertThat(run.failures()).isEmpty();
        assertThat(run.code()).isZero();
    }

    @Test
    void aLaunchThatWasMeasuredIsWhatThePolicyDemands() throws Exception {
        Path firmware = temporary.resolve("ovmf.fd");
        Path launch = temporary.resolve("launch.json");
        Files.write(firmware, SoftwareFirmware.ovmf().image().toByteArray());
        Run measured = Run.vai(
                "measure",
                "--firmware",
                firmware,
                "--vcpus",
                "1",
                "--vcpu-type",
                "EPYC-Milan",
                "--name",
                "trainer",
                "--out-config",
                launch,
                "--json");
        Object[] demand = {"--launch", launch, "--trust-ark", files.resolve("ark.der")};
        String[] loose = {"--without-freshness", "x", "--revocation", "off", "--json"};

        Run run = verify("report.bin", with(loose, demand));
        Run both = verify("report.bin", with(LOOSE, demand));
        Run none = verify("report.bin", with(loose, "--launch", firmware));

        assertThat(run.failures()).containsExactly("snp.measurement");
        assertThat(run.out())
                .contains(measured.json().get("measurement").asText())
                .contains("launch trainer");
        assertThat(both.code()).isEqualTo(2);
        assertThat(both.err()).contains("expected either --launch or --any-measurement");
        assertThat(none.code()).isEqualTo(2);
    }

    /** Judges a report beside the sound certificates. */
    private static Run verify(String report, Object... more) {
        return Run.vai(with(
                new String[] {
                    "snp",
                    "verify",
                    "--report",
                    files.resolve(report).toString(),
                    "--vek",
                    files.resolve("vcek.der").toString(),
                    "--ca",
                    files.resolve("ask.der").toString(),
                    files.resolve("ark.der").toString()
                },
                more));
    }

    private static Object[] with(String[] words, Object... more) {
        List<Object> all = new ArrayList<>(Arrays.asList((Object[]) words));
        all.addAll(Arrays.asList(more));
        return all.toArray();
    }
}
