/** Machines made of software for tests and demonstrations: authorities, devices and the evidence that they sign. */
module org.verifiableai.attestation.testkit {
    requires static org.jspecify;
    requires transitive org.verifiableai.attestation;
    requires org.bouncycastle.pkix;
    requires org.bouncycastle.provider;

    exports org.verifiableai.attestation.testkit;
}
