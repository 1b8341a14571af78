package org.verifiableai.manifest.oms;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.json.JsonObject;

/** Certificates of signers, which may be of any authority and any algorithm that the Java runtime takes. */
final class CertificatePath {

    private static final int MAX_AUTHORITIES_BETWEEN = 8;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final Set<String> FOR_CODE = Set.of("1.3.6.1.5.5.7.3.3", "2.5.29.37.0");

    private CertificatePath() {}

    static X509Certificate parse(String field, Bytes der) throws MalformedEvidenceException {
        try {
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der.toByteArray()));
            // The factory also takes PEM, and bytes behind the end.
            if (Bytes.of(certificate.getEncoded()).equals(der)) {
                return certificate;
            }
        } catch (CertificateException | RuntimeException e) {
            // Falls through. The runtime's parser lets more than one kind of exception through.
        }
        throw JsonObject.wrong(field, "an X.509 certificate in DER", "something else of " + der.size() + " bytes");
    }

    /**
     * Whether one of {@code authorities} vouches for the first of {@code chain} at {@code at}, and for signatures.
     *
     * @return the name of the authority
     * @throws MalformedEvidenceException if none does; the message says why
     */
    static String check(List<X509Certificate> chain, List<X509Certificate> authorities, Instant at)
            throws MalformedEvidenceException {
        X509Certificate leaf = chain.get(0);
        requireUse(leaf);
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(leaf);
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(
                    authorities.stream().map(a -> new TrustAnchor(a, null)).collect(Collectors.toSet()), target);
            parameters.setDate(Date.from(at));
            parameters.setMaxPathLength(MAX_AUTHORITIES_BETWEEN);
            // The format carries no revocation lists, and names nobody to ask for them.
            parameters.setRevocationEnabled(false);
            parameters.addCertStore(
                    CertStore.getInstance("Collection", new CollectionCertStoreParameters(distinct(chain, at))));
            PKIXCertPathBuilderResult path = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(parameters);
            X509Certificate authority = path.getTrustAnchor().getTrustedCert();
            // RFC 5280 leaves the anchor's own time to whoever trusts it; an expired one is not what the caller meant.
            requireTime(authority, at);
            return authority.getSubjectX500Principal().getName();
        } catch (GeneralSecurityException | RuntimeException e) {
            for (X509Certificate certificate : chain) {
                requireTime(certificate, at);
            }
            throw JsonObject.wrong(
                    "certificate of " + leaf.getSubjectX500Principal().getName(),
                    "a path to an authority that was given",
                    "none (" + e.getMessage() + ")");
        }
    }

    /**
     * The certificates among which a path is searched. Of several that say the same of one key one will do: the search tries
     * them in every order otherwise, which for ten takes minutes, and nobody has signed the bundle yet.
     */
    private static List<X509Certificate> distinct(List<X509Certificate> chain, Instant at) {
        List<X509Certificate> distinct = new ArrayList<>(List.of(chain.get(0)));
        Set<List<Object>> said = new HashSet<>();
        for (X509Certificate certificate : chain.subList(1, chain.size())) {
            if (isWithinTime(certificate, at)
                    && said.add(List.of(
                            certificate.getSubjectX500Principal(),
                            certificate.getIssuerX500Principal(),
                            Bytes.of(certificate.getPublicKey().getEncoded())))) {
                distinct.add(certificate);
            }
        }
        return distinct;
    }

    private static boolean isWithinTime(X509Certificate certificate, Instant at) {
        return !at.isBefore(certificate.getNotBefore().toInstant())
                && !at.isAfter(certificate.getNotAfter().toInstant());
    }

    private static void requireTime(X509Certificate certificate, Instant at) throws MalformedEvidenceException {
        if (!isWithinTime(certificate, at)) {
            Instant from = certificate.getNotBefore().toInstant();
            Instant to = certificate.getNotAfter().toInstant();
            throw JsonObject.wrong(
                    "certificate of " + certificate.getSubjectX500Principal().getName(),
                    "validity at " + at,
                    "that from " + from + " to " + to);
        }
    }

    private static void requireUse(X509Certificate leaf) throws MalformedEvidenceException {
        boolean[] usage = leaf.getKeyUsage();
        if (usage == null || !usage[DIGITAL_SIGNATURE]) {
            throw JsonObject.wrong(
                    "key usage of the certificate", "digitalSignature", usage == null ? "none" : "others");
        }
        List<String> extended;
        try {
            extended = leaf.getExtendedKeyUsage();
        } catch (CertificateException e) {
            throw JsonObject.wrong("extended key usage of the certificate", "a list of purposes", "something else");
        }
        if (extended != null && extended.stream().noneMatch(FOR_CODE::contains)) {
            throw JsonObject.wrong("extended key usage of the certificate", "codeSigning", String.join(", ", extended));
        }
    }
}
