package org.verifiableai.attestation.snp.collateral;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.http.Answer;
import org.verifiableai.attestation.internal.http.Resource;
import org.verifiableai.attestation.internal.http.Transport;
import org.verifiableai.attestation.internal.x509.Pem;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.internal.x509.X509Cert;
import org.verifiableai.attestation.snp.ProductLine;

/** One thing that the key service hands out, by its path there (57230, chapter 4). */
sealed interface KdsResource extends Resource {

    /** The certificate of a VCEK. */
    record Vcek(VcekId id) implements KdsResource {
        @Override
        public String path() {
            return id.path();
        }

        @Override
        public Optional<String> file() {
            return Optional.of("vcek/" + id.line().amdName() + "/" + id.hwId() + "_"
                    + id.tcb().toBytes(id.line()) + ".der");
        }

        @Override
        public int limit() {
            return 2 * X509Cert.MAX_SIZE; // as PEM it would be longer by a third
        }

        @Override
        public boolean changes() {
            return false;
        }

        @Override
        public Optional<String> meaning(int status) {
            return status == Transport.NOT_FOUND
                    ? Optional.of("it knows no such chip, or not at this TCB")
                    : Optional.empty();
        }

        @Override
        public Answer read(Bytes body) throws MalformedEvidenceException {
            Bytes der = Pem.single("vcek", "CERTIFICATE", body);
            // A wrong layout of the TCB is no error to the service, which then certifies another TCB.
            VcekId found = VcekId.ofCertificate(der);
            if (!found.equals(id)) {
                throw new MalformedEvidenceException(
                        "vcek", MalformedEvidenceException.NO_OFFSET, id.toString(), found.toString());
            }
            X509Cert certificate = X509Cert.parse(der);
            return new Answer(body, List.of(der), certificate.notBefore(), certificate.notAfter());
        }

        @Override
        public String toString() {
            return id.toString();
        }
    }

    /** The authorities above the VEKs of a line. */
    record Chain(ProductLine line, Endpoint endpoint) implements KdsResource {

        private static final int CERTIFICATES = 2;

        @Override
        public String path() {
            return "/" + endpoint.segment() + "/v1/" + line.amdName() + "/cert_chain";
        }

        @Override
        public Optional<String> file() {
            return Optional.of(endpoint.segment() + "/" + line.amdName() + "/cert_chain.pem");
        }

        @Override
        public int limit() {
            return 2 * CERTIFICATES * X509Cert.MAX_SIZE;
        }

        @Override
        public boolean changes() {
            return true;
        }

        @Override
        public boolean isOneOfFew() {
            return true;
        }

        @Override
        public Answer read(Bytes body) throws MalformedEvidenceException {
            List<X509Cert> certificates = new ArrayList<>();
            for (Bytes der : Pem.blocks("cert_chain", "CERTIFICATE", body)) {
                certificates.add(X509Cert.parse(der));
            }
            List<String> names = certificates.stream()
                    .map(certificate -> certificate.subject().commonName().orElse(""))
                    .toList();
            List<String> expected = List.of(endpoint.authority(line), Endpoint.root(line));
            if (!names.equals(expected)) {
                throw new MalformedEvidenceException(
                        "cert_chain", MalformedEvidenceException.NO_OFFSET, expected.toString(), names.toString());
            }
            X509Cert intermediate = certificates.get(0);
            X509Cert root = certificates.get(1);
            return new Answer(
                    body,
                    List.of(intermediate.der(), root.der()),
                    intermediate.notBefore(),
                    intermediate.notAfter().isBefore(root.notAfter()) ? intermediate.notAfter() : root.notAfter());
        }

        @Override
        public String toString() {
            return "certificate of " + endpoint.authority(line);
        }
    }

    /** The revocation list of a line's root. */
    record Crl(ProductLine line, Endpoint endpoint) implements KdsResource {
        @Override
        public String path() {
            return "/" + endpoint.segment() + "/v1/" + line.amdName() + "/crl";
        }

        @Override
        public Optional<String> file() {
            return Optional.of(endpoint.segment() + "/" + line.amdName() + "/crl.der");
        }

        @Override
        public int limit() {
            return RevocationList.MAX_SIZE;
        }

        @Override
        public boolean changes() {
            return true;
        }

        @Override
        public boolean isOneOfFew() {
            return true;
        }

        @Override
        public Answer read(Bytes body) throws MalformedEvidenceException {
            Bytes der = Pem.single("crl", "X509 CRL", body);
            RevocationList list = RevocationList.parse(der);
            if (!RevocationLists.isOf(list, line)) {
                throw new MalformedEvidenceException(
                        "crl issuer",
                        MalformedEvidenceException.NO_OFFSET,
                        Endpoint.root(line),
                        list.issuer().toString());
            }
            return new Answer(body, List.of(der), list.thisUpdate(), list.nextUpdate());
        }

        @Override
        public String toString() {
            return "revocation list of " + Endpoint.root(line) + " for " + endpoint.authority(line);
        }
    }
}
