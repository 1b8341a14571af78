/** Signed provenance of models: formats, hashing, key binding, and the verifier of the whole chain. */
module org.verifiableai.manifest {
    requires static org.jspecify;
    requires transitive org.verifiableai.attestation;
    requires com.fasterxml.jackson.core;
    requires com.fasterxml.jackson.databind;
    requires org.bouncycastle.provider;

    exports org.verifiableai.manifest;
    exports org.verifiableai.manifest.data;
    exports org.verifiableai.manifest.export;
    exports org.verifiableai.manifest.files;
    exports org.verifiableai.manifest.oms;
    exports org.verifiableai.manifest.signing;
}
