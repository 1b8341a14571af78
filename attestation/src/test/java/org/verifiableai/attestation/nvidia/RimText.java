package org.verifiableai.attestation.nvidia;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.verifiableai.attestation.Bytes;

/** A manifest of a few resources that nobody signed, under a certificate that nobody trusts. */
final class RimText {

    // Self-signed, P-384, for this test alone; its private key was thrown away.
    private static final String CERTIFICATE = "MIIBvzCCAUWgAwIBAgIUDA+h5UJCB9HSZT3hHGd0jI3C1B0wCgYIKoZIzj0EAwMwDzENMAsG"
            + "A1UEAwwEZnV6ejAgFw0yNjExMjQxNDUyMDZaGA8yMTI2MTAzMTE0NTIwNlowDzENMAsGA1UEAwwEZnV6ejB2MBAGByqGSM49AgEG"
            + "BSuBBAAiA2IABJNcYP88+tpimtCzBZRltfND3ZC7p9DsqOnKo/m5yTgwdQn4K1g78peIS1GGPRizdX2V/wkVdzwf5SEev86nfs04"
            + "sJL2RA2bLP1O5lFNtQq8G3myVCswBxjoAcKcgxP8R6NgMF4wHQYDVR0OBBYEFHn4Agha4scBqiJ3vW2iTyfO9t82MB8GA1UdIwQY"
            + "MBaAFHn4Agha4scBqiJ3vW2iTyfO9t82MA4GA1UdDwEB/wQEAwIHgDAMBgNVHRMBAf8EAjAAMAoGCCqGSM49BAMDA2gAMGUCMAON"
            + "8hZ+MKssiVyk9Lm1L3ZteWGwiT+V9CY8/m5G2LypTmjlodhCdLlcmgE3RrA8pwIxAND/nW5BF7s98Kup6xcKTiBBEDTrMOIQr2uS"
            + "PBlDUvPe8FLVPXv1DdtiAL4cZ6LG1g==";

    private RimText() {}

    static String manifest() {
        return "<SoftwareIdentity xmlns=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\""
                + " xmlns:ns2=\"http://www.w3.org/2001/04/xmlenc#sha384\" tagId=\"a1\" patch=\"false\">"
                + "<Entity name=\"x\" role=\"tagCreator\"/>"
                + "<Meta colloquialVersion=\"550.90.07\" product=\"GH100\" edition=\"GPU\" PayloadType=\"direct\"/>"
                + "<Payload>"
                + IntStream.range(0, 3).mapToObj(RimText::resource).collect(Collectors.joining())
                + "</Payload>"
                + signature()
                + "</SoftwareIdentity>";
    }

    private static String resource(int index) {
        return "<Resource type=\"Measurement\" index=\"" + index + "\" active=\"" + (index == 1 ? "False" : "True")
                + "\" alternatives=\"2\" size=\"48\" name=\"m\" ns2:Hash0=\"" + "5a".repeat(48) + "\" ns2:Hash1=\""
                + "0f".repeat(48) + "\"/>";
    }

    private static String signature() {
        return "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo>"
                + algorithm("CanonicalizationMethod", "http://www.w3.org/2006/12/xml-c14n11")
                + algorithm("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384")
                + "<ds:Reference URI=\"\"><ds:Transforms>"
                + algorithm("Transform", "http://www.w3.org/2000/09/xmldsig#enveloped-signature")
                + algorithm("Transform", "http://www.w3.org/2006/12/xml-c14n11")
                + "</ds:Transforms>"
                + algorithm("DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#sha384")
                + "<ds:DigestValue>" + Bytes.zeros(48).base64() + "</ds:DigestValue></ds:Reference></ds:SignedInfo>"
                + "<ds:SignatureValue>" + Bytes.fromHex("01".repeat(96)).base64() + "</ds:SignatureValue>"
                + "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>" + CERTIFICATE
                + "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>";
    }

    private static String algorithm(String element, String uri) {
        return "<ds:" + element + " Algorithm=\"" + uri + "\"/>";
    }
}
