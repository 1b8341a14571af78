package org.verifiableai.attestation.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;

/**
 * A reference integrity manifest made of software, sound or not. Immutable and thread-safe; each {@code with} method gives
 * another manifest, which is signed when {@link #xml()} is asked for. {@link SoftwareRimAuthority} makes them.
 *
 * <p>The document is written in canonical form to begin with, so that what is signed needs no canonicalization and no XML
 * library has a say in it.
 */
public final class SoftwareRim {

    private static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
    private static final String TCG =
            "https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/";
    private static final String DSIG = "http://www.w3.org/2000/09/xmldsig#";
    private static final String C14N11 = "http://www.w3.org/2006/12/xml-c14n11";
    private static final String END = "</SoftwareIdentity>";
    private static final Pattern ROOT_TAG = Pattern.compile("<SoftwareIdentity[^>]*>");
    private static final Pattern IN_SCOPE = Pattern.compile("(xmlns(:\\w+)?|xml:(lang|space|base))=\"[^\"]*\"");
    private static final int HASH_SIZE = 48;

    private final Content content;
    private final SoftwareKey signer;
    private final List<Bytes> certificates;
    private final Signing signing;
    private final Edits edits;

    /** What a manifest says. */
    record Content(String version, String product, String edition, SortedMap<Integer, Resource> resources) {
        Content {
            resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
        }

        Content with(int index, Resource resource) {
            SortedMap<Integer, Resource> changed = new TreeMap<>(resources);
            changed.put(index, resource);
            return new Content(version, product, edition, changed);
        }
    }

    /** Reference values of one index. */
    record Resource(boolean active, List<Bytes> values) {
        static final Resource OUT_OF_FORCE = new Resource(false, List.of(Bytes.zeros(HASH_SIZE)));
    }

    /** How it is signed. */
    private record Signing(
            String canonicalization, String method, String reference, List<String> transforms, String digest) {

        static final Signing GENUINE = new Signing(
                C14N11,
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
                "",
                List.of(DSIG + "enveloped-signature", C14N11),
                "http://www.w3.org/2001/04/xmldsig-more#sha384");
    }

    /** What is done to it. */
    private record Edits(
            UnaryOperator<String> beforeSigning, UnaryOperator<Bytes> signature, UnaryOperator<String> afterSigning) {

        static final Edits NONE =
                new Edits(UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity());
    }

    SoftwareRim(Content content, SoftwareKey signer, List<Bytes> certificates) {
        this(content, signer, certificates, Signing.GENUINE, Edits.NONE);
    }

    private SoftwareRim(Content content, SoftwareKey signer, List<Bytes> certificates, Signing signing, Edits edits) {
        this.content = content;
        this.signer = signer;
        this.certificates = List.copyOf(certificates);
        this.signing = signing;
        this.edits = edits;
    }

    /** The document, signed, in the state that the {@code with} methods gave it. */
    public Bytes xml() {
        String signed = edits.beforeSigning().apply(body());
        String info = signedInfo(signed);
        Bytes signature = edits.signature()
                .apply(signer.sign(Bytes.utf8(info), hashName(signing.method().replaceFirst(".*-", ""))));
        String element = "<ds:Signature xmlns:ds=\"" + DSIG + "\">"
                + info.replaceFirst("<ds:SignedInfo[^>]*>", "<ds:SignedInfo>")
                + "<ds:SignatureValue>" + signature.base64() + "</ds:SignatureValue><ds:KeyInfo><ds:X509Data>"
                + certificates.stream().map(SoftwareRim::certificateElement).collect(Collectors.joining())
                + "</ds:X509Data></ds:KeyInfo></ds:Signature>";
        int end = signed.lastIndexOf(END);
        return Bytes.utf8(edits.afterSigning().apply(signed.substring(0, end) + element + signed.substring(end)));
    }

    /** This manifest for another version of driver or firmware image. */
    public SoftwareRim withVersion(String version) {
        return with(new Content(version, content.product(), content.edition(), content.resources()));
    }

    /** This manifest for another product. */
    public SoftwareRim withProduct(String product) {
        return with(new Content(content.version(), product, content.edition(), content.resources()));
    }

    /** This manifest for another edition. */
    public SoftwareRim withEdition(String edition) {
        return with(new Content(content.version(), content.product(), edition, content.resources()));
    }

    /** This manifest with these reference values in force at an index, counted from 0. */
    public SoftwareRim withValues(int index, Bytes... alternatives) {
        return with(content.with(index, new Resource(true, List.of(alternatives))));
    }

    /** This manifest without reference values in force at an index, counted from 0. */
    public SoftwareRim withoutValues(int index) {
        return with(content.with(index, Resource.OUT_OF_FORCE));
    }

    /** This manifest with other certificates, such as those of another authority, which do not vouch for its key. */
    public SoftwareRim withCertificates(List<Bytes> others) {
        return new SoftwareRim(content, signer, others, signing, edits);
    }

    /** This manifest, its SignedInfo canonicalized by another method. */
    public SoftwareRim withCanonicalization(String algorithm) {
        return with(
                new Signing(algorithm, signing.method(), signing.reference(), signing.transforms(), signing.digest()));
    }

    /** This manifest, signed by another method, whose name ends in that of its hash: a sound signature of a weaker kind. */
    public SoftwareRim withSignatureMethod(String algorithm) {
        return with(new Signing(
                signing.canonicalization(), algorithm, signing.reference(), signing.transforms(), signing.digest()));
    }

    /** This manifest, its one reference naming something else than the whole document. */
    public SoftwareRim withReference(String uri) {
        return with(
                new Signing(signing.canonicalization(), signing.method(), uri, signing.transforms(), signing.digest()));
    }

    /** This manifest with other transforms. Those are named and not computed. */
    public SoftwareRim withTransforms(String... algorithms) {
        return with(new Signing(
                signing.canonicalization(),
                signing.method(),
                signing.reference(),
                Arrays.asList(algorithms),
                signing.digest()));
    }

    /** This manifest, digested by another method, whose name ends in that of its hash. */
    public SoftwareRim withDigestMethod(String algorithm) {
        return with(new Signing(
                signing.canonicalization(), signing.method(), signing.reference(), signing.transforms(), algorithm));
    }

    /** This manifest with another signature value than its own of 96 bytes. */
    public SoftwareRim withSignatureValue(UnaryOperator<Bytes> edit) {
        return with(new Edits(edits.beforeSigning(), edit, edits.afterSigning()));
    }

    /** This manifest with its text changed before it is signed; what comes out has to be in canonical form. */
    public SoftwareRim withSignedText(UnaryOperator<String> edit) {
        return with(new Edits(
                text -> edit.apply(edits.beforeSigning().apply(text)), edits.signature(), edits.afterSigning()));
    }

    /** This manifest with its text changed after it was signed. */
    public SoftwareRim withText(UnaryOperator<String> edit) {
        return with(new Edits(
                edits.beforeSigning(),
                edits.signature(),
                text -> edit.apply(edits.afterSigning().apply(text))));
    }

    private SoftwareRim with(Content changed) {
        return new SoftwareRim(changed, signer, certificates, signing, edits);
    }

    private SoftwareRim with(Signing changed) {
        return new SoftwareRim(content, signer, certificates, changed, edits);
    }

    private SoftwareRim with(Edits changed) {
        return new SoftwareRim(content, signer, certificates, signing, changed);
    }

    private String body() {
        StringBuilder body = new StringBuilder()
                .append("<SoftwareIdentity xmlns=\"" + SWID + "\" xmlns:ns0=\"" + SWID
                        + "\" xmlns:ns2=\"http://www.w3.org/2001/04/xmlenc#sha384\" corpus=\"false\" name=\""
                        + content.product() + "\" patch=\"false\" supplemental=\"false\" tagId=\""
                        + Bytes.utf8(content.toString()).sha384() + "\" tagVersion=\"0\" version=\"1.0\">\n")
                .append(
                        "    <ns0:Entity name=\"NVIDIA Corporation\" role=\"softwareCreator tagCreator\"></ns0:Entity>\n")
                .append("    <ns0:Meta xmlns:ns1=\"" + TCG + "\" PayloadType=\"direct\" colloquialVersion=\""
                        + content.version() + "\" edition=\"" + content.edition() + "\" product=\"" + content.product()
                        + "\" revision=\"r1\" ns1:FirmwareManufacturerId=\"5703\"></ns0:Meta>\n")
                .append("    <ns0:Payload>\n");
        content.resources().forEach((index, resource) -> body.append(resourceElement(index, resource)));
        return body.append("    </ns0:Payload>\n").append(END).toString();
    }

    private static String resourceElement(int index, Resource resource) {
        List<String> hashes = new ArrayList<>();
        for (int i = 0; i < resource.values().size(); i++) {
            hashes.add(" ns2:Hash" + i + "=\"" + resource.values().get(i) + "\"");
        }
        Collections.sort(hashes); // Hash10 before Hash2, as canonical form has it
        int size = resource.values().isEmpty()
                ? HASH_SIZE
                : resource.values().get(0).size();
        return "        <ns0:Resource active=\"" + (resource.active() ? "True" : "False") + "\" alternatives=\""
                + resource.values().size() + "\" index=\"" + index + "\" name=\"Measurement_" + index + "\" size=\""
                + size + "\" type=\"Measurement\"" + String.join("", hashes) + "></ns0:Resource>\n";
    }

    /** The SignedInfo in canonical form: at its apex stand the namespaces of the root and what it inherits. */
    private String signedInfo(String signed) {
        List<String> scope = new ArrayList<>(List.of("xmlns:ds=\"" + DSIG + "\""));
        Matcher root = ROOT_TAG.matcher(signed);
        if (root.find() && !signing.canonicalization().contains("exc-c14n")) {
            IN_SCOPE.matcher(root.group()).results().forEach(found -> scope.add(found.group()));
        }
        // The default namespace, the others by prefix, then attributes.
        scope.sort((a, b) -> sortKey(a).compareTo(sortKey(b)));
        String digest = Bytes.of(
                        SoftwareKey.digest(hashName(signing.digest().replaceFirst(".*#", "")), Bytes.utf8(signed)))
                .base64();
        return "<ds:SignedInfo " + String.join(" ", scope) + ">"
                + algorithm("CanonicalizationMethod", signing.canonicalization())
                + algorithm("SignatureMethod", signing.method())
                + "<ds:Reference URI=\"" + signing.reference() + "\"><ds:Transforms>"
                + signing.transforms().stream()
                        .map(transform -> algorithm("Transform", transform))
                        .collect(Collectors.joining())
                + "</ds:Transforms>" + algorithm("DigestMethod", signing.digest())
                + "<ds:DigestValue>" + digest + "</ds:DigestValue></ds:Reference></ds:SignedInfo>";
    }

    private static String sortKey(String declaration) {
        return (declaration.startsWith("xmlns") ? "0" : "1") + declaration.replaceFirst("=.*", "");
    }

    private static String algorithm(String element, String uri) {
        return "<ds:" + element + " Algorithm=\"" + uri + "\"></ds:" + element + ">";
    }

    private static String certificateElement(Bytes der) {
        return "<ds:X509Certificate>"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der.toByteArray())
                + "\n</ds:X509Certificate>";
    }

    /** The name that Java has for {@code sha384}; SHA-384 where the name is no hash's. */
    private static String hashName(String suffix) {
        return switch (suffix) {
            case "sha1" -> "SHA-1";
            case "sha256" -> "SHA-256";
            case "sha512" -> "SHA-512";
            default -> "SHA-384";
        };
    }
}
