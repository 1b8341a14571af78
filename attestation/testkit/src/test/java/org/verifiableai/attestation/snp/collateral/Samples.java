package org.verifiableai.attestation.snp.collateral;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** What tests of collateral share. */
final class Samples {

    private Samples() {}

    /** The name of a certificate that a test has made. */
    static VcekId id(Bytes vcek) {
        try {
            return VcekId.ofCertificate(vcek);
        } catch (MalformedEvidenceException e) {
            throw new AssertionError(e);
        }
    }

    static Bytes pem(Bytes... certificates) {
        StringBuilder pem = new StringBuilder();
        for (Bytes certificate : certificates) {
            pem.append(pem("CERTIFICATE", certificate));
        }
        return Bytes.utf8(pem.toString());
    }

    static String pem(String label, Bytes der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(der.toByteArray())
                + "\n-----END " + label + "-----\n";
    }
}
