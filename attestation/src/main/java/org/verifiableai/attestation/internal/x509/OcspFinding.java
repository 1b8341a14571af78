package org.verifiableai.attestation.internal.x509;

import org.verifiableai.attestation.RevocationStatus;

/**
 * What the answers say of one certificate.
 *
 * @param status in a word
 * @param detail in a sentence that names the certificate; text of certificates in it is as it stands there
 */
public record OcspFinding(RevocationStatus status, String detail) {}
