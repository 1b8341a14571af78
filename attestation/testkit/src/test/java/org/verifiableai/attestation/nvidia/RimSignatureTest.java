package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateFactory;
import java.util.List;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRim;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;

/** One defect of an XML signature at a time; whatever else there is to the manifest is sound. */
class RimSignatureTest {

    private static final SoftwareRimAuthority AUTHORITY = SoftwareRimAuthority.create();
    private static final SoftwareGpu GPU = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
    private static final SoftwareRim RIM = AUTHORITY.driver(GPU);
    private static final String ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

    private static CheckedRim check(SoftwareRim rim) throws Exception {
        return new RimChecker(AUTHORITY.trustAnchors(), SignatureEngine.standard(), 0).check(rim.xml());
    }

    private static String onlyDefect(SoftwareRim rim) throws Exception {
        CheckedRim checked = check(rim);
        assertThat(checked.chainDefects()).isEmpty();
        assertThat(checked.signatureDefects()).hasSize(1);
        assertThat(checked.sound()).isFalse();
        return checked.signatureDefects().get(0);
    }

    /** What the runtime alone makes of the signature, without any rule of ours. */
    private static XMLSignature runtime(Bytes xml, DOMValidateContext[] made) throws Exception {
        SignatureElement signature = RimDocument.parse(xml).signature();
        DOMValidateContext context = new DOMValidateContext(
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(
                                signature.certificates().get(0).toByteArray()))
                        .getPublicKey(),
                signature.element());
        context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
        made[0] = context;
        return XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
    }

    private static boolean validForRuntime(Bytes xml) throws Exception {
        DOMValidateContext[] context = new DOMValidateContext[1];
        return runtime(xml, context).validate(context[0]);
    }

    @Test
    void aManifestThatItsSignerSignedIsSound() throws Exception {
        for (SoftwareRim rim : List.of(RIM, AUTHORITY.vbios(GPU))) {
            CheckedRim checked = check(rim);

            assertThat(checked.signatureDefects()).isEmpty();
            assertThat(checked.chainDefects()).isEmpty();
            assertThat(checked.sound()).isTrue();
            assertThat(validForRuntime(rim.xml())).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xml:lang=\"en\"",
                "xml:space=\"preserve\"",
                "xml:base=\"https://example.org/\"",
                "xml:lang=\"en\" xml:space=\"preserve\"",
                "xml:id=\"x\"",
                "zzz=\"1\""
            })
    void whatTheSignedInfoInheritsIsSignedAsTheRuntimeSignsIt(String attributes) throws Exception {
        SoftwareRim rim =
                RIM.withSignedText(text -> text.replace(" version=\"1.0\">", " version=\"1.0\" " + attributes + ">"));
        DOMValidateContext[] context = new DOMValidateContext[1];
        XMLSignature runtime = runtime(rim.xml(), context);

        assertThat(runtime.validate(context[0])).isTrue();
        assertThat(RimSignature.signedBytes(RimDocument.parse(rim.xml()).signature()))
                .isEqualTo(
                        Bytes.of(runtime.getSignedInfo().getCanonicalizedData().readAllBytes()));
        assertThat(check(rim).signatureDefects()).isEmpty();
    }

    @Test
    void aNamespaceThatTheSignatureDeclaresCounts() throws Exception {
        SoftwareRim rim =
                RIM.withText(text -> text.replace("<ds:Signature ", "<ds:Signature xmlns:ns0=\"urn:other\" "));

        assertThat(validForRuntime(rim.xml())).isFalse();
        assertThat(onlyDefect(rim)).startsWith("signature must be that of the first certificate's key ");
    }

    @Test
    void aSignatureOfAnotherKeyIsRefused() throws Exception {
        SoftwareRim others = SoftwareRimAuthority.create().driver(GPU).withCertificates(AUTHORITY.certificates());

        assertThat(onlyDefect(others))
                .startsWith("signature must be that of the first certificate's key ")
                .endsWith(" (SHA-256), found another's");
    }

    @Test
    void aSignatureThatWasChangedIsRefused() throws Exception {
        assertThat(onlyDefect(RIM.withSignatureValue(Bytes::reversed)))
                .startsWith("signature must be that of the first certificate's key ");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 95, 97, 102})
    void aSignatureOfAnotherSizeIsRefused(int size) throws Exception {
        assertThat(onlyDefect(
                        RIM.withSignatureValue(value -> value.concat(value).slice(0, size))))
                .isEqualTo("signature must be of 96 bytes, found " + size);
    }

    @ParameterizedTest
    @CsvSource({
        "False, True",
        "product=\"GH100\", product=\"GH200\"",
        "580.95.05, 580.95.06",
        "softwareCreator tagCreator, tagCreator",
        "</ns0:Payload>, <!-- -->x</ns0:Payload>"
    })
    void aDocumentThatWasChangedIsRefused(String text, String other) throws Exception {
        assertThat(onlyDefect(RIM.withText(whole -> whole.replaceFirst(text, other))))
                .isEqualTo("digest must be that of the document, found another's");
    }

    @Test
    void aChangeThatCanonicalFormEvensOutIsNone() throws Exception {
        CheckedRim checked =
                check(RIM.withText(text -> "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<!-- nobody signs this -->"
                        + text.replace("></ns0:Resource>", "  />").replace("\n", "\r\n")));

        assertThat(checked.sound()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
                "http://www.w3.org/2006/12/xml-c14n11#WithComments",
                "http://www.w3.org/2001/10/xml-exc-c14n#",
                "http://www.w3.org/TR/1999/REC-xslt-19991116",
                "",
                "http://www.w3.org/2006/12/xml-c14n11 "
            })
    void anotherCanonicalizationIsRefused(String algorithm) throws Exception {
        assertThat(onlyDefect(RIM.withCanonicalization(algorithm)))
                .isEqualTo("canonicalization method must be http://www.w3.org/2006/12/xml-c14n11, found " + algorithm);
    }

    @Test
    void aSoundSignatureInAnotherCanonicalFormIsStillRefused() throws Exception {
        SoftwareRim exclusive = RIM.withCanonicalization("http://www.w3.org/2001/10/xml-exc-c14n#");

        assertThat(validForRuntime(exclusive.xml())).isTrue();
        assertThat(check(exclusive).sound()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha384",
                "http://www.w3.org/2000/09/xmldsig#hmac-sha1"
            })
    void anotherSignatureMethodIsRefused(String algorithm) throws Exception {
        assertThat(onlyDefect(RIM.withSignatureMethod(algorithm)))
                .isEqualTo("signature method must be http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384, found "
                        + algorithm);
    }

    @Test
    void aSoundSignatureByAWeakerMethodIsStillRefused() throws Exception {
        SoftwareRim weaker = RIM.withSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256");

        assertThat(validForRuntime(weaker.xml())).isTrue();
        assertThat(check(weaker).sound()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://www.w3.org/2000/09/xmldsig#sha1",
                "http://www.w3.org/2001/04/xmlenc#sha256",
                "http://www.w3.org/2001/04/xmlenc#sha512",
                "http://www.w3.org/2001/04/xmldsig-more#md5"
            })
    void anotherDigestMethodIsRefused(String algorithm) throws Exception {
        assertThat(onlyDefect(RIM.withDigestMethod(algorithm)))
                .isEqualTo("digest method must be http://www.w3.org/2001/04/xmldsig-more#sha384, found " + algorithm);
    }

    @Test
    void aSoundDigestByAWeakerMethodIsStillRefused() throws Exception {
        SoftwareRim weaker = RIM.withDigestMethod("http://www.w3.org/2001/04/xmlenc#sha256");

        assertThat(validForRuntime(weaker.xml())).isTrue();
        assertThat(check(weaker).sound()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#x", "#xpointer(/)", "http://127.0.0.1:9/rim.xml", "file:///etc/hostname", "rim.xml", " "})
    void aReferenceToSomethingElseIsRefused(String uri) throws Exception {
        assertThat(onlyDefect(RIM.withReference(uri))).isEqualTo("reference must be \"\", found \"" + uri + "\"");
    }

    @Test
    void transformsBeyondTheTwoAreRefused() throws Exception {
        for (List<String> transforms : List.of(
                List.<String>of(),
                List.of(ENVELOPED),
                List.of(RimSignature.C14N11),
                List.of(RimSignature.C14N11, ENVELOPED),
                List.of(ENVELOPED, RimSignature.C14N11, RimSignature.C14N11),
                List.of(ENVELOPED, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"),
                List.of(ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116"),
                List.of(ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116", RimSignature.C14N11),
                List.of(ENVELOPED, "http://www.w3.org/2000/09/xmldsig#base64"))) {
            assertThat(onlyDefect(RIM.withTransforms(transforms.toArray(String[]::new))))
                    .isEqualTo(
                            "transforms must be [" + ENVELOPED + ", " + RimSignature.C14N11 + "], found " + transforms);
        }
    }

    @Test
    void everyAlgorithmThatIsAnotherIsNamed() throws Exception {
        assertThat(check(RIM.withDigestMethod("a")
                                .withCanonicalization("b")
                                .withReference("c")
                                .withSignatureMethod("d")
                                .withTransforms("e\n"))
                        .signatureDefects())
                .hasSize(5)
                .allSatisfy(defect -> assertThat(defect).contains(" must be ").doesNotContain("\n"));
    }

    @Test
    void aDigestOfAnotherSizeIsRefused() throws Exception {
        CheckedRim checked = check(RIM.withText(text -> text.replaceFirst("<ds:DigestValue>....", "<ds:DigestValue>")));

        assertThat(checked.signatureDefects())
                .hasSize(2)
                .first()
                .isEqualTo("digest must be that of the document, found another's");
    }

    @Test
    void aSignerWithoutAKeyOnP384IsRefused() throws Exception {
        Bytes leaf = AUTHORITY.certificates().get(0);
        // The point of its key no longer lies on the curve.
        Bytes broken = Bytes.fromHex(leaf.hex().replaceFirst("(03620004....).", "$10"));
        CheckedRim checked = check(RIM.withCertificates(List.of(
                broken,
                AUTHORITY.certificates().get(1),
                AUTHORITY.certificates().get(2),
                AUTHORITY.certificates().get(3))));

        assertThat(checked.signatureDefects())
                .contains("signature must be that of the first certificate's key, found no key on P-384 there");
        assertThat(checked.sound()).isFalse();
    }
}
