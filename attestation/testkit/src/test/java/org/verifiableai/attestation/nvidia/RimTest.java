package org.verifiableai.attestation.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.testkit.SoftwareGpu;
import org.verifiableai.attestation.testkit.SoftwareNvidia;
import org.verifiableai.attestation.testkit.SoftwareRim;
import org.verifiableai.attestation.testkit.SoftwareRimAuthority;

/** What a manifest has to look like to be read at all. */
class RimTest {

    private static final SoftwareRimAuthority AUTHORITY = SoftwareRimAuthority.create();
    private static final SoftwareGpu GPU = SoftwareNvidia.create().device(GpuArchitecture.HOPPER);
    private static final SoftwareRim RIM = AUTHORITY.driver(GPU);
    private static final String TEXT = text(RIM);
    private static final String RESOURCE_7 =
            TEXT.lines().filter(line -> line.contains("index=\"7\"")).collect(Collectors.joining());

    private static String text(SoftwareRim rim) {
        return new String(rim.xml().toByteArray(), StandardCharsets.UTF_8);
    }

    private static void refused(UnaryOperator<String> edit, String message) {
        String edited = edit.apply(TEXT);
        assertThat(edited).as("the edit").isNotEqualTo(TEXT);
        refused(Bytes.utf8(edited), message);
    }

    private static void refused(Bytes xml, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> Rim.parse(xml))
                .withMessageContaining(message)
                .withMessageNotContaining("\n");
    }

    private static UnaryOperator<String> replace(String part, String with) {
        return text -> text.replace(part, with);
    }

    private static UnaryOperator<String> resource7(String part, String with) {
        return text -> text.replace(RESOURCE_7, RESOURCE_7.replace(part, with));
    }

    private static Rim parse(UnaryOperator<String> edit) throws Exception {
        String edited = edit.apply(TEXT);
        assertThat(edited).as("the edit").isNotEqualTo(TEXT);
        return Rim.parse(Bytes.utf8(edited));
    }

    @Test
    void aManifestIsReadWhole() throws Exception {
        Bytes other = Bytes.fromHex("0a".repeat(48));
        Bytes measured = Bytes.fromHex("0b".repeat(48));
        SoftwareRim software = RIM.withValues(22, measured, other).withoutValues(40);
        Rim rim = Rim.parse(software.xml());

        assertThat(rim.xml()).isEqualTo(software.xml());
        assertThat(rim.version()).isEqualTo("580.95.05");
        assertThat(rim.product()).isEqualTo("GH100");
        assertThat(rim.edition()).isEqualTo("GPU");
        assertThat(rim.tagId()).hasSize(96);
        assertThat(rim.certificates()).isEqualTo(AUTHORITY.certificates());
        assertThat(List.copyOf(rim.referenceValues().keySet()))
                .isEqualTo(IntStream.concat(IntStream.of(7), IntStream.rangeClosed(21, 39))
                        .boxed()
                        .toList());
        assertThat(rim.referenceValues().get(22)).containsExactly(measured, other);
        assertThat(rim.names()).hasSize(64).containsEntry(0, "Measurement_0").containsEntry(63, "Measurement_63");
        assertThat(rim).isEqualTo(Rim.parse(software.xml())).hasSameHashCodeAs(Rim.parse(software.xml()));
        assertThat(rim).isNotEqualTo(Rim.parse(RIM.xml())).isNotEqualTo("rim");
        assertThat(rim)
                .hasToString(
                        "Rim[GH100 version=580.95.05 sha256=" + software.xml().sha256() + "]");
    }

    @Test
    void moreAlternativesThanNineAreReadByTheirNumber() throws Exception {
        Bytes[] values = IntStream.range(0, 12)
                .mapToObj(i -> Bytes.fromHex(String.format("%02x", i).repeat(48)))
                .toArray(Bytes[]::new);

        assertThat(Rim.parse(RIM.withValues(7, values).xml()).referenceValues().get(7))
                .containsExactly(values);
    }

    @Test
    void whatAManifestDoesNotSayIsEmpty() throws Exception {
        Rim rim = parse(text -> text.replace(" edition=\"GPU\"", "")
                .replaceFirst(" tagId=\"[0-9a-f]+\"", "")
                .replace(" PayloadType=\"direct\"", "")
                .replace(" patch=\"false\"", "")
                .replace(" name=\"Measurement_7\"", ""));

        assertThat(rim.edition()).isEmpty();
        assertThat(rim.tagId()).isEmpty();
        assertThat(rim.names()).containsEntry(7, "");
    }

    @Test
    void hexOfEitherCaseIsRead() throws Exception {
        String hash = RESOURCE_7.replaceFirst(".*Hash0=\"([0-9a-f]+)\".*", "$1");

        assertThat(parse(replace(hash, hash.toUpperCase(Locale.ROOT)))
                        .referenceValues()
                        .get(7))
                .containsExactly(Bytes.fromHex(hash));
    }

    @Test
    void attributesThatDescribeAreLetPass() throws Exception {
        assertThat(parse(text -> text.replace(" version=\"1.0\"", " version=\"1.0\" versionScheme=\"x\"")
                                .replace(" revision=\"r1\"", " revision=\"r2\" summary=\"x\"")
                                .replace(" size=\"48\"", " size=\"48\" root=\"x\" ns2:other=\"y\""))
                        .referenceValues())
                .hasSize(21);
        assertThat(parse(replace("<ns0:Meta", "<ns0:Link href=\"a\" rel=\"b\"/><ns0:Meta"))
                        .referenceValues())
                .hasSize(21);
    }

    @Test
    void aDocumentBeyondItsBoundIsRefusedUnread() throws Exception {
        int room = RimXml.MAX_SIZE - RIM.xml().size();

        assertThat(Rim.parse(Bytes.utf8(TEXT + " ".repeat(room))).version()).isEqualTo("580.95.05");
        refused(
                Bytes.utf8(TEXT + " ".repeat(room + 1)),
                "rim at offset 0x0: expected at most 524288 bytes, found 524289 bytes");
    }

    @Test
    void whatIsNoXmlIsRefused() {
        for (String text :
                List.of("", " ", "{}", "<SoftwareIdentity>", "<a/><a/>", "\0", TEXT + "x", "<a b='1' b='2'/>")) {
            refused(Bytes.utf8(text), "rim: expected well-formed XML without a document type, found ");
        }
        refused(
                Bytes.utf8(TEXT).concat(Bytes.fromHex("3c212d2dff2d2d3e")),
                "rim: expected well-formed XML without a document type, found ");
        refused(text -> text + "<", "found line ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32", "IBM037"})
    void anotherEncodingThanUtf8IsRefused(String encoding) throws Exception {
        String declared = "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + TEXT;

        refused(Bytes.of(declared.getBytes(encoding)), "rim: expected well-formed XML");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ISO-8859-1", "US-ASCII", "UTF-16"})
    void aDocumentThatClaimsAnotherEncodingIsRefused(String encoding) {
        refused(
                text -> "<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + text,
                "rim: expected encoding UTF-8, found " + encoding);
    }

    @Test
    void aDocumentThatSaysWhatItIsIsRead() throws Exception {
        assertThat(parse(text -> "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>" + text)
                        .version())
                .isEqualTo("580.95.05");
        assertThat(parse(text -> "\uFEFF" + text).version()).isEqualTo("580.95.05");
        refused(text -> "<?xml version=\"1.1\"?>" + text, "rim: expected XML 1.0, found 1.1");
    }

    @Test
    void theEntitiesOfXmlItselfAreNoDanger() throws Exception {
        assertThat(parse(replace("edition=\"GPU\"", "edition=\"" + "&amp;&lt;&#65;".repeat(50) + "\""))
                        .edition())
                .isEqualTo("&<A".repeat(50));
    }

    @ParameterizedTest
    @CsvSource({
        "GH100, HOPPER",
        "GH199, HOPPER",
        "GB100, BLACKWELL",
        "GB202, BLACKWELL",
        "LS10, LS10",
        "GH100x,",
        "GB300,",
        "LS_10,",
        "GA100,"
    })
    void theProductNamesTheArchitecture(String product, @Nullable GpuArchitecture architecture) throws Exception {
        Rim rim = Rim.parse(RIM.withProduct(product).withEdition("SWITCH").xml());

        assertThat(rim.product()).isEqualTo(product);
        assertThat(rim.edition()).isEqualTo("SWITCH");
        for (GpuArchitecture one : GpuArchitecture.values()) {
            assertThat(one.isProduct(rim.product())).isEqualTo(one == architecture);
        }
    }

    @Test
    void anotherRootIsRefused() {
        String wanted = "rim: expected {http://standards.iso.org/iso/19770/-2/2015/schema.xsd}SoftwareIdentity, found ";
        refused(Bytes.utf8("<SoftwareIdentity/>"), wanted + "SoftwareIdentity");
        refused(
                Bytes.utf8("<SoftwareIdentity xmlns=\"http://standards.iso.org/iso/19770/-2/2009/schema.xsd\"/>"),
                wanted + "SoftwareIdentity");
        refused(
                Bytes.utf8("<Payload xmlns=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\"/>"),
                wanted + "Payload");
    }

    @ParameterizedTest
    @ValueSource(strings = {"patch", "supplemental", "corpus"})
    void aPartOfAManifestIsRefused(String part) {
        refused(
                replace(" " + part + "=\"false\"", " " + part + "=\"true\""),
                "SoftwareIdentity." + part + ": expected false, found true");
    }

    @Test
    void anElementThatIsNotKnownIsRefused() {
        String wanted = "expected the elements Entity, Link, Meta, Payload and Signature, found ";
        refused(replace("<ns0:Meta", "<ns0:Evidence/><ns0:Meta"), wanted + "ns0:Evidence");
        refused(replace("<ns0:Meta", "<Meta xmlns=\"\"/><ns0:Meta"), wanted + "Meta");
        refused(replace("<ns0:Meta", "<x:Entity xmlns:x=\"urn:x\"/><ns0:Meta"), wanted + "x:Entity");
        refused(
                replace("<ns0:Meta", "<x:include xmlns:x=\"http://www.w3.org/2001/XInclude\" href=\"a\"/><ns0:Meta"),
                wanted + "x:include");
        refused(
                replace("></ns0:Entity>", "><ns0:Meta/></ns0:Entity>"),
                "Entity: expected the elements , found ns0:Meta");
        refused(
                replace("></ns0:Meta>", "><ns0:Payload/></ns0:Meta>"),
                "Meta: expected the elements , found ns0:Payload");
        refused(
                replace("<ns0:Payload>", "<ns0:Payload><ns0:File/>"),
                "Payload: expected the element Resource, found ns0:File");
        refused(
                replace("<ns0:Payload>", "<ns0:Payload><Resource xmlns=\"urn:x\"/>"),
                "Payload: expected the element Resource, found Resource");
        refused(
                resource7("></ns0:Resource>", "><ns0:Resource/></ns0:Resource>"),
                "Resource: expected the elements , found");
    }

    @Test
    void oneMetaAndOnePayloadAreRead() {
        refused(text -> text.replaceFirst("(<ns0:Meta.*></ns0:Meta>)", "$1$1"), "Meta: expected one, found 2");
        refused(text -> text.replaceFirst("<ns0:Meta.*></ns0:Meta>", ""), "Meta: expected one, found 0");
        refused(replace("<ns0:Payload>", "<ns0:Payload/><ns0:Payload>"), "Payload: expected one, found 2");
        refused(text -> text.replaceFirst("(?s)<ns0:Payload>.*</ns0:Payload>", ""), "Payload: expected one, found 0");
    }

    @Test
    void aPayloadWithoutResourcesIsRefused() {
        refused(
                text -> text.replaceFirst("(?s)<ns0:Payload>.*</ns0:Payload>", "<ns0:Payload> </ns0:Payload>"),
                "Payload: expected 1 to 1024 Resource, found 0");
        refused(
                replace("<ns0:Payload>", "<ns0:Payload>" + "<ns0:Resource/>".repeat(961)),
                "Payload: expected 1 to 1024 Resource, found 1025");
        refused(
                replace("<ns0:Payload>", "<ns0:Payload>" + "<ns0:Resource/>".repeat(960)),
                "Resource.type: expected Measurement");
    }

    @ParameterizedTest
    @CsvSource({
        "colloquialVersion, 580.95.05",
        "product, GH100",
    })
    void aMetaWithoutANameIsRefused(String attribute, String value) {
        String stated = " " + attribute + "=\"" + value + "\"";
        String wanted =
                "Meta." + attribute + ": expected 1 to 64 letters, digits, dots, hyphens and underscores, found ";
        refused(replace(stated, ""), wanted);
        refused(replace(stated, " " + attribute + "=\"\""), wanted);
        refused(replace(stated, " " + attribute + "=\"a/b\""), wanted + "a/b");
        refused(replace(stated, " " + attribute + "=\"" + "1".repeat(65) + "\""), wanted);
        refused(replace(stated, " ns1:" + attribute + "=\"" + value + "\""), wanted);
    }

    @Test
    void textsHaveBounds() throws Exception {
        refused(
                replace("edition=\"GPU\"", "edition=\"" + "x".repeat(257) + "\""),
                "Meta.edition: expected at most 256 characters");
        assertThat(parse(replace("edition=\"GPU\"", "edition=\"" + "x".repeat(256) + "\""))
                        .edition())
                .hasSize(256);
        refused(
                text -> text.replaceFirst(" tagId=\"", " tagId=\"" + "x".repeat(161)),
                "SoftwareIdentity.tagId: expected at most 256 characters");
        refused(
                resource7("Measurement_7", "x".repeat(129)),
                "Resource 7.name: expected at most 128 characters, found 129");
        assertThat(parse(resource7("Measurement_7", "x".repeat(128))).names().get(7))
                .hasSize(128);
    }

    @Test
    void valuesElsewhereThanInTheDocumentAreRefused() {
        refused(
                replace("PayloadType=\"direct\"", "PayloadType=\"indirect\""),
                "Meta.PayloadType: expected direct, values in the document itself, found indirect");
    }

    @Test
    void aResourceIsAMeasurement() {
        refused(
                resource7("type=\"Measurement\"", "type=\"measurement\""),
                "Resource.type: expected Measurement, found measurement");
        refused(resource7("type=\"Measurement\"", ""), "Resource.type: expected Measurement, found ");
        refused(resource7("type=", "ns2:type="), "Resource.type: expected Measurement, found ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+7", "07", " 7", "7.0", "0x7", "x", "1000000", "٧"})
    void anIndexIsADecimalNumber(String index) {
        refused(
                resource7("index=\"7\"", "index=\"" + index + "\""),
                "Resource.index: expected a decimal number below 1000000, found ");
    }

    @Test
    void anIndexOccursOnce() {
        refused(
                resource7("index=\"7\"", "index=\"8\""),
                "Resource.index: expected each index once, found 8 a second time");
        refused(resource7("index=\"7\"", "index=\"63\""), "found 63 a second time");
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "TRUE", "1", "", "Yes", "False "})
    void aResourceIsInForceOrNot(String active) {
        refused(
                resource7("active=\"True\"", "active=\"" + active + "\""),
                "Resource 7.active: expected True or False, found " + active);
    }

    @Test
    void aResourceOutOfForceHasNoReferenceValue() throws Exception {
        assertThat(parse(resource7("active=\"True\"", "active=\"False\"")).referenceValues())
                .hasSize(20)
                .doesNotContainKey(7);
    }

    @Test
    void alternativesAreCounted() {
        String hash = RESOURCE_7.replaceFirst(".*Hash0=\"([0-9a-f]+)\".*", "$1");
        String wanted = "Resource 7.alternatives: expected as many as there are Hash, at least 1, found ";
        refused(resource7("alternatives=\"1\"", "alternatives=\"2\""), wanted + "2 of 1");
        refused(resource7("alternatives=\"1\"", "alternatives=\"0\""), wanted + "0 of 1");
        refused(resource7(" ns2:Hash0=\"" + hash + "\"", ""), wanted + "1 of 0");
        refused(
                resource7("alternatives=\"1\"", "alternatives=\"0\"")
                        .andThen(text -> text.replace(" ns2:Hash0=\"" + hash + "\"", ""))::apply,
                wanted + "0 of 0");
        refused(resource7(" ns2:Hash0=", " ns2:Hash1=\"" + hash + "\" ns2:Hash0="), wanted + "1 of 2");
        refused(resource7(" ns2:Hash0=", " Hash1=\"" + hash + "\" ns2:Hash0="), wanted + "1 of 2");
        refused(resource7(" ns2:Hash0=", " Hash0=\"" + hash + "\" ns2:Hash0="), wanted + "1 of 2");
        refused(
                resource7("alternatives=\"1\"", "alternatives=\"one\""),
                "Resource 7.alternatives: expected a decimal number below 1000000, found one");
    }

    @Test
    void everyHashIsThereByItsNumberAndNamespace() {
        String wanted = ": expected 48 bytes in hex, found none";
        refused(resource7("ns2:Hash0=", "ns2:Hash1="), "Resource 7.Hash0" + wanted);
        refused(resource7("ns2:Hash0=", "Hash0="), "Resource 7.Hash0" + wanted);
        refused(
                resource7("alternatives=\"1\"", "alternatives=\"2\"")
                        .andThen(resource7Hash -> resource7Hash.replace(
                                "index=\"7\" name", "ns2:Hash2=\"" + "00".repeat(48) + "\" index=\"7\" name"))::apply,
                "Resource 7.Hash1" + wanted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "0", "zz", " "})
    void aHashIsOf48BytesInHex(String end) {
        String hash = RESOURCE_7.replaceFirst(".*Hash0=\"([0-9a-f]+)\".*", "$1");
        String other = end.equals("00") ? hash + end : hash.substring(0, 94) + end;
        refused(resource7(hash, other), "Resource 7.Hash0: expected 48 bytes in hex, found " + other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"96", "47", "0"})
    void aSizeIsThatOfTheHash(String size) {
        refused(resource7("size=\"48\"", "size=\"" + size + "\""), "Resource 7.size: expected 48 bytes, found " + size);
    }

    @Test
    void aSizeIsStated() {
        refused(resource7(" size=\"48\"", ""), "Resource 7.size: expected a decimal number below 1000000, found ");
    }

    @Test
    void resourcesOutOfForceAreHeldToTheSameForm() {
        refused(
                replace("index=\"3\" name=\"Measurement_3\" size=\"48\"", "index=\"3\" size=\"20\""),
                "Resource 3.size");
    }

    @Test
    void valuesOfOpaqueDataAreRefusedByNameWhereTheyAreInForce() throws Exception {
        String opaque =
                "<ns0:Resource xmlns:ns3=\"https://docs.nvidia.com/attestation/opaque-data\" type=\"Measurement\""
                        + " index=\"70\" active=\"True\" name=\"fuse\" ns3:minSvn=\"3\" ns3:includeInResult=\"True\"/>";
        refused(
                replace("</ns0:Payload>", opaque + "</ns0:Payload>"),
                "Resource 70: expected an index of 0 to 63, found unsupported reference value of opaque data"
                        + " (minimum SVN) in force");
        refused(
                replace("index=\"63\"", "index=\"64\"")
                                .andThen(t -> t.replaceAll(
                                        "active=\"False\"( alternatives=\"1\" index=\"64\")", "active=\"True\"$1"))
                        ::apply,
                "Resource 64: expected an index of 0 to 63");
        refused(
                resource7(" size=\"48\"", " size=\"48\" xmlns:ns3=\"urn:x\" ns3:minSvn=\"3\""),
                "Resource 7: expected values to be equal to, found unsupported ns3:minSvn");

        Rim rim = parse(replace("</ns0:Payload>", opaque.replace("True\" name", "False\" name") + "</ns0:Payload>"));
        assertThat(rim.referenceValues()).hasSize(21);
        assertThat(rim.names()).containsEntry(70, "fuse");
        assertThat(parse(replace("index=\"3\" name=", "index=\"3\" xmlns:ns3=\"urn:x\" ns3:minSvn=\"3\" name="))
                        .referenceValues())
                .hasSize(21);
    }

    @Test
    void theLastIndexOfMeasurementsIs63() throws Exception {
        Bytes value = Bytes.fromHex("ab".repeat(48));

        assertThat(Rim.parse(RIM.withValues(63, value).withValues(0, value).xml())
                        .referenceValues())
                .containsEntry(63, List.of(value))
                .containsEntry(0, List.of(value));
    }
}
