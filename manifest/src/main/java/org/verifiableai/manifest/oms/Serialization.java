package org.verifiableai.manifest.oms;

/** How a statement lists a model: whole files, or parts of equal size. */
enum Serialization {
    FILES("files"),
    SHARDS("shards");

    private final String method;

    Serialization(String method) {
        this.method = method;
    }

    String method() {
        return method;
    }
}
