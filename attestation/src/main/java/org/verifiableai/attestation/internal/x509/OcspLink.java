package org.verifiableai.attestation.internal.x509;

/**
 * A certificate and the one that issued it, whose status is asked. That the one did issue the other is checked elsewhere.
 *
 * @param certificate the certificate whose status is asked
 * @param issuer the certificate whose key signed it, and answers for it
 */
public record OcspLink(X509Cert certificate, X509Cert issuer) {}
