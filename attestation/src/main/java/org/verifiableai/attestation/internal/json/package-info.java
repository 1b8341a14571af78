/** JSON as evidence has it: read strictly, kept in order, and written back. */
@NullMarked
package org.verifiableai.attestation.internal.json;

import org.jspecify.annotations.NullMarked;
