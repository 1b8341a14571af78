package org.verifiableai.attestation.snp.collateral;

import java.time.Instant;
import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.snp.ProductLine;

/** Tells by their own account which revocation lists would serve. */
final class RevocationLists {

    private RevocationLists() {}

    /** Whether one of {@code lists} claims to be of the line's root and current. */
    static boolean anyCurrent(List<Bytes> lists, ProductLine line, Instant at) {
        return lists.stream().anyMatch(der -> isCurrent(der, line, at));
    }

    /** Whether the list claims to be of the line's root. */
    static boolean isOf(RevocationList list, ProductLine line) {
        return Endpoint.root(line).equals(list.issuer().commonName().orElse(""));
    }

    private static boolean isCurrent(Bytes der, ProductLine line, Instant at) {
        try {
            RevocationList list = RevocationList.parse(der);
            return isOf(list, line) && list.currentAt(at);
        } catch (MalformedEvidenceException e) {
            return false;
        }
    }
}
