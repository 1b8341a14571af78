package org.verifiableai.attestation.snp;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The least TCB that will do: one for every product line, or one for each that is named and none for the others. Numbers
 * of one line say nothing about another's, so that a policy over several lines needs one for each. Immutable.
 */
final class TcbMinimum {

    private final @Nullable TcbVersion everyLine;
    private final Map<ProductLine, TcbVersion> byLine;

    private TcbMinimum(@Nullable TcbVersion everyLine, Map<ProductLine, TcbVersion> byLine) {
        this.everyLine = everyLine;
        this.byLine = byLine;
    }

    static TcbMinimum of(TcbVersion tcb) {
        return new TcbMinimum(tcb, Map.of());
    }

    /** The minimum for {@code line} beside those that {@code others} has by line. */
    static TcbMinimum with(@Nullable TcbMinimum others, ProductLine line, TcbVersion tcb) {
        if (line != ProductLine.TURIN && tcb.fmc().isPresent()) {
            throw new IllegalArgumentException("tcb minimum for " + line.amdName() + " must have no fmc, found " + tcb);
        }
        Map<ProductLine, TcbVersion> byLine = new EnumMap<>(ProductLine.class);
        if (others != null) {
            byLine.putAll(others.byLine);
        }
        byLine.put(line, tcb);
        return new TcbMinimum(null, byLine);
    }

    /** The one for every line; empty where each line has its own. */
    Optional<TcbVersion> everyLine() {
        return Optional.ofNullable(everyLine);
    }

    /** Each line's own; empty where there is one for every line. */
    Map<ProductLine, TcbVersion> byLine() {
        return byLine;
    }

    /** The minimum for a line; empty where other lines have one and this has none, which refuses the line. */
    Optional<TcbVersion> forLine(ProductLine line) {
        return everyLine != null ? Optional.of(everyLine) : Optional.ofNullable(byLine.get(line));
    }
}
