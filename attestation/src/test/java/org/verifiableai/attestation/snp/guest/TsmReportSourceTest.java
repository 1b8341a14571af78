package org.verifiableai.attestation.snp.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.CertificateTable;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpReport;

class TsmReportSourceTest {

    private static final Bytes DATA = Bytes.utf8("report data").sha384().concat(Bytes.zeros(16));
    private static final Bytes OTHER = Bytes.utf8("other data").sha384().concat(Bytes.zeros(16));
    private static final Bytes VCEK = Bytes.fromHex("300100");
    private static final Bytes TABLE =
            CertificateTable.builder().vcek(VCEK).build().encode();

    private final FakeTsm kernel = new FakeTsm();

    @Test
    void aReportIsAskedForAsTheKernelWantsItAsked() throws Exception {
        kernel.auxblob = TABLE;

        SnpEvidence evidence = source().build().report(DATA);

        assertThat(SnpReport.parse(evidence.report()).reportData()).isEqualTo(DATA);
        assertThat(evidence.vek()).isEqualTo(VCEK);
        assertThat(kernel.log)
                .containsExactly(
                        "mkdir",
                        "read provider",
                        "read generation",
                        "read privlevel_floor",
                        "write privlevel",
                        "write inblob",
                        "read outblob",
                        "firmware",
                        "read auxblob",
                        "read generation",
                        "rmdir");
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void blobsAreGivenAsTheyCame() throws Exception {
        kernel.auxblob = Bytes.utf8("no table");

        TsmBlobs blobs = source().build().blobs(DATA);

        assertThat(blobs.certificateTable()).isEqualTo(Bytes.utf8("no table"));
        assertThat(blobs.manifest()).isEqualTo(Bytes.EMPTY);
        assertThat(data(blobs)).isEqualTo(DATA);
    }

    @Test
    void requestsDoNotShareAFolder() throws Exception {
        TsmReportSource source = source().build();
        TsmReportSource nested = source().build();
        kernel.hook = (operation, entry) -> {
            if (operation.equals("read auxblob") && kernel.entries() == 1) {
                try {
                    nested.blobs(OTHER);
                } catch (EvidenceUnavailableException e) {
                    throw new IOException(e);
                }
            }
        };

        assertThat(data(source.blobs(DATA))).isEqualTo(DATA);
        assertThat(kernel.log).filteredOn("mkdir"::equals).hasSize(2);
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void theLowestVmplThatTheKernelAllowsIsAskedFrom() throws Exception {
        kernel.floor = "2";

        assertThat(vmpl(source().build().blobs(DATA))).isEqualTo(2);
        assertThat(vmpl(source().vmpl(3).build().blobs(DATA))).isEqualTo(3);
        assertThat(vmpl(source().vmpl(2).build().blobs(DATA))).isEqualTo(2);
    }

    @Test
    void aVmplBelowTheFloorIsRefusedBeforeTheKernelIsAsked() {
        kernel.floor = "2";

        EvidenceUnavailableException e = refused(source().vmpl(1));

        assertThat(e)
                .hasMessage("a report from vmpl 1 cannot be had here: this guest runs above an SVSM or a paravisor, "
                        + "and its kernel asks from vmpl 2 to 3");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.log).doesNotContain("write privlevel", "write inblob").endsWith("rmdir");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "", "-1", "two", "18446744073709551615", "18446744073709551616"})
    void aFloorThatIsNoneIsRefused(String floor) {
        kernel.floor = floor;

        EvidenceUnavailableException e = refused(source());

        assertThat(e.getMessage()).contains("privlevel_floor must ");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void withoutConfigfsNothingIsTriedAgain() {
        kernel.mounted = false;

        EvidenceUnavailableException e = refused(source());

        assertThat(e)
                .hasMessage("there is no configfs-tsm at /fake/tsm/report: it needs Linux 6.7 or later with configfs "
                        + "mounted and the module sev-guest loaded");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.log).containsExactly("mkdir");
    }

    @Test
    void withoutRightsNothingIsTriedAgain() {
        kernel.permitted = false;

        EvidenceUnavailableException e = refused(source());

        assertThat(e).hasMessage("no right to ask for reports at /fake/tsm/report, which usually is root's");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.log).containsExactly("mkdir");
    }

    @Test
    void withoutAProviderNothingIsTriedAgain() {
        kernel.provider = null;

        EvidenceUnavailableException e = refused(source());

        assertThat(e)
                .hasMessage("the kernel lets no request be made at /fake/tsm/report: No such device or address; "
                        + "is this an SEV-SNP guest with the module sev-guest loaded?");
        assertThat(e.retryable()).isFalse();
    }

    @Test
    void theProviderOfAnotherTechnologyIsRefused() {
        kernel.provider = "tdx_guest";

        EvidenceUnavailableException e = refused(source());

        assertThat(e).hasMessage("provider of reports at /fake/tsm/report must be sev_guest, found tdx_guest");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void aReportThatAnotherProcessSpoiltIsThrownAwayAndAskedForAgain() throws Exception {
        for (String operation : List.of("write privlevel", "read outblob", "read auxblob")) {
            kernel.log.clear();
            kernel.hook = once(operation, entry -> entry.writeInblob(OTHER));

            TsmBlobs blobs = source().build().blobs(DATA);

            assertThat(data(blobs)).isEqualTo(DATA);
            assertThat(kernel.log).filteredOn("mkdir"::equals).hasSize(2);
            assertThat(kernel.entries()).isZero();
        }
    }

    @Test
    void interferenceThatMakesTheKernelRefuseIsSeenAsSuch() throws Exception {
        kernel.hook = once("read outblob", entry -> entry.writeInblob(Bytes.zeros(63)));

        TsmBlobs blobs = source().build().blobs(DATA);

        assertThat(data(blobs)).isEqualTo(DATA);
        assertThat(kernel.log).filteredOn("mkdir"::equals).hasSize(2);
    }

    @Test
    void aFolderThatAnotherProcessRemovedIsMadeAgain() throws Exception {
        for (String operation : List.of("read provider", "write inblob", "read outblob")) {
            kernel.hook = once(operation, kernel::drop);

            assertThat(data(source().build().blobs(DATA))).isEqualTo(DATA);
        }
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void whoAlwaysInterferesIsNamedAfterSoManyAttempts() {
        kernel.hook = (operation, entry) -> {
            if (operation.equals("read outblob")) {
                entry.writeInblob(OTHER);
            }
        };

        EvidenceUnavailableException e = refused(source().attempts(4));

        assertThat(e)
                .hasMessage("another process interfered with each of 4 requests at /fake/tsm/report, with the last one "
                        + "thus: generation is 3, expected 2");
        assertThat(e.retryable()).isTrue();
        assertThat(kernel.log).filteredOn("mkdir"::equals).hasSize(4);
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void aWriteThatTheKernelDidNotTakeShowsInTheGeneration() {
        kernel.takesNoInblob = true;

        EvidenceUnavailableException e = refused(source().attempts(1));

        assertThat(e).hasMessageEndingWith("generation is 1, expected 2");
        assertThat(e.retryable()).isTrue();
    }

    @Test
    void aFirmwareThatFailsIsNotAskedAgain() {
        kernel.firmwareError = FakeTsm.EIO;

        EvidenceUnavailableException e = refused(source());

        assertThat(e.getMessage())
                .startsWith("reading /fake/tsm/report/verifiable-ai-")
                .endsWith("/outblob failed: Input/output error");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.log).filteredOn("firmware"::equals).hasSize(1);
        assertThat(kernel.entries()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Device or resource busy",
                "Resource temporarily unavailable",
                "Interrupted system call",
                "Connection timed out"
            })
    void aFirmwareThatIsBusyMayBeAskedLater(String error) {
        kernel.firmwareError = error;

        EvidenceUnavailableException e = refused(source());

        assertThat(e.retryable()).isTrue();
        assertThat(e).hasRootCauseMessage(error);
        assertThat(kernel.log).filteredOn("firmware"::equals).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invalid argument",
                "File too large",
                "Inappropriate ioctl for device",
                "words of another language"
            })
    void anyOtherRefusalStays(String error) {
        kernel.firmwareError = error;

        assertThat(refused(source()).retryable()).isFalse();
    }

    @Test
    void aRefusalToMakeAFolderThatPassesIsRetryable() {
        TsmFiles busy = new TsmFiles() {
            @Override
            public void makeDirectory(Path folder) throws IOException {
                throw new FileSystemException(folder.toString(), null, FakeTsm.EBUSY);
            }

            @Override
            public void removeDirectory(Path folder) {
                throw new AssertionError();
            }

            @Override
            public Bytes read(Path attribute, int limit) {
                throw new AssertionError();
            }

            @Override
            public void write(Path attribute, Bytes value) {
                throw new AssertionError();
            }
        };

        assertThat(refused(source().files(busy)).retryable()).isTrue();
    }

    @Test
    void aReportOfAnotherLengthIsRefused() {
        for (int size : new int[] {0, SnpReport.SIZE - 1, SnpReport.SIZE + 1}) {
            kernel.reportSize = size;

            EvidenceUnavailableException e = refused(source());

            assertThat(e).hasMessage("report must be of 1184 bytes, found " + size);
            assertThat(e.retryable()).isFalse();
            assertThat(kernel.entries()).isZero();
        }
    }

    @Test
    void aBlobBeyondTheLimitIsRefused() {
        kernel.auxblob = Bytes.zeros(1024 * 1024 + 1);

        EvidenceUnavailableException e = refused(source());

        assertThat(e.getMessage()).endsWith("/auxblob failed: File too large");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void aReportThatAnswersSomethingElseIsRefused() {
        kernel.answersSomethingElse = true;

        EvidenceUnavailableException e = refused(source());

        assertThat(e).hasMessage("report must carry report data " + DATA + ", found " + DATA.reversed());
        assertThat(e.retryable()).isFalse();
    }

    @Test
    void aHostWithoutCertificatesLeavesThemToTheCompletion() throws Exception {
        EvidenceUnavailableException e = refused(source());

        assertThat(e)
                .hasMessage(
                        "report came without usable certificates: certificate table: expected an entry "
                                + "63da758d-e664-4564-adc5-f4b93be8accd with the VCEK that signed the report, found no entries");
        assertThat(e.retryable()).isFalse();

        SnpEvidence evidence =
                source().completedBy(r -> r.evidence(VCEK)).build().report(DATA);

        assertThat(evidence.vek()).isEqualTo(VCEK);
    }

    @Test
    void aCompletionThatCannotBeAskedIsHandedOn() {
        EvidenceUnavailableException cause = new EvidenceUnavailableException("key service is down", true);

        assertThat(refused(source().completedBy(r -> {
                    throw cause;
                })))
                .isSameAs(cause);
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void aMalformedTableOfTheHostIsNamed() {
        kernel.auxblob = Bytes.utf8("no table");

        assertThat(refused(source()))
                .hasMessageStartingWith("report came without usable certificates: certificate table at offset 0x0: ");
    }

    @Test
    void aFolderThatStaysDoesNotCostTheResultAndIsTriedAgain() throws Exception {
        TsmReportSource source = source().build();
        kernel.removeError = FakeTsm.EBUSY;

        source.blobs(DATA);

        assertThat(source.leftovers()).isEqualTo(1);
        assertThat(kernel.entries()).isEqualTo(1);
        kernel.removeError = null;
        source.blobs(DATA);
        assertThat(source.leftovers()).isZero();
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void aFolderThatStaysAfterAFailureIsNamedBesideIt() {
        kernel.firmwareError = FakeTsm.EIO;
        kernel.removeError = FakeTsm.EBUSY;

        EvidenceUnavailableException e = refused(source());

        assertThat(e.getMessage()).endsWith("Input/output error");
        assertThat(e.getSuppressed())
                .singleElement()
                .satisfies(s -> assertThat(s).hasMessageEndingWith(FakeTsm.EBUSY));
    }

    @Test
    void tooManyFoldersThatStayAreAnError() throws Exception {
        TsmReportSource source = source().build();
        kernel.removeError = FakeTsm.EBUSY;
        for (int i = 0; i < 16; i++) {
            source.blobs(DATA);
        }

        EvidenceUnavailableException e = thrown(() -> source.blobs(DATA));

        assertThat(e)
                .hasMessageStartingWith("16 folders of past requests cannot be removed, such as /fake/tsm/report/");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.entries()).isEqualTo(16);
        kernel.removeError = null;
        source.blobs(DATA);
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void theFolderIsRemovedEvenIfSomethingUnforeseenHappens() {
        kernel.hook = (operation, entry) -> {
            if (operation.equals("read outblob")) {
                throw new IllegalStateException("unforeseen");
            }
        };

        assertThat(catchThrowable(() -> source().build().blobs(DATA))).hasMessage("unforeseen");
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void theServicesOfAnSvsmComeWithTheirManifest() throws Exception {
        kernel.paravisor = true;
        kernel.floor = "2";
        kernel.manifest = Bytes.utf8("manifest");

        TsmBlobs blobs = source().build().services(DATA);

        assertThat(blobs.manifest()).isEqualTo(Bytes.utf8("manifest"));
        assertThat(data(blobs))
                .isEqualTo(TsmBlobs.serviceReportData(DATA, Bytes.utf8("manifest")))
                .isNotEqualTo(DATA);
        assertThat(vmpl(blobs)).isZero();
        assertThat(kernel.log)
                .containsSubsequence(
                        "read generation",
                        "write service_provider",
                        "write inblob",
                        "read outblob",
                        "read auxblob",
                        "read manifestblob",
                        "read generation",
                        "rmdir")
                .doesNotContain("write privlevel", "write service_guid");
    }

    @Test
    void oneServiceOfAnSvsmIsNamed() throws Exception {
        kernel.paravisor = true;
        UUID vtpm = UUID.fromString("c476f1eb-0123-45a5-9641-b4e7dde5bfe3");
        List<String> asked = new ArrayList<>();
        kernel.hook = (operation, entry) -> {
            if (operation.equals("read outblob")) {
                asked.add(entry.service + " " + entry.serviceGuid);
            }
        };

        source().build().service(DATA, vtpm);

        assertThat(asked).containsExactly("svsm " + vtpm);
    }

    @Test
    void withoutAnSvsmItsServicesCannotBeHad() {
        EvidenceUnavailableException e = thrown(() -> source().build().services(DATA));

        assertThat(e).hasMessage("there is no SVSM below this guest, or its kernel is older than Linux 6.10");
        assertThat(e.retryable()).isFalse();
        assertThat(kernel.entries()).isZero();
    }

    @Test
    void aServiceReportThatAnotherProcessSpoiltIsAskedForAgain() throws Exception {
        kernel.paravisor = true;
        kernel.hook = once("read manifestblob", entry -> entry.writeInblob(OTHER));

        assertThat(data(source().build().services(DATA))).isEqualTo(TsmBlobs.serviceReportData(DATA, Bytes.EMPTY));
    }

    @Test
    void theReportDataOfServicesIsOverNonceAndManifest() {
        // SHA-512 of "abc" (FIPS 180-4 example).
        assertThat(TsmBlobs.serviceReportData(Bytes.utf8("a"), Bytes.utf8("bc")).hex())
                .isEqualTo("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                        + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }

    @Test
    void mistakesOfTheCallerAreNamed() {
        TsmReportSource source = source().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.report(Bytes.zeros(63)))
                .withMessage("report data must be of 64 bytes, found 63");
        assertThatIllegalArgumentException().isThrownBy(() -> source.services(Bytes.zeros(65)));
        assertThatIllegalArgumentException().isThrownBy(() -> source().vmpl(4));
        assertThatIllegalArgumentException().isThrownBy(() -> source().vmpl(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> source().attempts(0));
        assertThatIllegalArgumentException().isThrownBy(() -> source().attempts(101));
        assertThat(kernel.log).isEmpty();
    }

    private TsmReportSource.Builder source() {
        return TsmReportSource.builder().folder(kernel.folder).files(kernel);
    }

    private static EvidenceUnavailableException refused(TsmReportSource.Builder source) {
        return thrown(() -> source.build().report(DATA));
    }

    private static EvidenceUnavailableException thrown(ThrowingCallable call) {
        return catchThrowableOfType(EvidenceUnavailableException.class, call);
    }

    private static Bytes data(TsmBlobs blobs) throws Exception {
        return SnpReport.parse(blobs.report()).reportData();
    }

    private static long vmpl(TsmBlobs blobs) throws Exception {
        return SnpReport.parse(blobs.report()).vmpl();
    }

    /** Does something before the first operation of this name. */
    private static FakeTsm.Hook once(String wanted, Consumer<FakeTsm.Entry> action) {
        boolean[] done = new boolean[1];
        return (operation, entry) -> {
            if (!done[0] && operation.equals(wanted)) {
                done[0] = true;
                action.accept(entry);
            }
        };
    }
}
