package org.verifiableai.attestation.snp.collateral;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.EvidenceUnavailableException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.testkit.SoftwareAmd;

/** Sources that are asked one after the other. */
class CertificateSourceTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final SoftwareAmd GENOA = SoftwareAmd.create(ProductLine.GENOA);
    private static final TcbVersion TCB = TcbVersion.of(1, 2, 3, 4);
    private static final VcekId ID = new VcekId(ProductLine.GENOA, Bytes.fromHex("01".repeat(64)), TCB);
    private static final Bytes A = Bytes.utf8("a");
    private static final Bytes B = Bytes.utf8("b");

    @Test
    void theFirstAnswerThatIsNotEmptyCounts() throws Exception {
        CertificateSource all = CertificateSource.firstOf(has(), has(A), has(B), down(true));

        assertThat(all.vcek(ID)).hasValue(A);
        assertThat(all.vlek(ProductLine.GENOA, TCB)).hasValue(A);
        assertThat(all.authorities(ProductLine.GENOA, SigningKey.VLEK)).containsExactly(A);
    }

    @Test
    void aSourceThatIsDownDoesNotKeepOthersFromAnswering() throws Exception {
        CertificateSource all = CertificateSource.firstOf(down(true), down(false), has(B));

        assertThat(all.vcek(ID)).hasValue(B);
        assertThat(all.authorities(ProductLine.GENOA, SigningKey.VCEK)).containsExactly(B);
    }

    @Test
    void whereNobodyHasItAFailureIsNotTakenForAbsence() throws Exception {
        assertThat(CertificateSource.firstOf(has(), has()).vcek(ID)).isEmpty();
        assertThat(failure(has(), down(true), has()).retryable()).isTrue();
        assertThat(failure(has(), down(false)).retryable()).isFalse();

        EvidenceUnavailableException both = failure(down(false), down(true));
        assertThat(both.retryable()).isTrue();
        assertThat(both).hasMessage("down for good; down");
        assertThat(both.getSuppressed()).hasSize(1);
    }

    @Test
    void aListThatIsCurrentComesBeforeOneThatIsStale() throws Exception {
        Bytes stale = GENOA.revocationList(NOW.minus(Duration.ofDays(9)), NOW, List.of());
        Bytes current = GENOA.revocationList(NOW, NOW.plus(Duration.ofDays(1)), List.of());

        assertThat(lists(has(A), has(stale), has(current), down(true))).containsExactly(current);
        assertThat(lists(has(), has(stale), has(A))).containsExactly(stale);
    }

    @Test
    void aStaleListDoesNotHideThatNobodyCouldBeAsked() {
        Bytes stale = GENOA.revocationList(NOW.minus(Duration.ofDays(9)), NOW, List.of());

        assertThat(catchThrowableOfType(EvidenceUnavailableException.class, () -> lists(has(stale), down(true)))
                        .retryable())
                .isTrue();
    }

    @Test
    void noneHasNothing() throws Exception {
        CertificateSource none = CertificateSource.none();

        assertThat(none.vcek(ID)).isEmpty();
        assertThat(none.vlek(ProductLine.GENOA, TCB)).isEmpty();
        assertThat(none.authorities(ProductLine.GENOA, SigningKey.VCEK)).isEmpty();
        assertThat(none.revocationLists(ProductLine.GENOA, SigningKey.VLEK, NOW))
                .isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> none.authorities(ProductLine.GENOA, SigningKey.RESERVED));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> none.revocationLists(ProductLine.GENOA, SigningKey.NONE, NOW));
    }

    private static List<Bytes> lists(CertificateSource... sources) throws EvidenceUnavailableException {
        return CertificateSource.firstOf(sources).revocationLists(ProductLine.GENOA, SigningKey.VCEK, NOW);
    }

    private static EvidenceUnavailableException failure(CertificateSource... sources) {
        return catchThrowableOfType(
                EvidenceUnavailableException.class,
                () -> CertificateSource.firstOf(sources).vcek(ID));
    }

    private static CertificateSource has(Bytes... everywhere) {
        return new Fixed(List.of(everywhere), null);
    }

    private static CertificateSource down(boolean retryable) {
        return new Fixed(List.of(), new EvidenceUnavailableException(retryable ? "down" : "down for good", retryable));
    }

    /** The same answer, or the same failure, to everything. */
    private record Fixed(List<Bytes> answer, @Nullable EvidenceUnavailableException failure)
            implements CertificateSource {

        @Override
        public Optional<Bytes> vcek(VcekId id) throws EvidenceUnavailableException {
            return say().stream().findFirst();
        }

        @Override
        public Optional<Bytes> vlek(ProductLine line, TcbVersion tcb) throws EvidenceUnavailableException {
            return say().stream().findFirst();
        }

        @Override
        public List<Bytes> authorities(ProductLine line, SigningKey key) throws EvidenceUnavailableException {
            return say();
        }

        @Override
        public List<Bytes> revocationLists(ProductLine line, SigningKey key, Instant at)
                throws EvidenceUnavailableException {
            return say();
        }

        private List<Bytes> say() throws EvidenceUnavailableException {
            if (failure != null) {
                throw failure;
            }
            return answer;
        }
    }
}
