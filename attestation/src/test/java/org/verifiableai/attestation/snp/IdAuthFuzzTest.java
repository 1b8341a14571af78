package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;

class IdAuthFuzzTest {

    private static final IdBlock BLOCK = IdBlockFuzzTest.BLOCK;

    @MethodSource("seeds")
    @FuzzTest
    void anIdAuthenticationIsRefusedOrReadWhole(byte[] input) {
        try {
            IdAuth auth = IdAuth.parse(Bytes.of(input));
            assertThat(auth.encode()).isEqualTo(Bytes.of(input));
            assertThat(IdAuth.keyDigest(auth.idKey())).isEqualTo(auth.idKeyDigest());
            assertThat(auth.authorKey().isPresent())
                    .isEqualTo(auth.authorKeyDigest().isPresent());
            auth.verify(BLOCK, Set.of(auth.idKeyDigest()), Set.of(), SignatureEngine.standard());
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() throws IOException, GeneralSecurityException {
        IdSigner idKey = signer(BigInteger.valueOf(7));
        return List.of(
                IdAuth.sign(BLOCK, idKey).encode().toByteArray(),
                IdAuth.sign(BLOCK, idKey, signer(BigInteger.valueOf(8)))
                        .encode()
                        .toByteArray());
    }

    /** The same in each run, signatures and all. */
    private static IdSigner signer(BigInteger secret) throws IOException {
        byte[] der = new ECPrivateKey(384, secret, SECObjectIdentifiers.secp384r1).getEncoded();
        return IdSigner.ofPem(Bytes.utf8("-----BEGIN EC PRIVATE KEY-----\n"
                + Base64.getEncoder().encodeToString(der) + "\n-----END EC PRIVATE KEY-----\n"));
    }
}
