package org.verifiableai.attestation.nvidia.token;

import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verified;
import org.verifiableai.attestation.snp.SnpReport;

/**
 * That a token was made in a guest: the guest's report has been verified, and its REPORT_DATA depends on the token.
 * Immutable if the function that it is given is.
 *
 * <p>It is what stands in for a signature where a verifier beside the GPU has none that means anything. What it proves is
 * that the measured software of that guest asked for a report over this token. That this software runs NVIDIA's verifier
 * and hands over nothing else is what the policy on the guest's measurement has to say.
 *
 * <pre>{@code
 * Verified<SnpReport> guest = snpVerifier.verify(snpEvidence, snpPolicy).orElseThrow();
 * GuestBinding binding = GuestBinding.digestAt(guest, 32);
 * Verdict<AttestationToken> verdict = tokenVerifier.verify(token, IssuerKeys.NONE, policy, binding);
 * }</pre>
 */
public final class GuestBinding {

    private static final int REPORT_DATA_SIZE = 64;
    private static final int DIGEST_SIZE = 32;

    private final Verified<SnpReport> guest;
    private final String how;
    private final UnaryOperator<Bytes> reportData;

    private GuestBinding(Verified<SnpReport> guest, String how, UnaryOperator<Bytes> reportData) {
        this.guest = Objects.requireNonNull(guest, "guest");
        this.how = Objects.requireNonNull(how, "how");
        this.reportData = Objects.requireNonNull(reportData, "reportData");
    }

    /**
     * The REPORT_DATA follows from the token by a rule of the caller's, such as a key binding that hashes it together with
     * a key and a challenge.
     *
     * @param guest the report
     * @param how the name of the rule, for the verdict
     * @param reportData gives the 64 bytes that REPORT_DATA must be for a token, which it is given as the whole document.
     *     Another document must give others: a rule that ignores what it is given binds nothing, and is refused.
     */
    public static GuestBinding of(Verified<SnpReport> guest, String how, UnaryOperator<Bytes> reportData) {
        return new GuestBinding(guest, how, reportData);
    }

    /**
     * The REPORT_DATA holds the SHA-256 of the token's document, and anything beside it.
     *
     * @param guest the report
     * @param offset where the 32 bytes of the digest begin, 0 to 32
     */
    public static GuestBinding digestAt(Verified<SnpReport> guest, int offset) {
        if (offset < 0 || offset > REPORT_DATA_SIZE - DIGEST_SIZE) {
            throw new IllegalArgumentException("offset must be 0 to 32, found " + offset);
        }
        Bytes found = guest.value().reportData();
        return of(
                guest,
                "SHA-256 of the token at byte " + offset + " of REPORT_DATA",
                token -> found.slice(0, offset)
                        .concat(token.sha256(), found.slice(offset + DIGEST_SIZE, REPORT_DATA_SIZE)));
    }

    /** The report that vouches for the token. */
    public Verified<SnpReport> guest() {
        return guest;
    }

    /** The name of the rule. */
    public String how() {
        return how;
    }

    /** What keeps the report from binding this document; empty if it does. */
    Optional<String> defect(Bytes document) {
        Bytes expected = reportData.apply(document);
        Bytes found = guest.value().reportData();
        if (!expected.equals(found)) {
            return Optional.of("report data of the guest must be " + expected + " (" + how + "), found " + found);
        }
        if (reportData.apply(document.concat(Bytes.zeros(1))).equals(expected)) {
            return Optional.of("rule " + how + " must depend on the token, found one that does not");
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "GuestBinding[" + how + ", " + guest + "]";
    }
}
