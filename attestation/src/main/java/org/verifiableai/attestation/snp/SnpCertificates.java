package org.verifiableai.attestation.snp;

import java.util.List;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * The certificates of one piece of evidence, read and not trusted.
 *
 * @param vek the certificate of the VEK
 * @param authorities what came with it and reads as a certificate
 * @param unreadable for each authority that does not read as a certificate, why. Hosts put such things beside a good VEK,
 *     and the pinned authorities make up for them.
 */
record SnpCertificates(VekCertificate vek, List<X509Cert> authorities, List<String> unreadable) {

    SnpCertificates {
        authorities = List.copyOf(authorities);
        unreadable = List.copyOf(unreadable);
    }

    /** What a detail adds of the certificates that could not be read; empty if all could. */
    String leftOut() {
        return unreadable.isEmpty() ? "" : "; left out as unreadable: " + String.join("; ", unreadable);
    }
}
