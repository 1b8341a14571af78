/** Inside the guest: where a report comes from. */
@NullMarked
package org.verifiableai.attestation.snp.guest;

import org.jspecify.annotations.NullMarked;
