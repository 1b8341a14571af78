package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DigestCalculator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.bc.BcDigestCalculatorProvider;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/**
 * An OCSP responder made of software, which answers for one issuing certificate: whatever a test wants it to say, about any
 * certificate. Immutable and thread-safe; each {@code with} method, and each that says what it answers, gives another
 * responder with the same keys.
 *
 * <p>Like NVIDIA's, it has a certificate of its own from the issuer, names certificates by SHA-384, and gives answers that
 * hold for a day.
 *
 * <pre>{@code
 * Bytes good = gpu.ocsp(1).answer(gpu.certificates().get(1), now);
 * Bytes held = gpu.ocsp(1).holding(yesterday).answer(gpu.certificates().get(1), now);
 * }</pre>
 */
public final class SoftwareOcsp {

    private static final ASN1ObjectIdentifier UNKNOWN_OID = new ASN1ObjectIdentifier("1.3.6.1.4.1.99999.1");
    private static final Extension UNKNOWN_EXTENSION =
            new Extension(UNKNOWN_OID, true, new DEROctetString(new byte[] {5, 0}));
    private static final Duration DAY = Duration.ofDays(1);
    private static final Instant DELEGATED_FROM = Instant.parse("2020-10-17T00:00:00Z");
    private static final Instant DELEGATED_UNTIL = Instant.parse("2049-12-31T23:59:59Z");
    private static final int CERTIFICATE_HOLD = 6;

    private final SoftwareKey issuerKey;
    private final X509CertificateHolder issuer;
    private final SoftwareKey delegateKey;
    private final @Nullable CertificateStatus status; // null is good
    private final Duration validity;
    private final ASN1ObjectIdentifier hash;
    private final boolean issuerSigns;
    private final List<OcspDefect> defects;

    private SoftwareOcsp(
            SoftwareKey issuerKey,
            X509CertificateHolder issuer,
            SoftwareKey delegateKey,
            @Nullable CertificateStatus status,
            Duration validity,
            ASN1ObjectIdentifier hash,
            boolean issuerSigns,
            List<OcspDefect> defects) {
        this.issuerKey = issuerKey;
        this.issuer = issuer;
        this.delegateKey = delegateKey;
        this.status = status;
        this.validity = validity;
        this.hash = hash;
        this.issuerSigns = issuerSigns;
        this.defects = List.copyOf(defects);
    }

    /**
     * A responder that calls every certificate of an issuer good.
     *
     * @param issuerKey the issuer's key
     * @param issuerCertificate its certificate, DER
     */
    static SoftwareOcsp of(SoftwareKey issuerKey, Bytes issuerCertificate) {
        return new SoftwareOcsp(
                issuerKey,
                holder(issuerCertificate),
                SoftwareKey.generate(),
                CertificateStatus.GOOD,
                DAY,
                NISTObjectIdentifiers.id_sha384,
                false,
                List.of());
    }

    /**
     * Answers a question as one of several responders does: the one whose issuer the question names. Nobody answers a
     * question that names none of them.
     *
     * @param request an OCSPRequest, DER
     * @param now what the answer calls thisUpdate; whole seconds are kept
     * @return an OCSPResponse, DER; of the status {@code unauthorized} where nobody answers
     */
    public static Bytes respond(Collection<SoftwareOcsp> responders, Bytes request, Instant now) {
        OCSPReq question = question(request);
        CertificateID asked = question.getRequestList()[0].getCertID();
        for (SoftwareOcsp responder : responders) {
            if (responder.answersFor(asked)) {
                return responder.respond(request, now);
            }
        }
        return refusal(OCSPResp.UNAUTHORIZED);
    }

    /** Answers a question, and repeats its nonce. */
    public Bytes respond(Bytes request, Instant now) {
        OCSPReq question = question(request);
        Extension nonce = question.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce);
        return answer(question.getRequestList()[0].getCertID(), nonce, now);
    }

    /**
     * An answer about one certificate, as a responder gives it that was asked without nonce.
     *
     * @param certificate DER
     * @param thisUpdate since when it is right; whole seconds are kept
     */
    public Bytes answer(Bytes certificate, Instant thisUpdate) {
        return answer(certificateId(issuer, holder(certificate).getSerialNumber()), null, thisUpdate);
    }

    /** This responder, and it revokes: for good, unless {@code reason} is 6. */
    public SoftwareOcsp revoking(Instant since, int reason) {
        return saying(new RevokedStatus(Date.from(since), reason));
    }

    /** This responder, and it revokes without a reason. */
    public SoftwareOcsp revoking(Instant since) {
        return saying(new RevokedStatus(Date.from(since)));
    }

    /** This responder, and it suspends (certificateHold). */
    public SoftwareOcsp holding(Instant since) {
        return revoking(since, CERTIFICATE_HOLD);
    }

    /** This responder, and it says of what nobody issued that it is on hold since 1970 (RFC 6960, section 2.2). */
    public SoftwareOcsp neverHavingIssued() {
        return holding(Instant.EPOCH);
    }

    /** This responder, and it knows no certificate. */
    public SoftwareOcsp knowingNone() {
        return saying(new UnknownStatus());
    }

    /** This responder with answers that hold so long. */
    public SoftwareOcsp validFor(Duration time) {
        return new SoftwareOcsp(issuerKey, issuer, delegateKey, status, time, hash, issuerSigns, defects);
    }

    /** This responder, and it names certificates by SHA-1 where it is not asked by another hash. */
    public SoftwareOcsp withSha1() {
        return new SoftwareOcsp(
                issuerKey, issuer, delegateKey, status, validity, OIWObjectIdentifiers.idSHA1, issuerSigns, defects);
    }

    /** This responder without a certificate of its own: the issuer's key signs. */
    public SoftwareOcsp signedByIssuer() {
        return new SoftwareOcsp(issuerKey, issuer, delegateKey, status, validity, hash, true, defects);
    }

    /** This responder with a defect. */
    public SoftwareOcsp with(OcspDefect defect) {
        List<OcspDefect> more = new ArrayList<>(defects);
        more.add(defect);
        return new SoftwareOcsp(issuerKey, issuer, delegateKey, status, validity, hash, issuerSigns, more);
    }

    private SoftwareOcsp saying(CertificateStatus other) {
        return new SoftwareOcsp(issuerKey, issuer, delegateKey, other, validity, hash, issuerSigns, defects);
    }

    private boolean has(OcspDefect defect) {
        return defects.contains(defect);
    }

    private boolean answersFor(CertificateID asked) {
        try {
            return asked.matchesIssuer(issuer, new BcDigestCalculatorProvider());
        } catch (OCSPException e) {
            throw new IllegalStateException("no hash for a question", e);
        }
    }

    private Bytes answer(CertificateID asked, @Nullable Extension nonce, Instant now) {
        if (has(OcspDefect.GARBAGE)) {
            return Bytes.utf8("<html>no answer</html>");
        }
        if (has(OcspDefect.TRY_LATER)) {
            return refusal(OCSPResp.TRY_LATER);
        }
        if (has(OcspDefect.UNAUTHORIZED)) {
            return refusal(OCSPResp.UNAUTHORIZED);
        }
        Instant thisUpdate = now.truncatedTo(ChronoUnit.SECONDS);
        SoftwareKey signer = issuerSigns ? issuerKey : delegateKey;
        SoftwareKey named = has(OcspDefect.OTHER_RESPONDER_ID) ? SoftwareKey.generate() : signer;
        BasicOCSPRespBuilder builder = basic(named);
        builder.addResponse(
                spokenOf(asked),
                status,
                Date.from(thisUpdate),
                has(OcspDefect.NO_NEXT_UPDATE) ? null : Date.from(thisUpdate.plus(validity)),
                has(OcspDefect.UNKNOWN_SINGLE_EXTENSION) ? new Extensions(UNKNOWN_EXTENSION) : null);
        List<Extension> extensions = new ArrayList<>();
        if (nonce != null && !has(OcspDefect.NO_NONCE)) {
            extensions.add(has(OcspDefect.OTHER_NONCE) ? otherNonce() : nonce);
        }
        if (has(OcspDefect.UNKNOWN_EXTENSION)) {
            extensions.add(UNKNOWN_EXTENSION);
        }
        if (!extensions.isEmpty()) {
            builder.setResponseExtensions(new Extensions(extensions.toArray(Extension[]::new)));
        }
        X509CertificateHolder[] certificates = issuerSigns || has(OcspDefect.NO_DELEGATE)
                ? new X509CertificateHolder[0]
                : new X509CertificateHolder[] {delegate(thisUpdate)};
        SoftwareKey signing = has(OcspDefect.OTHER_SIGNER) ? SoftwareKey.generate() : signer;
        try {
            return encoded(new OCSPRespBuilder()
                    .build(
                            OCSPResp.SUCCESSFUL,
                            builder.build(signing.contentSigner(), certificates, Date.from(thisUpdate))));
        } catch (OCSPException e) {
            throw new IllegalStateException("an answer cannot be built", e);
        }
    }

    private CertificateID spokenOf(CertificateID asked) {
        if (has(OcspDefect.OTHER_CERTIFICATE)) {
            return certificateId(issuer, asked.getSerialNumber().add(BigInteger.ONE));
        }
        if (has(OcspDefect.OTHER_ISSUER)) {
            SoftwareKey other = SoftwareKey.generate();
            X500Name name = issuer.getSubject();
            return certificateId(
                    holder(DeviceCertificate.begin(name, name, other, DELEGATED_FROM, DELEGATED_UNTIL)
                            .signedBy(other)),
                    asked.getSerialNumber());
        }
        return asked;
    }

    private X509CertificateHolder delegate(Instant thisUpdate) {
        X500Name issuerName =
                has(OcspDefect.DELEGATE_OF_ANOTHER_NAME) ? new X500Name("CN=Another Authority") : issuer.getSubject();
        Instant from = has(OcspDefect.DELEGATE_NOT_YET_VALID) ? thisUpdate.plus(DAY) : DELEGATED_FROM;
        Instant until = has(OcspDefect.DELEGATE_EXPIRED) ? thisUpdate.minus(DAY) : DELEGATED_UNTIL;
        DeviceCertificate certificate = DeviceCertificate.begin(
                        issuerName, new X500Name("CN=Software OCSP Responder"), delegateKey, from, until)
                .with(Extension.basicConstraints, false, new BasicConstraints(has(OcspDefect.DELEGATE_IS_AUTHORITY)))
                .with(
                        Extension.keyUsage,
                        true,
                        new KeyUsage(
                                has(OcspDefect.DELEGATE_MUST_NOT_SIGN)
                                        ? KeyUsage.keyAgreement
                                        : KeyUsage.digitalSignature));
        KeyPurposeId[] purposes = purposes();
        if (purposes.length > 0) {
            certificate.with(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purposes));
        }
        if (!has(OcspDefect.DELEGATE_WITHOUT_NO_CHECK) && !has(OcspDefect.DELEGATE_WITH_NO_CHECK_AS_PURPOSE)) {
            certificate.with(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE);
        }
        if (has(OcspDefect.DELEGATE_WITH_UNKNOWN_EXTENSION)) {
            certificate.with(UNKNOWN_OID, true, DERNull.INSTANCE);
        }
        return holder(
                certificate.signedBy(has(OcspDefect.DELEGATE_SIGNED_BY_ANOTHER) ? SoftwareKey.generate() : issuerKey));
    }

    private KeyPurposeId[] purposes() {
        if (has(OcspDefect.DELEGATE_WITHOUT_PURPOSE)) {
            return new KeyPurposeId[0];
        }
        if (has(OcspDefect.DELEGATE_FOR_ANOTHER_PURPOSE)) {
            return new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth};
        }
        if (has(OcspDefect.DELEGATE_WITH_SECOND_PURPOSE)) {
            return new KeyPurposeId[] {KeyPurposeId.id_kp_OCSPSigning, KeyPurposeId.id_kp_serverAuth};
        }
        if (has(OcspDefect.DELEGATE_WITH_NO_CHECK_AS_PURPOSE)) {
            return new KeyPurposeId[] {
                KeyPurposeId.id_kp_OCSPSigning, KeyPurposeId.getInstance(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck)
            };
        }
        return new KeyPurposeId[] {KeyPurposeId.id_kp_OCSPSigning};
    }

    private static Extension otherNonce() {
        try {
            return new Extension(
                    OCSPObjectIdentifiers.id_pkix_ocsp_nonce,
                    false,
                    new DEROctetString(new DEROctetString(new byte[32]).getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private CertificateID certificateId(X509CertificateHolder issuedBy, BigInteger serial) {
        try {
            return new CertificateID(digest(hash), issuedBy, serial);
        } catch (OCSPException e) {
            throw new IllegalStateException("a certificate cannot be named", e);
        }
    }

    private static BasicOCSPRespBuilder basic(SoftwareKey named) {
        try {
            return new BasicOCSPRespBuilder(new RespID(named.spki(), digest(OIWObjectIdentifiers.idSHA1)));
        } catch (OCSPException e) {
            throw new IllegalStateException("a responder cannot be named", e);
        }
    }

    private static DigestCalculator digest(ASN1ObjectIdentifier hash) {
        try {
            return new BcDigestCalculatorProvider().get(new AlgorithmIdentifier(hash, DERNull.INSTANCE));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("no hash " + hash, e);
        }
    }

    private static Bytes refusal(int status) {
        try {
            return encoded(new OCSPRespBuilder().build(status, null));
        } catch (OCSPException e) {
            throw new IllegalStateException("a refusal cannot be built", e);
        }
    }

    private static OCSPReq question(Bytes request) {
        try {
            return new OCSPReq(request.toByteArray());
        } catch (IOException e) {
            throw new IllegalArgumentException("request must be an OCSPRequest, found " + request, e);
        }
    }

    private static X509CertificateHolder holder(Bytes certificate) {
        try {
            return new X509CertificateHolder(certificate.toByteArray());
        } catch (IOException e) {
            throw new IllegalArgumentException("certificate must be DER, found " + certificate, e);
        }
    }

    private static Bytes encoded(OCSPResp response) {
        try {
            return Bytes.of(response.getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
