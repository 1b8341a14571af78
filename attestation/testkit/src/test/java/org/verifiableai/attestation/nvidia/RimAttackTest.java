package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.SignatureEngine;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRim;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;

/** What somebody would try who can hand over any document, and has sound ones to make it from. */
class RimAttackTest {

    private static final SoftwareRimAuthority AUTHORITY = SoftwareRimAuthority.create();
    private static final SoftwareGpu GPU = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
    private static final SoftwareRim RIM = AUTHORITY.driver(GPU);
    private static final String TEXT = text(RIM);
    private static final String SIGNATURE = TEXT.replaceFirst("(?s).*(<ds:Signature .*</ds:Signature>).*", "$1");
    // What an attacker's own values look like: none of the signer's.
    private static final String EVIL = text(SoftwareRimAuthority.create()
                    .driver(GPU.withMeasurement(8, Bytes.zeros(48))))
            .replaceFirst("(?s)<ds:Signature .*</ds:Signature>", "");

    private static String text(SoftwareRim rim) {
        return new String(rim.xml().toByteArray(), StandardCharsets.UTF_8);
    }

    private static CheckedRim check(String text) throws Exception {
        return new RimChecker(AUTHORITY.trustAnchors(), SignatureEngine.standard(), 0).check(Bytes.utf8(text));
    }

    private static void refused(String text, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> check(text))
                .withMessageContaining(message)
                .withMessageNotContaining("\n");
    }

    private static void refused(UnaryOperator<String> edit, String message) {
        String edited = edit.apply(TEXT);
        assertThat(edited).as("the edit").isNotEqualTo(TEXT);
        refused(edited, message);
    }

    @Test
    void entitiesThatExpandWithoutEndAreRefused() {
        String entities = IntStream.range(1, 10)
                .mapToObj(i -> "<!ENTITY l" + i + " \"" + ("&l" + (i - 1) + ";").repeat(10) + "\">")
                .collect(Collectors.joining());

        refused(
                "<!DOCTYPE SoftwareIdentity [<!ENTITY l0 \"laugh\">" + entities + "]>" + TEXT.replace("r1", "&l9;"),
                "rim: expected well-formed XML without a document type, found line 1, column 10: DOCTYPE");
    }

    @Test
    void oneLargeEntityIsRefused() {
        refused(
                "<!DOCTYPE SoftwareIdentity [<!ENTITY a \"" + "a".repeat(100_000) + "\">]>"
                        + TEXT.replace("r1", "&a;".repeat(10_000)),
                "DOCTYPE");
    }

    @Test
    void externalEntitiesAreRefusedAndNotFetched() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + server.getLocalPort() + "/x";
            for (String declaration : List.of(
                    "SYSTEM \"" + url + "\"",
                    "PUBLIC \"x\" \"" + url + "\"",
                    "[<!ENTITY x SYSTEM \"" + url + "\">]",
                    "[<!ENTITY x SYSTEM \"file:///etc/passwd\">]",
                    "[<!ENTITY % x SYSTEM \"" + url + "\"> %x;]")) {
                refused(
                        "<!DOCTYPE SoftwareIdentity " + declaration + ">"
                                + TEXT.replace("<ns0:Payload>", "<ns0:Payload>&x;"),
                        "DOCTYPE");
            }
            String schema =
                    "xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:schemaLocation=\"urn:x " + url + "\"";
            assertThat(check("<?xml-stylesheet href=\"" + url + "\"?>"
                                    + TEXT.replace("<SoftwareIdentity ", "<SoftwareIdentity " + schema + " "))
                            .signatureDefects())
                    .isNotEmpty();
            server.setSoTimeout(1); // who connected is there already
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(server::accept);
        }
    }

    @Test
    void aDocumentTypeAloneIsRefused() {
        refused("<!DOCTYPE SoftwareIdentity>" + TEXT, "DOCTYPE");
        refused("<?xml version=\"1.0\"?>\n<!DOCTYPE SoftwareIdentity []>" + TEXT, "DOCTYPE");
    }

    @Test
    void anEntityThatNobodyDeclaredIsRefused() {
        refused(text -> text.replace("r1", "&nobody;"), "rim: expected well-formed XML");
    }

    @Test
    void aDocumentDeeperThanAnyManifestIsRefused() {
        refused("<a>".repeat(100_000), "rim: expected well-formed XML");
        String deep = "<ns0:Entity>".repeat(12) + "</ns0:Entity>".repeat(12);
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> check(TEXT.replace("<ns0:Meta", deep + "<ns0:Meta")))
                .withMessageContaining("depth");
        refused(
                text -> text.replace("<ns0:Meta", "<ns0:Entity>".repeat(11) + "</ns0:Entity>".repeat(11) + "<ns0:Meta"),
                "Entity: expected the elements ");
    }

    @Test
    void moreAttributesThanAnyManifestHasAreRefused() throws Exception {
        String attributes =
                IntStream.range(0, 65).mapToObj(i -> " a" + i + "=\"\"").collect(Collectors.joining());

        refused(text -> text.replace(" revision=", attributes + " revision="), "rim: expected well-formed XML");
    }

    @Test
    void aNameLongerThanAnyIsRefused() {
        refused(
                text -> text.replace(" revision=", " " + "a".repeat(257) + "=\"\" revision="),
                "rim: expected well-formed");
    }

    /** The signed document moved inside another, which the signature does not cover. */
    @Test
    void aSignedManifestInsideAnotherIsRefused() {
        refused(
                EVIL.replace("</SoftwareIdentity>", TEXT + "</SoftwareIdentity>"),
                "SoftwareIdentity: expected the elements Entity, Link, Meta, Payload and Signature, found SoftwareIdentity");
        refused(
                EVIL.replace("></ns0:Entity>", ">" + TEXT + "</ns0:Entity>"),
                "Entity: expected the elements , found SoftwareIdentity");
    }

    /** The signature taken out, and what it signed kept inside it. */
    @Test
    void aSignatureThatHoldsWhatItSignedIsRefused() {
        String inside = SIGNATURE.replace(
                "</ds:Signature>", "<ds:Object>" + TEXT.replace(SIGNATURE, "") + "</ds:Object></ds:Signature>");
        refused(
                EVIL.replace("</SoftwareIdentity>", inside + "</SoftwareIdentity>"),
                "Signature: expected the elements SignedInfo, SignatureValue, KeyInfo, found ds:SignedInfo,"
                        + " ds:SignatureValue, ds:KeyInfo, ds:Object");
    }

    /** The reference pointing to the signed part by its identifier. */
    @Test
    void aSignatureOverAnotherElementIsRefused() throws Exception {
        SoftwareRim byId = RIM.withSignedText(text -> text.replace("corpus=", "Id=\"signed\" corpus="))
                .withReference("#signed");

        assertThat(check(text(byId)).signatureDefects()).containsExactly("reference must be \"\", found \"#signed\"");
    }

    @Test
    void aSignatureMovedToOtherValuesIsRefused() throws Exception {
        CheckedRim moved = check(EVIL.replace("</SoftwareIdentity>", SIGNATURE + "</SoftwareIdentity>"));

        assertThat(moved.signatureDefects()).containsExactly("digest must be that of the document, found another's");
        assertThat(moved.chainDefects()).isEmpty();
    }

    @Test
    void aSecondSignatureIsRefused() {
        refused(
                text -> text.replace("</SoftwareIdentity>", SIGNATURE + "</SoftwareIdentity>"),
                "Signature: expected one in the whole document, found 2");
        refused(
                text -> text.replace("></ns0:Entity>", ">" + SIGNATURE + "</ns0:Entity>"),
                "Signature: expected one in the whole document, found 2");
        refused(
                text -> text.replace("</ds:KeyInfo>", "<ds:Signature/></ds:KeyInfo>"),
                "Signature: expected one in the whole document, found 2");
    }

    @Test
    void noSignatureIsRefused() {
        refused(text -> text.replace(SIGNATURE, ""), "Signature: expected one in the whole document, found 0");
        refused(
                text -> text.replace(
                        "http://www.w3.org/2000/09/xmldsig#\"><", "http://www.w3.org/2000/09/xmldsig11#\"><"),
                "Signature: expected one in the whole document, found 0");
    }

    @Test
    void aSignatureInAnotherPlaceIsRefused() {
        refused(
                text -> text.replace(SIGNATURE, "").replace("></ns0:Entity>", ">" + SIGNATURE + "</ns0:Entity>"),
                "Entity: expected the elements , found ds:Signature");
        refused(
                text -> text.replace(SIGNATURE, "").replace("</ns0:Payload>", SIGNATURE + "</ns0:Payload>"),
                "Signature: expected one that is a child of the root, found 0");
    }

    @Test
    void aSecondReferenceIsRefused() {
        refused(
                text -> text.replaceFirst("(<ds:Reference .*</ds:Reference>)", "$1$1"),
                "SignedInfo: expected the elements CanonicalizationMethod, SignatureMethod, Reference, found"
                        + " ds:CanonicalizationMethod, ds:SignatureMethod, ds:Reference, ds:Reference");
    }

    @Test
    void anAlgorithmWithParametersIsRefused() {
        for (String element : List.of("CanonicalizationMethod", "SignatureMethod", "Transform", "DigestMethod")) {
            refused(
                    text -> text.replaceFirst("></ds:" + element + ">", "><ds:XPath>1</ds:XPath></ds:" + element + ">"),
                    element + ": expected the elements , found ds:XPath");
        }
    }

    @Test
    void otherTransformElementsAreRefused() {
        refused(
                text -> text.replace("<ds:Transforms>", "<ds:Transforms><ds:Other/>"),
                "Transforms: expected the element Transform, found ds:Other");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Signature",
                "SignedInfo",
                "CanonicalizationMethod",
                "SignatureMethod",
                "Reference",
                "Transforms",
                "Transform",
                "DigestMethod",
                "DigestValue",
                "SignatureValue",
                "KeyInfo",
                "X509Data",
                "X509Certificate"
            })
    void anAttributeMoreInTheSignatureIsRefused(String element) {
        refused(
                text -> text.replaceFirst("<ds:" + element + "([ >])", "<ds:" + element + " Id=\"x\"$1"),
                element + ": expected the attributes [");
    }

    @Test
    void aReferenceWithoutUriIsRefused() {
        refused(
                text -> text.replace("<ds:Reference URI=\"\">", "<ds:Reference>"),
                "Reference: expected the attributes [URI], found []");
    }

    @ParameterizedTest
    @ValueSource(strings = {"DigestValue", "SignatureValue", "X509Certificate"})
    void aTextThatACommentSplitsIsRefused(String element) {
        for (String inside : List.of("<!-- -->", "<?x y?>", "<![CDATA[AAAA]]>", "<ds:x/>")) {
            refused(
                    text -> text.replaceFirst("<ds:" + element + ">....", "$0" + inside),
                    element + ": expected a text alone, found ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"DigestValue", "SignatureValue", "X509Certificate"})
    void aTextThatIsNotBase64IsRefused(String element) {
        for (String inside : List.of("-", "é", "=", "A")) {
            refused(
                    text -> text.replaceFirst("<ds:" + element + ">", "$0" + inside),
                    element + ": expected base64, found ");
        }
    }

    @Test
    void whiteSpaceInBase64IsLetPass() throws Exception {
        assertThat(check(TEXT.replaceFirst("<ds:SignatureValue>....", "$0 \t\n"))
                        .signatureDefects())
                .isEmpty();
    }

    @Test
    void aKeyThatIsNoCertificateIsRefused() {
        refused(
                text -> text.replace("<ds:KeyInfo>", "<ds:KeyInfo><ds:KeyValue/>"),
                "KeyInfo: expected the elements X509Data, found ds:KeyValue, ds:X509Data");
        refused(
                text -> text.replace("<ds:X509Data>", "<ds:X509Data><ds:X509SubjectName/>"),
                "X509Data: expected the element X509Certificate, found ds:X509SubjectName");
        refused(
                text -> text.replaceFirst("(?s)<ds:X509Data>.*</ds:X509Data>", "<ds:X509Data></ds:X509Data>"),
                "X509Data: expected 1 to 8 X509Certificate, found 0");
        refused(
                text -> text.replaceFirst(
                        "<ds:X509Data>", "<ds:X509Data>" + "<ds:X509Certificate></ds:X509Certificate>".repeat(5)),
                "X509Data: expected 1 to 8 X509Certificate, found 9");
    }

    @Test
    void aForeignChainWithASoundSignatureIsRefused() throws Exception {
        SoftwareRimAuthority foreign = SoftwareRimAuthority.create();
        CheckedRim checked = check(text(foreign.driver(GPU)));

        assertThat(checked.signatureDefects()).isEmpty();
        assertThat(checked.chainDefects())
                .containsExactly("last certificate must be a trust anchor with digest "
                        + AUTHORITY.rootCertificate().sha256() + ", found "
                        + foreign.rootCertificate().sha256());
        assertThat(checked.root()).isEmpty();
        assertThat(checked.sound()).isFalse();
    }

    @Test
    void aDevicesChainIsNotASigners() throws Exception {
        RimChecker checker = new RimChecker(NvidiaTrustAnchors.nvidia(), SignatureEngine.standard(), 0);

        assertThat(checker.check(RIM.xml()).chainDefects())
                .singleElement()
                .asString()
                .contains(NvidiaTrustAnchors.nvidia()
                                .anchors()
                                .get(0)
                                .certificateSha256()
                                .hex() + " or "
                        + NvidiaTrustAnchors.nvidia().anchors().get(1).certificateSha256());
    }
}
