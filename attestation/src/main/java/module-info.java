/** Evidence about machines: AMD SEV-SNP reports and NVIDIA GPU measurements, parsed and appraised. */
module org.verifiableai.attestation {
    requires static org.jspecify;
    requires java.xml;
    requires java.xml.crypto;
    requires transitive java.net.http;
    requires org.bouncycastle.provider;
    requires com.fasterxml.jackson.core;

    exports org.verifiableai.attestation;
    exports org.verifiableai.attestation.machine;
    exports org.verifiableai.attestation.nvidia;
    exports org.verifiableai.attestation.nvidia.collateral;
    exports org.verifiableai.attestation.nvidia.token;
    exports org.verifiableai.attestation.snp;
    exports org.verifiableai.attestation.snp.collateral;
    exports org.verifiableai.attestation.snp.guest;
    exports org.verifiableai.attestation.snp.launch;

    // The only way to a Verified value. Our own modules get it and nobody else does.
    exports org.verifiableai.attestation.internal to
            org.verifiableai.manifest,
            org.verifiableai.chain;
}
