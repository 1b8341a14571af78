package org.verifiableai.attestation.nvidia;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.NoSuchProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.crypto.AlgorithmMethod;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.KeySelectorException;
import javax.xml.crypto.KeySelectorResult;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.OctetStreamData;
import javax.xml.crypto.XMLCryptoContext;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.TransformException;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Untrusted;

/**
 * Verifies a manifest's signature (XML Signature Syntax and Processing 1.1): each algorithm must be the one that NVIDIA
 * uses, the whole document must be what is signed, the digest must be the document's, and the signature that of one key.
 *
 * <p>The Java runtime computes the digest under its secure validation. The SDK's own engine verifies the ECDSA signature,
 * over the canonical form that the runtime's canonicalization gives.
 */
final class RimSignature {

    /** Canonical XML 1.1. */
    static final String C14N11 = "http://www.w3.org/2006/12/xml-c14n11";

    private static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
    private static final String SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";
    private static final String WHOLE_DOCUMENT = "";
    private static final List<String> TRANSFORMS = List.of(Transform.ENVELOPED, C14N11);
    private static final int SIGNATURE_SIZE = 96;
    private static final int MAX_QUOTED = 200;

    private final SignatureElement signature;
    private final XMLSignatureFactory factory;
    private final DOMValidateContext context;

    private RimSignature(SignatureElement signature) {
        this.signature = signature;
        this.factory = factory();
        this.context = new DOMValidateContext(NoKey.INSTANCE, signature.element());
        this.context.setProperty("org.jcp.xml.dsig.secureValidation", true);
    }

    /**
     * What is wrong with the signature; one entry for each defect.
     *
     * @param key whose signature it has to be; empty if there is no such key on P-384
     */
    static List<String> defects(SignatureElement signature, Optional<VerificationKey> key) {
        List<String> defects = new ArrayList<>();
        require("canonicalization method", C14N11, signature.canonicalization(), defects);
        require("signature method", ECDSA_SHA384, signature.method(), defects);
        require("reference", "\"" + WHOLE_DOCUMENT + "\"", "\"" + signature.uri() + "\"", defects);
        require("transforms", TRANSFORMS.toString(), signature.transforms().toString(), defects);
        require("digest method", SHA384, signature.digest(), defects);
        // What else a stranger names is never computed.
        if (defects.isEmpty()) {
            RimSignature sound = new RimSignature(signature);
            sound.checkDigest(defects);
            sound.checkValue(key, defects);
        }
        return defects;
    }

    /**
     * What the signature's key signs: the canonical form of the SignedInfo in the context of its document.
     *
     * @throws XMLSignatureException if there is none
     */
    static Bytes signedBytes(SignatureElement signature) throws XMLSignatureException {
        return new RimSignature(signature).signedBytes();
    }

    private void checkDigest(List<String> defects) {
        try {
            List<Reference> references =
                    factory.unmarshalXMLSignature(context).getSignedInfo().getReferences();
            if (references.size() != 1 || !references.get(0).validate(context)) {
                defects.add("digest must be that of the document, found another's");
            }
        } catch (MarshalException | XMLSignatureException | RuntimeException e) {
            // Whatever the runtime throws at a stranger's document is a defect of the document.
            defects.add("digest must be that of the document, found one that cannot be computed: " + quoted(e));
        }
    }

    private void checkValue(Optional<VerificationKey> key, List<String> defects) {
        if (signature.value().size() != SIGNATURE_SIZE) {
            defects.add("signature must be of " + SIGNATURE_SIZE + " bytes, found "
                    + signature.value().size());
            return;
        }
        if (key.isEmpty()) {
            defects.add("signature must be that of the first certificate's key, found no key on P-384 there");
            return;
        }
        try {
            if (!key.get().verify(signedBytes(), signature.value())) {
                defects.add("signature must be that of the first certificate's key "
                        + key.get().spki().sha256() + " (SHA-256), found another's");
            }
        } catch (XMLSignatureException e) {
            defects.add("signature must be over a SignedInfo, found one without canonical form: " + quoted(e));
        }
    }

    private Bytes signedBytes() throws XMLSignatureException {
        try {
            CanonicalizationMethod method = factory.newCanonicalizationMethod(C14N11, (C14NMethodParameterSpec) null);
            OctetStreamData canonical =
                    (OctetStreamData) method.transform(ApexNodes.of(signature.signedInfo()), context);
            return Bytes.of(canonical.getOctetStream().readAllBytes());
        } catch (GeneralSecurityException | TransformException | IOException | RuntimeException e) {
            throw new XMLSignatureException(e);
        }
    }

    private static void require(String what, String expected, String found, List<String> defects) {
        if (!found.equals(expected)) {
            defects.add(what + " must be " + expected + ", found " + Untrusted.line(found, MAX_QUOTED));
        }
    }

    private static String quoted(Exception e) {
        return Untrusted.line(String.valueOf(e.getMessage()), MAX_QUOTED);
    }

    /** The runtime's own, whatever other providers the application has put before it. */
    private static XMLSignatureFactory factory() {
        try {
            return XMLSignatureFactory.getInstance("DOM", "XMLDSig");
        } catch (NoSuchProviderException e) {
            return XMLSignatureFactory.getInstance("DOM");
        }
    }

    /** Selects no key: the runtime is not asked to verify a signature. */
    private static final class NoKey extends KeySelector {
        static final NoKey INSTANCE = new NoKey();

        @Override
        public KeySelectorResult select(
                @Nullable KeyInfo keyInfo, Purpose purpose, AlgorithmMethod method, XMLCryptoContext context)
                throws KeySelectorException {
            throw new KeySelectorException("no key is selected here");
        }
    }
}
