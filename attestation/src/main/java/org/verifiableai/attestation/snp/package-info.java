/**
 * AMD SEV-SNP: attestation reports, the certificates that vouch for them, and the verifier that judges both.
 *
 * <p>Field names are those of AMD's SEV-SNP firmware ABI (publication 56860) and of its VCEK specification (57230). An
 * accepted report proves which AMD processor, at which firmware level, launched a guest with which measurement, and that
 * this guest asked for the 64 bytes of REPORT_DATA. It carries no time: freshness comes from REPORT_DATA alone.
 */
@NullMarked
package org.verifiableai.attestation.snp;

import org.jspecify.annotations.NullMarked;
