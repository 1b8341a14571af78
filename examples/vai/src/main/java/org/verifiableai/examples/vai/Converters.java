package org.verifiableai.examples.vai;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.TcbVersion;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the words of a command line become values. A word that does not is wrong usage, and the message says why. */
final class Converters {

    private Converters() {}

    /** Hex digits. */
    static final class Hex implements ITypeConverter<Bytes> {
        @Override
        public Bytes convert(String text) {
            try {
                return Bytes.fromHex(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("expected hex digits, two for each byte, found " + text);
            }
        }
    }

    /** A product line in any case. */
    static final class Product implements ITypeConverter<ProductLine> {
        @Override
        public ProductLine convert(String text) {
            try {
                return ProductLine.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("expected milan, genoa or turin, found " + text);
            }
        }
    }

    /** Security version numbers by the names of their components. */
    static final class Tcb implements ITypeConverter<TcbVersion> {
        @Override
        public TcbVersion convert(String text) {
            try {
                return TcbVersion.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "expected numbers of 0 to 255 such as bl=3,tee=0,snp=8,ucode=115, found " + text);
            }
        }
    }

    /** What is made of revocation. */
    static final class OfRevocation implements ITypeConverter<Revocation> {
        @Override
        public Revocation convert(String text) {
            return switch (text) {
                case "require" -> Revocation.REQUIRE;
                case "if-available" -> Revocation.USE_IF_AVAILABLE;
                case "off" -> Revocation.OFF;
                default -> throw new TypeConversionException("expected require, if-available or off, found " + text);
            };
        }
    }
}
