package org.verifiableai.attestation.snp;

import java.util.List;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.x509.CertBytes;
import org.verifiableai.attestation.internal.x509.DerBytes;

/** Puts the certificates of endorsement keys together (57230). Nobody signs them: parsers do not ask. */
final class VekBytes {

    static final String ARC = "1.3.6.1.4.1.3704.1.";

    private VekBytes() {}

    /** The VCEK of a chip; {@code hwId} is the extension's value, wrapped or not. */
    static CertBytes vcek(ProductLine line, Bytes hwId) {
        return tcb("SEV-VCEK", line).with(ARC + "4", hwId);
    }

    /** The VLEK of a cloud provider. */
    static CertBytes vlek(ProductLine line, String cspId) {
        return tcb("SEV-VLEK", line).with(ARC + "5", DerBytes.ia5(cspId));
    }

    /** A certificate with everything but hwID and cspID. */
    static CertBytes tcb(String subject, ProductLine line) {
        CertBytes certificate = CertBytes.of(subject).with(ARC + "2", DerBytes.ia5(line.amdName() + "-B0"));
        int number = 1;
        for (String spl : List.of("3.1", "3.2", "3.3", "3.8")) {
            certificate.with(ARC + spl, DerBytes.integer(number++));
        }
        return line == ProductLine.TURIN ? certificate.with(ARC + "3.9", DerBytes.integer(number)) : certificate;
    }
}
