package org.verifiableai.attestation.snp;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.internal.x509.Der;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * The certificate of a VCEK or VLEK, read by AMD's certificate specification (57230) and not yet trusted. Extensions are
 * found by identifier, since their order is not the one of their numbers.
 */
record VekCertificate(
        X509Cert certificate,
        Bytes sha256,
        Bytes keySha256,
        SigningKey kind,
        ProductLine productLine,
        TcbVersion tcb,
        @Nullable Bytes hwId,
        @Nullable String cspId) {

    private static final String ARC = "1.3.6.1.4.1.3704.1.";
    private static final String PRODUCT_NAME = ARC + "2";
    private static final String BL_SPL = ARC + "3.1";
    private static final String TEE_SPL = ARC + "3.2";
    private static final String SNP_SPL = ARC + "3.3";
    private static final String UCODE_SPL = ARC + "3.8";
    private static final String FMC_SPL = ARC + "3.9";
    private static final String HW_ID = ARC + "4";
    private static final String CSP_ID = ARC + "5";

    private static final int IA5_STRING = 0x16;
    private static final int CHIP_ID_SIZE = 64;
    private static final int TURIN_CHIP_ID_SIZE = 8;

    static VekCertificate parse(Bytes der) throws MalformedEvidenceException {
        X509Cert certificate = X509Cert.parse(der);
        String commonName = certificate.subject().commonName().orElse("");
        SigningKey kind = switch (commonName) {
            case "SEV-VCEK" -> SigningKey.VCEK;
            case "SEV-VLEK" -> SigningKey.VLEK;
            default -> throw wrong("subject", "CN=SEV-VCEK or CN=SEV-VLEK", "CN=" + commonName);
        };
        String productName = text(certificate, PRODUCT_NAME, "productName");
        ProductLine line = ProductLine.ofProductName(productName)
                .orElseThrow(() -> wrong("productName", "Milan, Genoa or Turin", productName));
        Bytes hwId = certificate.extension(HW_ID).isPresent() ? hwId(certificate, line) : null;
        String cspId = certificate.extension(CSP_ID).isPresent() ? text(certificate, CSP_ID, "cspID") : null;
        // A VCEK names its chip and no provider, a VLEK its provider and no chip.
        if ((kind == SigningKey.VCEK) != (hwId != null) || (kind == SigningKey.VLEK) != (cspId != null)) {
            throw wrong(
                    "extensions",
                    kind == SigningKey.VCEK ? "hwID and no cspID" : "cspID and no hwID",
                    (hwId == null ? "no hwID" : "hwID") + " and " + (cspId == null ? "no cspID" : "cspID"));
        }
        return new VekCertificate(
                certificate,
                der.sha256(),
                certificate.spki().sha256(),
                kind,
                line,
                tcb(certificate, line),
                hwId,
                cspId);
    }

    /** Whether {@code chipId} of a report is this certificate's chip, with zeros behind a shorter identifier. */
    boolean isOfChip(Bytes chipId) {
        return hwId != null
                && chipId.slice(0, hwId.size()).equals(hwId)
                && chipId.slice(hwId.size(), chipId.size()).isZero();
    }

    private static TcbVersion tcb(X509Cert certificate, ProductLine line) throws MalformedEvidenceException {
        return new TcbVersion(
                line == ProductLine.TURIN
                        ? OptionalInt.of(number(certificate, FMC_SPL, "fmcSPL"))
                        : OptionalInt.empty(),
                number(certificate, BL_SPL, "blSPL"),
                number(certificate, TEE_SPL, "teeSPL"),
                number(certificate, SNP_SPL, "snpSPL"),
                number(certificate, UCODE_SPL, "ucodeSPL"));
    }

    private static int number(X509Cert certificate, String oid, String name) throws MalformedEvidenceException {
        Der value = Der.of(required(certificate, oid, name));
        var number = value.integer(name);
        value.end(name);
        if (number.signum() < 0 || number.bitLength() > 8) {
            throw wrong(name, "0 to 255", number.toString());
        }
        return number.intValue();
    }

    private static String text(X509Cert certificate, String oid, String name) throws MalformedEvidenceException {
        Der value = Der.of(required(certificate, oid, name));
        Bytes text = value.content(name, IA5_STRING);
        value.end(name);
        return new String(text.toByteArray(), StandardCharsets.US_ASCII);
    }

    /** AMD writes the bytes without any DER around them; an OCTET STRING of the same length is taken too. */
    private static Bytes hwId(X509Cert certificate, ProductLine line) throws MalformedEvidenceException {
        int size = line == ProductLine.TURIN ? TURIN_CHIP_ID_SIZE : CHIP_ID_SIZE;
        Bytes value = required(certificate, HW_ID, "hwID");
        if (value.size() == size) {
            return value;
        }
        if (value.size() == size + 2 && value.unsigned(0) == Der.OCTET_STRING && value.unsigned(1) == size) {
            return value.slice(2, value.size());
        }
        throw wrong("hwID", size + " bytes, alone or as an OCTET STRING", value.hex());
    }

    private static Bytes required(X509Cert certificate, String oid, String name) throws MalformedEvidenceException {
        Optional<Bytes> value = certificate.extension(oid);
        if (value.isEmpty()) {
            throw wrong(name, "extension " + oid, "none");
        }
        return value.get();
    }

    private static MalformedEvidenceException wrong(String field, String expected, String found) {
        return new MalformedEvidenceException(
                "vek certificate " + field, MalformedEvidenceException.NO_OFFSET, expected, found);
    }
}
