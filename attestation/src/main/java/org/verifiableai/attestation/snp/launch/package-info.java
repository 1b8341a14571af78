/**
 * The launch measurement of an SEV-SNP guest: what MEASUREMENT a report must carry if the guest was launched from a known
 * firmware, kernel, initial RAM disk and command line, on a known number of known virtual processors.
 *
 * <p>A measurement computed here equals that of a report only if the host launched exactly this. It says nothing about
 * the guest's policy, HOST_DATA, or what was loaded after launch, such as a disk whose hash does not stand on a measured
 * command line. The launch digest is that of AMD's SEV-SNP firmware ABI (publication 56860), SNP_LAUNCH_UPDATE; what is
 * put into the pages is the virtual machine monitor's choice, and {@link org.verifiableai.attestation.snp.launch.Vmm}
 * names the known ones.
 */
@NullMarked
package org.verifiableai.attestation.snp.launch;

import org.jspecify.annotations.NullMarked;
