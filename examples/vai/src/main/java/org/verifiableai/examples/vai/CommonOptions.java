package org.verifiableai.examples.vai;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that every command understands. */
public final class CommonOptions {

    @Option(names = "--json", description = "Print one JSON object and nothing else on standard output.")
    private boolean json;

    @Option(
            names = "--at",
            paramLabel = "INSTANT",
            converter = InstantConverter.class,
            description = "Judge as of this instant, for example 2026-11-24T09:00:00Z, in place of now.")
    private @Nullable Instant at;

    @Option(names = "--offline", description = "Never touch the network.")
    private boolean offline;

    /** Called by picocli. */
    public CommonOptions() {}

    /** Whether to print one JSON object and nothing else. */
    public boolean json() {
        return json;
    }

    /** Whether the network must not be touched. */
    public boolean offline() {
        return offline;
    }

    /** The clock that {@code --at} asks for. */
    public Clock clock() {
        return at == null ? Clock.systemUTC() : Clock.fixed(at, ZoneOffset.UTC);
    }

    /** Whether the clock is the real one. */
    public boolean isNow() {
        return at == null;
    }

    /** ISO 8601 with an offset or with Z. */
    static final class InstantConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeParseException e) {
                throw new TypeConversionException("expected an instant such as 2026-11-24T09:00:00Z, found " + text);
            }
        }
    }
}
