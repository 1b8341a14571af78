package org.verifiableai.attestation.snp.collateral;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SigningKey;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.VekIdentity;

/**
 * Certificates and revocation lists by what they say of themselves. Of several certificates for one thing the one that
 * was issued last counts. Filled by one thread, and afterwards not changed any more.
 */
final class CertificateIndex implements CertificateSource {

    /** As many lists as would fit into evidence beside others. */
    private static final int MAX_LISTS = 4;

    private static final Comparator<Listed> LATEST_FIRST =
            Comparator.comparing((Listed l) -> l.list().thisUpdate()).reversed();

    private final Map<VcekId, Bytes> vceks = new HashMap<>();
    private final Map<VlekId, Bytes> vleks = new HashMap<>();
    private final Map<String, Bytes> authorities = new HashMap<>();
    private final Map<Bytes, Instant> issued = new HashMap<>();
    private final List<Listed> lists = new ArrayList<>();

    private record VlekId(ProductLine line, TcbVersion tcb) {}

    private record Listed(Bytes der, RevocationList list) {}

    /**
     * Takes a certificate in.
     *
     * @throws MalformedEvidenceException if it is neither of a VEK nor of one of AMD's authorities
     */
    void addCertificate(Bytes der) throws MalformedEvidenceException {
        X509Cert certificate = X509Cert.parse(der);
        String name = certificate.subject().commonName().orElse("");
        if (name.equals("SEV-VCEK")) {
            keepLatest(vceks, VcekId.ofCertificate(der), certificate);
        } else if (name.equals("SEV-VLEK")) {
            VekIdentity vlek = VekIdentity.parse(der);
            keepLatest(vleks, new VlekId(vlek.productLine(), vlek.tcb()), certificate);
        } else if (isAuthority(name)) {
            keepLatest(authorities, name, certificate);
        } else {
            throw new MalformedEvidenceException(
                    "certificate subject",
                    MalformedEvidenceException.NO_OFFSET,
                    "a VCEK, a VLEK, or AMD's authority of Milan, Genoa or Turin",
                    certificate.subject().toString());
        }
    }

    /**
     * Takes a revocation list in.
     *
     * @throws MalformedEvidenceException if it is not of one of AMD's roots
     */
    void addRevocationList(Bytes der) throws MalformedEvidenceException {
        RevocationList list = RevocationList.parse(der);
        for (ProductLine line : ProductLine.values()) {
            if (RevocationLists.isOf(list, line)) {
                lists.add(new Listed(der, list));
                return;
            }
        }
        throw new MalformedEvidenceException(
                "crl issuer",
                MalformedEvidenceException.NO_OFFSET,
                "ARK-Milan, ARK-Genoa or ARK-Turin",
                list.issuer().toString());
    }

    @Override
    public Optional<Bytes> vcek(VcekId id) {
        return Optional.ofNullable(vceks.get(id));
    }

    @Override
    public Optional<Bytes> vlek(ProductLine line, TcbVersion tcb) {
        return Optional.ofNullable(vleks.get(new VlekId(line, tcb)));
    }

    @Override
    public List<Bytes> authorities(ProductLine line, SigningKey key) {
        Bytes intermediate = authorities.get(Endpoint.of(key).authority(line));
        if (intermediate == null) {
            return List.of();
        }
        Bytes root = authorities.get(Endpoint.root(line));
        return root == null ? List.of(intermediate) : List.of(intermediate, root);
    }

    /** The root signs the lists of both endpoints, so that each of them counts for either key. */
    @Override
    public List<Bytes> revocationLists(ProductLine line, SigningKey key, Instant at) {
        Endpoint.of(key);
        List<Listed> ofLine = lists.stream()
                .filter(listed -> RevocationLists.isOf(listed.list(), line))
                .sorted(LATEST_FIRST)
                .toList();
        List<Listed> current =
                ofLine.stream().filter(listed -> listed.list().currentAt(at)).toList();
        return (current.isEmpty() ? ofLine.stream().limit(1) : current.stream())
                .map(Listed::der)
                .distinct()
                .limit(MAX_LISTS)
                .toList();
    }

    private <K> void keepLatest(Map<K, Bytes> certificates, K key, X509Cert certificate) {
        Bytes known = certificates.get(key);
        if (known == null || issued.getOrDefault(known, Instant.MIN).isBefore(certificate.notBefore())) {
            certificates.put(key, certificate.der());
            issued.put(certificate.der(), certificate.notBefore());
        }
    }

    private static boolean isAuthority(String name) {
        for (ProductLine line : ProductLine.values()) {
            if (name.equals(Endpoint.root(line))
                    || name.equals(Endpoint.VCEK.authority(line))
                    || name.equals(Endpoint.VLEK.authority(line))) {
                return true;
            }
        }
        return false;
    }
}
