package org.verifiableai.attestation.snp;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.internal.Appraisal;

/** The ways in which a demand is put to a report. A demand that is not made is waived by name. */
final class Rule {

    private Rule() {}

    static void equal(Appraisal appraisal, CheckId id, Bytes found, @Nullable Bytes expected) {
        if (expected == null) {
            appraisal.notDemanded(id);
            return;
        }
        appraisal.check(id, found.equals(expected), found::hex, () -> "expected " + expected + ", found " + found);
    }

    /** A condition that counts where the policy asks for it, and the two sentences for what came of it. */
    static void demanded(
            Appraisal appraisal,
            CheckId id,
            boolean demanded,
            boolean met,
            Supplier<String> ifMet,
            Supplier<String> ifNotMet) {
        if (!demanded) {
            appraisal.notDemanded(id);
            return;
        }
        appraisal.check(id, met, ifMet, ifNotMet);
    }

    /** Bits without a name are told of in any case, and refused only where the policy says so. */
    static void unknownBits(Appraisal appraisal, CheckId id, String field, long raw, long unknown, boolean refused) {
        if (unknown == 0) {
            appraisal.pass(id, field + " has no unknown bit");
            return;
        }
        String found = field + " " + Bits.hex(raw) + " has unknown " + String.join(", ", Bits.numbers(unknown));
        if (refused) {
            appraisal.fail(id, found);
        } else {
            appraisal.waive(id, found + "; the policy does not refuse them");
        }
    }
}
