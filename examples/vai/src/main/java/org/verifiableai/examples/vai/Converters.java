package org.verifiableai.examples.vai;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.TcbVersion;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
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
                return hex(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * The bytes that hex digits come to.
     *
     * @throws IllegalArgumentException if there is anything else, or half a byte
     */
    static Bytes hex(String text) {
        try {
            return Bytes.fromHex(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("expected hex digits, two for each byte, found " + text, e);
        }
    }

    /** A word as it stands. */
    static final class Word implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            return text;
        }
    }

    /** A number of at most 64 bits: decimal digits, or 0x and hex digits. */
    static final class Unsigned implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            try {
                return text.matches("0[xX][0-9a-fA-F]+")
                        ? Long.parseUnsignedLong(text, 2, text.length(), 16)
                        : parseDecimal(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "expected a number of at most 64 bits, decimal or 0x and hex, found " + text);
            }
        }

        private static long parseDecimal(String text) {
            if (!text.matches("[0-9]+")) {
                throw new NumberFormatException(text);
            }
            return Long.parseUnsignedLong(text);
        }
    }

    /** A virtual processor by QEMU's name. */
    static final class VcpuType implements ITypeConverter<VcpuSignature> {
        @Override
        public VcpuSignature convert(String text) {
            try {
                return VcpuSignature.ofType(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** A virtual machine monitor. */
    static final class OfVmm implements ITypeConverter<Vmm> {
        @Override
        public Vmm convert(String text) {
            try {
                return Vmm.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
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
