/** The page that {@code vai demo} leaves behind: loss curve, checks and attacks, in one file without scripts. */
@NullMarked
package org.verifiableai.examples.vai.report;

import org.jspecify.annotations.NullMarked;
