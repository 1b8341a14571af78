package org.verifiableai.attestation.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpTrustAnchors;
import org.verifiableai.attestation.snp.SnpTrustAnchors.Role;
import org.verifiableai.attestation.snp.TcbVersion;

/**
 * An authority made of software that stands where AMD stands for one product line: a root (ARK), the signing keys under
 * it (ASK and ASVK), revocation lists, and processors with keys that it certifies. Immutable and thread-safe.
 *
 * <p>Its root bears the name of AMD's and has another key: it is trusted only where a caller passes
 * {@link #trustAnchors()} to a verifier, and never by {@link SnpTrustAnchors#amd()}. Its evidence proves nothing about any
 * machine.
 *
 * <pre>{@code
 * SoftwareAmd amd = SoftwareAmd.create(ProductLine.GENOA);
 * SoftwareSnpPlatform platform = amd.platform(TcbVersion.of(10, 0, 23, 84));
 * SnpVerifier verifier = SnpVerifier.builder().trustAnchors(amd.trustAnchors()).build();
 * Verdict<SnpReport> verdict = verifier.verify(platform.report(reportData), policy);
 * }</pre>
 */
public final class SoftwareAmd {

    private static final Duration LIFETIME = Duration.ofDays(25 * 365);
    private static final Duration BACKDATED = Duration.ofDays(365);

    private static final int ASVK_BLOCK = 0x100;

    private final ProductLine line;
    private final RsaKey arkKey;
    private final RsaKey askKey;
    private final RsaKey asvkKey;
    private final Instant from;
    private final Instant until;
    private final Bytes ark;
    private final Bytes ask;
    private final Bytes asvk;
    private final int generation;

    private SoftwareAmd(
            ProductLine line,
            RsaKey arkKey,
            RsaKey askKey,
            RsaKey asvkKey,
            Instant from,
            Instant until,
            Bytes ark,
            Bytes ask,
            Bytes asvk,
            int generation) {
        this.line = line;
        this.arkKey = arkKey;
        this.askKey = askKey;
        this.asvkKey = asvkKey;
        this.from = from;
        this.until = until;
        this.ark = ark;
        this.ask = ask;
        this.asvk = asvk;
        this.generation = generation;
    }

    /** A new authority whose certificates are valid since a year ago and for many to come. Takes some seconds. */
    public static SoftwareAmd create(ProductLine line) {
        Instant from = Instant.now().minus(BACKDATED);
        return create(line, from, from.plus(LIFETIME));
    }

    /** A new authority, all of whose certificates and lists are valid from one instant until another. */
    public static SoftwareAmd create(ProductLine line, Instant from, Instant until) {
        CompletableFuture<RsaKey> ark = CompletableFuture.supplyAsync(RsaKey::generate);
        CompletableFuture<RsaKey> ask = CompletableFuture.supplyAsync(RsaKey::generate);
        RsaKey asvk = RsaKey.generate();
        return new SoftwareAmd(
                        line,
                        ark.join(),
                        ask.join(),
                        asvk,
                        from,
                        until,
                        authority(line, Role.ARK, serial(line, 0), ark.join(), ark.join(), from, until),
                        Bytes.EMPTY,
                        Bytes.EMPTY,
                        0)
                .issue(ask.join(), asvk, from, until);
    }

    /** With the root's certificate issued anew for the same key, valid from one instant until another. */
    public SoftwareAmd withRootValid(Instant rootFrom, Instant rootUntil) {
        Bytes reissued = authority(line, Role.ARK, serial(line, 0), arkKey, arkKey, rootFrom, rootUntil);
        return new SoftwareAmd(line, arkKey, askKey, asvkKey, from, until, reissued, ask, asvk, generation);
    }

    /**
     * With the certificates of ASK and ASVK issued anew for the same keys, under the next serial numbers, valid from one
     * instant until another. VEKs stay valid as long as before.
     */
    public SoftwareAmd withSigningKeysValid(Instant keysFrom, Instant keysUntil) {
        return issue(askKey, asvkKey, keysFrom, keysUntil);
    }

    /** With a new ASK and ASVK under the same root, with the next serial numbers. Takes some seconds. */
    public SoftwareAmd withNewSigningKeys() {
        CompletableFuture<RsaKey> newAsk = CompletableFuture.supplyAsync(RsaKey::generate);
        RsaKey newAsvk = RsaKey.generate();
        return issue(newAsk.join(), newAsvk, from, until);
    }

    /** What a verifier needs in order to trust this authority's processors, and nobody else's: the root alone. */
    public SnpTrustAnchors trustAnchors() {
        return trustAnchorsOf(List.of(ark));
    }

    /** As {@link #trustAnchors()}, with ASK and ASVK pinned as well: evidence then needs no certificate but the VEK's. */
    public SnpTrustAnchors allTrustAnchors() {
        return trustAnchorsOf(List.of(ark, ask, asvk));
    }

    /** The product line that it stands for. */
    public ProductLine productLine() {
        return line;
    }

    /** The root's certificate, DER. */
    public Bytes ark() {
        return ark;
    }

    /** The certificate of the key that signs VCEKs, DER. */
    public Bytes ask() {
        return ask;
    }

    /** The certificate of the key that signs VLEKs, DER. */
    public Bytes asvk() {
        return asvk;
    }

    /** The serial number of {@link #ark()}. */
    public BigInteger arkSerial() {
        return BigInteger.valueOf(serial(line, 0));
    }

    /** The serial number of {@link #ask()}. */
    public BigInteger askSerial() {
        return BigInteger.valueOf(serial(line, generation));
    }

    /** The serial number of {@link #asvk()}. */
    public BigInteger asvkSerial() {
        return BigInteger.valueOf(serial(line, ASVK_BLOCK + generation));
    }

    /** A revocation list of the root, DER, that is current from one instant until another. */
    public Bytes revocationList(Instant thisUpdate, Instant nextUpdate, List<BigInteger> revoked) {
        return revocationList(arkKey, thisUpdate, nextUpdate, revoked);
    }

    /** As {@link #revocationList}, in the name of the root and signed by the ASK, whose word does not count. */
    public Bytes forgedRevocationList(Instant thisUpdate, Instant nextUpdate, List<BigInteger> revoked) {
        return revocationList(askKey, thisUpdate, nextUpdate, revoked);
    }

    private Bytes revocationList(RsaKey key, Instant thisUpdate, Instant nextUpdate, List<BigInteger> revoked) {
        X509v2CRLBuilder builder =
                new X509v2CRLBuilder(AmdCertificate.name("ARK-" + line.amdName()), Date.from(thisUpdate));
        builder.setNextUpdate(Date.from(nextUpdate));
        for (BigInteger serial : revoked) {
            builder.addCRLEntry(serial, Date.from(thisUpdate), CRLReason.superseded);
        }
        try {
            return Bytes.of(builder.build(key.contentSigner()).getEncoded());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new processor with a chip identifier of its own and a VCEK for this TCB. */
    public SoftwareSnpPlatform platform(TcbVersion tcb) {
        return SoftwareSnpPlatform.withVcek(this, tcb);
    }

    /** A new processor of a cloud provider, with a VLEK for this TCB. */
    public SoftwareSnpPlatform platformWithVlek(TcbVersion tcb, String cspId) {
        return SoftwareSnpPlatform.withVlek(this, tcb, cspId);
    }

    /** Certifies a key as the VCEK of a chip at a TCB. */
    Bytes vcek(SoftwareKey key, TcbVersion tcb, Bytes hwId) {
        return AmdCertificate.vcek(line, key.spki(), tcb, hwId, from, until).signedBy(askKey);
    }

    /** Certifies a key as a VLEK at a TCB. */
    Bytes vlek(SoftwareKey key, TcbVersion tcb, String cspId) {
        return AmdCertificate.vlek(line, key.spki(), tcb, cspId, from, until).signedBy(asvkKey);
    }

    /** A list that revokes nothing and is current as long as the certificates are valid. */
    Bytes emptyRevocationList() {
        return revocationList(from, until, List.of());
    }

    private static SnpTrustAnchors trustAnchorsOf(List<Bytes> certificates) {
        try {
            return SnpTrustAnchors.ofCertificates(certificates);
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException("this authority's own certificates do not read", e);
        }
    }

    /** The same root with these signing keys, certified under the next serial numbers. */
    private SoftwareAmd issue(RsaKey newAsk, RsaKey newAsvk, Instant keysFrom, Instant keysUntil) {
        int next = generation + 1;
        return new SoftwareAmd(
                line,
                arkKey,
                newAsk,
                newAsvk,
                from,
                until,
                ark,
                authority(line, Role.ASK, serial(line, next), newAsk, arkKey, keysFrom, keysUntil),
                authority(line, Role.ASVK, serial(line, ASVK_BLOCK + next), newAsvk, arkKey, keysFrom, keysUntil),
                next);
    }

    private static Bytes authority(
            ProductLine line, Role role, int serial, RsaKey key, RsaKey root, Instant from, Instant until) {
        return AmdCertificate.authority(
                        Role.ARK.commonName(line), role.commonName(line), serial, key.spki(), from, until)
                .signedBy(root);
    }

    private static int serial(ProductLine line, int number) {
        int block = switch (line) {
            case MILAN -> 1;
            case GENOA -> 2;
            case TURIN -> 3;
        };
        return (block << 16) | number;
    }
}
