package org.verifiableai.attestation;

/** The signature algorithms that evidence and manifests use. Each fixes key type, hash and signature encoding. */
public enum SignatureAlgorithm {
    /** ECDSA on P-256 with SHA-256; a signature is r and s, 32 bytes each, big-endian. */
    ECDSA_P256_SHA256,
    /** ECDSA on P-384 with SHA-384; a signature is r and s, 48 bytes each, big-endian. */
    ECDSA_P384_SHA384,
    /** ECDSA on P-521 with SHA-512; a signature is r and s, 66 bytes each, big-endian. */
    ECDSA_P521_SHA512,
    /** Ed25519 (RFC 8032); a signature is 64 bytes. */
    ED25519,
    /** RSASSA-PSS with SHA-384, MGF1 with SHA-384 and 48 bytes of salt (RFC 8017). */
    RSASSA_PSS_SHA384
}
