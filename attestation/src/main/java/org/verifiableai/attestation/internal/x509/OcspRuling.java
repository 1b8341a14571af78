package org.verifiableai.attestation.internal.x509;

import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.RevocationStatus;

/** What all answers together say of one certificate at one instant; see {@link OcspExaminer}. Not thread-safe. */
final class OcspRuling {

    private final X509Cert certificate;
    private final Instant at;
    private final List<Statement> genuine = new ArrayList<>();
    private final List<String> forged = new ArrayList<>();

    OcspRuling(X509Cert certificate, Instant at) {
        this.certificate = certificate;
        this.at = at;
    }

    void genuine(OcspSingleResponse said, OcspSigner signer) {
        genuine.add(new Statement(said, signer));
    }

    void forged(OcspSingleResponse said, List<String> defects) {
        forged.add("the answer of " + said.thisUpdate() + " is not its issuer's: " + String.join("; ", defects));
    }

    /**
     * What decides.
     *
     * @param presented how many answers there were, about whatever certificates
     * @param silent why some of them say nothing
     */
    OcspFinding finding(int presented, List<String> silent) {
        Optional<Statement> revoking = genuine.stream()
                .filter(s -> s.said().spokenBy(at) && s.status() == RevocationStatus.REVOKED)
                .min(Comparator.comparing(s -> s.said().thisUpdate()));
        if (revoking.isPresent()) {
            return decide(revoking.get());
        }
        Optional<Statement> newest = genuine.stream()
                .filter(s -> s.currentAt(at))
                .max(Comparator.comparing((Statement s) -> s.said().thisUpdate())
                        .thenComparing(s -> s.status() != RevocationStatus.GOOD)
                        .thenComparing(s -> s.status() == RevocationStatus.HELD));
        if (newest.isPresent()) {
            return decide(newest.get());
        }
        Optional<Statement> latest =
                genuine.stream().max(Comparator.comparing(s -> s.said().thisUpdate()));
        if (latest.isPresent()) {
            return new OcspFinding(
                    RevocationStatus.STALE, name() + " must have a current answer, found " + stale(latest.get()));
        }
        if (!forged.isEmpty()) {
            return new OcspFinding(
                    RevocationStatus.BAD_SIGNATURE,
                    name() + " must have an answer of its issuer, found that " + forged.get(0)
                            + (forged.size() == 1 ? "" : "; and " + (forged.size() - 1) + " more like it"));
        }
        return new OcspFinding(
                RevocationStatus.UNAVAILABLE,
                name() + " must have an answer of its issuer, found " + absent(presented, silent));
    }

    private OcspFinding decide(Statement statement) {
        OcspCertStatus status = statement.said().status();
        String found;
        if (status instanceof OcspCertStatus.Revoked revoked) {
            if (revoked.neverIssued()) {
                found = "was never issued";
            } else {
                found = (revoked.hold() ? "is on hold" : "is revoked") + " since " + revoked.since() + ", reason "
                        + revoked.reasonText() + ",";
            }
        } else {
            found = status instanceof OcspCertStatus.Good ? "is good" : "is unknown to its issuer";
        }
        return new OcspFinding(
                statement.status(),
                name() + " " + found + " by the answer of " + statement.said().thisUpdate());
    }

    private String stale(Statement latest) {
        OcspSingleResponse said = latest.said();
        X509Cert delegate = latest.signer().delegate();
        if (said.nextUpdate() == null) {
            return "one of " + said.thisUpdate() + " that does not say until when it is";
        }
        if (said.currentAt(at) && delegate != null) {
            return "one of " + said.thisUpdate() + " by a responder whose certificate is valid from "
                    + delegate.notBefore() + " to " + delegate.notAfter() + ", not at " + at;
        }
        return "one that is current from " + said.thisUpdate() + " to before " + said.nextUpdate() + ", not at " + at;
    }

    private static String absent(int presented, List<String> silent) {
        String found = presented == 0 ? "none" : "none among " + presented;
        if (silent.isEmpty()) {
            return found;
        }
        return found + ", of which " + silent.get(0)
                + (silent.size() == 1 ? "" : ", and " + (silent.size() - 1) + " more say nothing");
    }

    private String name() {
        return "certificate "
                + certificate
                        .subject()
                        .commonName()
                        .orElse(certificate.subject().toString()) + ", serial "
                + hex(certificate.serialNumber()) + ",";
    }

    /** As BigInteger writes it, which divides for every few digits and takes longer than all else here. */
    private static String hex(BigInteger serial) {
        if (serial.signum() < 0) {
            return serial.toString(16);
        }
        String padded = Bytes.of(serial.toByteArray()).hex();
        int zeros = 0;
        while (zeros < padded.length() - 1 && padded.charAt(zeros) == '0') {
            zeros++;
        }
        return padded.substring(zeros);
    }

    private record Statement(OcspSingleResponse said, OcspSigner signer) {

        boolean currentAt(Instant instant) {
            return said.currentAt(instant) && signer.validAt(instant);
        }

        RevocationStatus status() {
            if (said.status() instanceof OcspCertStatus.Revoked revoked) {
                if (revoked.neverIssued()) {
                    return RevocationStatus.UNKNOWN;
                }
                return revoked.hold() ? RevocationStatus.HELD : RevocationStatus.REVOKED;
            }
            return said.status() instanceof OcspCertStatus.Good ? RevocationStatus.GOOD : RevocationStatus.UNKNOWN;
        }
    }
}
