package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.LittleEndian;
import org.verifiableai.attestation.internal.x509.RevocationList;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * A report and the certificate table that the host gave with it, put into the form that a verifier takes. Immutable.
 * Nothing in it is trusted.
 *
 * <p>SIGNING_KEY of the report, not the table, says whether the VCEK's or the VLEK's entry is the one to take. An
 * authority or a revocation list that cannot be read is left out and named in {@link #dropped()}: hosts do write such
 * entries, the roots are pinned anyway, and the verifier says what is missing. A VEK that cannot be read is an error,
 * since nothing takes its place.
 */
public final class ExtendedReport {

    private static final int KEY_INFO = 0x048;

    private final Bytes report;
    private final CertificateTable table;
    private final List<Bytes> authorities = new ArrayList<>();
    private final List<Bytes> revocationLists = new ArrayList<>();
    private final List<String> dropped = new ArrayList<>();

    private ExtendedReport(Bytes report, CertificateTable table) {
        this.report = report;
        this.table = table;
        // Leaf side first, as chains are written.
        collect(table::ask, X509Cert::parse, authorities, "ASK");
        collect(table::ark, X509Cert::parse, authorities, "ARK");
        collect(table::crl, RevocationList::parse, revocationLists, "CRL");
    }

    /**
     * A report and its table.
     *
     * @param report the attestation report, {@link SnpReport#SIZE} bytes of any version
     * @param table the certificate table beside it
     * @throws MalformedEvidenceException if {@code report} is of another length
     */
    public static ExtendedReport of(Bytes report, CertificateTable table) throws MalformedEvidenceException {
        if (report.size() != SnpReport.SIZE) {
            throw new MalformedEvidenceException(
                    "attestation report", 0, "exactly " + SnpReport.SIZE + " bytes", report.size() + " bytes");
        }
        return new ExtendedReport(report, table);
    }

    /**
     * Reads one file of a report and, right after its {@link SnpReport#SIZE} bytes, a certificate table, which may be
     * missing.
     *
     * @throws MalformedEvidenceException if {@code reportThenTable} is shorter than a report, or what follows is no table;
     *     offsets within the table count from its own start
     */
    public static ExtendedReport parse(Bytes reportThenTable) throws MalformedEvidenceException {
        if (reportThenTable.size() < SnpReport.SIZE) {
            throw new MalformedEvidenceException(
                    "extended report",
                    0,
                    "at least the " + SnpReport.SIZE + " bytes of a report",
                    reportThenTable.size() + " bytes");
        }
        return of(
                reportThenTable.slice(0, SnpReport.SIZE),
                CertificateTable.parse(reportThenTable.slice(SnpReport.SIZE, reportThenTable.size())));
    }

    /** The report, {@link SnpReport#SIZE} bytes. */
    public Bytes report() {
        return report;
    }

    /** The table, with every entry that the host wrote. */
    public CertificateTable table() {
        return table;
    }

    /** The kind of key that signed the report, as the report says. */
    public SigningKey signingKey() {
        return SigningKey.ofKeyInfo(LittleEndian.read(report, KEY_INFO, Integer.BYTES));
    }

    /**
     * The certificate of the key that signed the report, DER; empty if the table has none, so that it has to come from
     * elsewhere.
     *
     * @throws MalformedEvidenceException if the report names neither a VCEK nor a VLEK, or the entry is neither DER nor
     *     PEM of one certificate
     */
    public Optional<Bytes> vek() throws MalformedEvidenceException {
        return switch (signingKey()) {
            case VCEK -> table.vcek();
            case VLEK -> table.vlek();
            case NONE, RESERVED ->
                throw new MalformedEvidenceException(
                        "KEY_INFO",
                        KEY_INFO,
                        "VCEK or VLEK as SIGNING_KEY",
                        signingKey().name());
        };
    }

    /** The certificates above the VEK that the table has and that can be read, DER. */
    public List<Bytes> authorities() {
        return List.copyOf(authorities);
    }

    /**
     * Every certificate that a verifier could use, DER: {@link #vek()} if it is there, then {@link #authorities()}.
     *
     * @throws MalformedEvidenceException as {@link #vek()}
     */
    public List<Bytes> certificates() throws MalformedEvidenceException {
        List<Bytes> all = new ArrayList<>();
        vek().ifPresent(all::add);
        all.addAll(authorities);
        return List.copyOf(all);
    }

    /** The revocation lists that the table has and that can be read, DER. */
    public List<Bytes> revocationLists() {
        return List.copyOf(revocationLists);
    }

    /** One line for each authority and each list of the table that was left out because it cannot be read. */
    public List<String> dropped() {
        return List.copyOf(dropped);
    }

    /**
     * What a verifier takes.
     *
     * @throws MalformedEvidenceException if the table has no certificate of the key that signed the report, or as
     *     {@link #vek()}
     */
    public SnpEvidence evidence() throws MalformedEvidenceException {
        Optional<Bytes> vek = vek();
        if (vek.isEmpty()) {
            UUID wanted = signingKey() == SigningKey.VLEK ? CertificateTable.VLEK : CertificateTable.VCEK;
            throw new MalformedEvidenceException(
                    "certificate table",
                    MalformedEvidenceException.NO_OFFSET,
                    "an entry " + wanted + " with the " + signingKey() + " that signed the report",
                    table.entries().isEmpty() ? "no entries" : table.toString());
        }
        return evidence(vek.get());
    }

    /**
     * What a verifier takes, with a VEK certificate that was had from elsewhere and whatever else the table has.
     *
     * @param vek the certificate of the key that signed the report, DER
     */
    public SnpEvidence evidence(Bytes vek) {
        return new SnpEvidence(report, vek, authorities, revocationLists);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExtendedReport that && report.equals(that.report) && table.equals(that.table);
    }

    @Override
    public int hashCode() {
        return 31 * report.hashCode() + table.hashCode();
    }

    @Override
    public String toString() {
        return "ExtendedReport[report sha256 " + report.sha256() + ", " + table + "]";
    }

    private void collect(Part part, Reader reader, List<Bytes> target, String name) {
        try {
            Optional<Bytes> der = part.der();
            if (der.isPresent()) {
                reader.read(der.get());
                target.add(der.get());
            }
        } catch (MalformedEvidenceException e) {
            dropped.add("certificate table entry " + name + " is left out: " + e.getMessage());
        }
    }

    @FunctionalInterface
    private interface Part {
        Optional<Bytes> der() throws MalformedEvidenceException;
    }

    @FunctionalInterface
    private interface Reader {
        Object read(Bytes der) throws MalformedEvidenceException;
    }
}
