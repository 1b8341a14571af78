package org.verifiableai.attestation.internal.x509;

import static org.verifiableai.attestation.internal.x509.DerBytes.element;
import static org.verifiableai.attestation.internal.x509.DerBytes.sequence;

import java.math.BigInteger;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.verifiableai.attestation.Bytes;

/** The private key of {@link CertBytes#P384_SPKI}, which is 1: everybody has it, and no test has to make one. */
final class GeneratorKey {

    private GeneratorKey() {}

    /** The one signature of RFC 6979, as Ecdsa-Sig-Value. */
    static Bytes sign(Bytes message) {
        ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA384Digest()));
        signer.init(
                true,
                new ECPrivateKeyParameters(
                        BigInteger.ONE, ECNamedDomainParameters.lookup(SECObjectIdentifiers.secp384r1)));
        BigInteger[] pair = signer.generateSignature(message.sha384().toByteArray());
        return sequence(integer(pair[0]), integer(pair[1]));
    }

    private static Bytes integer(BigInteger value) {
        return element(Der.INTEGER, Bytes.of(value.toByteArray()));
    }
}
