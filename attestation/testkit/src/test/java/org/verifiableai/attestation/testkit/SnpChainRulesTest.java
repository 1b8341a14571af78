package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.SnpLab.FROM;
import static org.verifiableai.attestation.testkit.SnpLab.NOW;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.REPORT_DATA;
import static org.verifiableai.attestation.testkit.SnpLab.UNTIL;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.failed;
import static org.verifiableai.attestation.testkit.SnpLab.policy;

import java.math.BigInteger;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpTrustAnchors;
import org.verifiableai.attestation.snp.SnpVerifier;

/**
 * Certificates that keys of the chain did sign and that break one rule: what no damaged byte shows, since its signature
 * would not verify.
 */
class SnpChainRulesTest {

    private static final ASN1ObjectIdentifier UNKNOWN = new ASN1ObjectIdentifier("1.2.3.4");
    private static final RsaKey ROOT = RsaKey.generate();
    private static final RsaKey ISSUER = RsaKey.generate();

    private final Certificate root = new Certificate("ARK-Genoa", "ARK-Genoa", ROOT.spki(), ROOT)
            .with(Extension.basicConstraints, new BasicConstraints(true).getEncoded());
    private final Certificate ask = new Certificate("ARK-Genoa", "SEV-Genoa", ISSUER.spki(), ROOT)
            .with(Extension.basicConstraints, new BasicConstraints(true).getEncoded());
    private final Certificate vek;
    private final Bytes pinned;

    SnpChainRulesTest() throws Exception {
        pinned = root.build();
        X509CertificateHolder genuine =
                new X509CertificateHolder(PLATFORM.report(REPORT_DATA).vek().toByteArray());
        vek = new Certificate("SEV-Genoa", "SEV-VCEK", genuine.getSubjectPublicKeyInfo(), ISSUER);
        for (Object oid : genuine.getExtensionOIDs()) {
            Extension extension = genuine.getExtension((ASN1ObjectIdentifier) oid);
            vek.extensions.add(extension);
        }
    }

    @Test
    void aChainThatBreaksNoRuleIsAccepted() throws Exception {
        assertThat(failed(verify())).isEmpty();
    }

    @Test
    void theAuthorityAboveAVekIsOfItsLine() throws Exception {
        ask.subject = "SEV-Milan";
        vek.issuer = "SEV-Milan";

        broken("expected SEV-Genoa above the VEK, found SEV-Milan");
    }

    @Test
    void theAuthorityAboveAVekNamesTheRoot() throws Exception {
        ask.issuer = "ARK-Milan";

        brokenAs("SEV-Genoa was issued by .*CN=ARK-Milan.*, not by ARK-Genoa");
    }

    @Test
    void theAuthorityAboveAVekMayIssue() throws Exception {
        ask.extensions.clear();
        ask.with(Extension.basicConstraints, new BasicConstraints(false).getEncoded());

        broken("SEV-Genoa may not issue certificates");
    }

    @Test
    void aCriticalExtensionOfAnAuthorityIsKnown() throws Exception {
        ask.with(UNKNOWN, DERNull.INSTANCE.getEncoded());

        broken("SEV-Genoa has a critical extension that is unknown, one of [1.2.3.4, 2.5.29.19]");
    }

    @Test
    void theRootSignedTheAuthorityAboveAVek() throws Exception {
        ask.signer = ISSUER;

        broken("SEV-Genoa is not signed by the pinned ARK-Genoa");
    }

    @Test
    void aVekNamesTheAuthorityAboveIt() throws Exception {
        vek.issuer = "SEV-Milan";

        brokenAs("VEK was issued by .*CN=SEV-Milan.*, the authority above it is SEV-Genoa");
    }

    @Test
    void aVekIsNoAuthority() throws Exception {
        vek.with(Extension.basicConstraints, new BasicConstraints(true).getEncoded());

        broken("VEK claims to be an authority");
    }

    @Test
    void aCriticalExtensionOfAVekIsKnown() throws Exception {
        vek.with(UNKNOWN, DERNull.INSTANCE.getEncoded());

        broken("SEV-VCEK has a critical extension that is unknown, one of [1.2.3.4]");
    }

    @Test
    void theAuthorityAboveAVekSignedIt() throws Exception {
        vek.signer = ROOT;

        broken("VEK is not signed by SEV-Genoa");
    }

    @Test
    void aRootIsSignedByItself() throws Exception {
        root.signer = ISSUER;

        broken("ARK-Genoa is not signed by itself");
    }

    @Test
    void aRootHasThePinnedKey() throws Exception {
        root.key = ISSUER.spki();
        root.signer = ISSUER;

        broken("the root that came with the evidence, ARK-Genoa with key "
                + Bytes.of(ISSUER.spki().getEncoded()).sha256() + ", is not the pinned ARK-Genoa");
    }

    private void broken(String reason) throws Exception {
        Verdict<SnpReport> verdict = verify();
        assertThat(failed(verdict)).containsExactly(SnpChecks.CHAIN);
        assertThat(check(verdict, SnpChecks.CHAIN).detail()).isEqualTo(reason);
    }

    private void brokenAs(String pattern) throws Exception {
        Verdict<SnpReport> verdict = verify();
        assertThat(failed(verdict)).containsExactly(SnpChecks.CHAIN);
        assertThat(check(verdict, SnpChecks.CHAIN).detail()).matches(pattern);
    }

    private Verdict<SnpReport> verify() throws Exception {
        SnpEvidence evidence = new SnpEvidence(
                PLATFORM.report(REPORT_DATA).report(), vek.build(), List.of(ask.build(), root.build()), List.of());
        return SnpVerifier.builder()
                .trustAnchors(SnpTrustAnchors.ofCertificate(pinned))
                .clock(Clock.fixed(NOW, ZoneOffset.UTC))
                .build()
                .verify(
                        evidence,
                        policy().withoutRevocation("only the chain is looked at")
                                .build());
    }

    /** A certificate to be; whatever is set is what the signer signs. */
    private static final class Certificate {

        private String issuer;
        private String subject;
        private SubjectPublicKeyInfo key;
        private RsaKey signer;
        private final List<Extension> extensions = new ArrayList<>();

        Certificate(String issuer, String subject, SubjectPublicKeyInfo key, RsaKey signer) {
            this.issuer = issuer;
            this.subject = subject;
            this.key = key;
            this.signer = signer;
        }

        /** Adds a critical extension. */
        Certificate with(ASN1ObjectIdentifier oid, byte[] value) {
            extensions.add(new Extension(oid, true, value));
            return this;
        }

        Bytes build() throws Exception {
            X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                    AmdCertificate.name(issuer),
                    BigInteger.ONE,
                    new Time(Date.from(FROM), Locale.ROOT),
                    new Time(Date.from(UNTIL), Locale.ROOT),
                    AmdCertificate.name(subject),
                    key);
            for (Extension extension : extensions) {
                builder.addExtension(extension);
            }
            return Bytes.of(builder.build(signer.contentSigner()).getEncoded());
        }
    }
}
