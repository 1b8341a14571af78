package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.verifiableai.attestation.Bytes;

/**
 * A TCB_VERSION: the security version number of each firmware component. Versions are compared component by component;
 * as one number a high microcode would hide a low boot loader.
 *
 * @param fmc the FMC's, on Turin; empty elsewhere
 * @param bootLoader the boot loader's
 * @param tee the PSP operating system's
 * @param snp the SNP firmware's
 * @param microcode the lowest microcode patch level of all cores
 */
public record TcbVersion(OptionalInt fmc, int bootLoader, int tee, int snp, int microcode) {

    static final int SIZE = 8;

    private static final int MAX = 255;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a component is not of 0 to 255
     */
    public TcbVersion {
        check("fmc", fmc.orElse(0));
        check("boot loader", bootLoader);
        check("tee", tee);
        check("snp", snp);
        check("microcode", microcode);
    }

    /** A version on Milan or Genoa. */
    public static TcbVersion of(int bootLoader, int tee, int snp, int microcode) {
        return new TcbVersion(OptionalInt.empty(), bootLoader, tee, snp, microcode);
    }

    /** A version on Turin. */
    public static TcbVersion ofTurin(int fmc, int bootLoader, int tee, int snp, int microcode) {
        return new TcbVersion(OptionalInt.of(fmc), bootLoader, tee, snp, microcode);
    }

    /** Reads the 8 bytes of a report, whose layout the product line decides and never the report's version. */
    static TcbVersion read(ProductLine line, Bytes raw) {
        return line == ProductLine.TURIN
                ? ofTurin(raw.unsigned(0), raw.unsigned(1), raw.unsigned(2), raw.unsigned(3), raw.unsigned(7))
                : of(raw.unsigned(0), raw.unsigned(1), raw.unsigned(6), raw.unsigned(7));
    }

    /** The 8 bytes that a report of {@code line} carries; reserved bytes are zero. */
    public Bytes toBytes(ProductLine line) {
        byte[] raw = new byte[SIZE];
        if (line == ProductLine.TURIN) {
            raw[0] = (byte) fmc.orElse(0);
            raw[1] = (byte) bootLoader;
            raw[2] = (byte) tee;
            raw[3] = (byte) snp;
        } else {
            raw[0] = (byte) bootLoader;
            raw[1] = (byte) tee;
            raw[6] = (byte) snp;
        }
        raw[7] = (byte) microcode;
        return Bytes.of(raw);
    }

    /**
     * Reads the form of {@link #toString()}: {@code bl=3,tee=0,snp=8,ucode=115}, with {@code fmc=} on Turin. A component
     * that is left out is 0, which every version reaches.
     *
     * @throws IllegalArgumentException if {@code text} is not of the form
     */
    public static TcbVersion parse(String text) {
        OptionalInt fmc = OptionalInt.empty();
        int[] others = new int[4];
        List<String> names = List.of("bl", "tee", "snp", "ucode");
        List<String> seen = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            String[] pair = part.split("=", -1);
            if (pair.length != 2 || !pair[1].matches("[0-9]{1,3}") || seen.contains(pair[0])) {
                throw form(text);
            }
            seen.add(pair[0]);
            int value = Integer.parseInt(pair[1]);
            int index = names.indexOf(pair[0]);
            if (index >= 0) {
                others[index] = value;
            } else if (pair[0].equals("fmc")) {
                fmc = OptionalInt.of(value);
            } else {
                throw form(text);
            }
        }
        return new TcbVersion(fmc, others[0], others[1], others[2], others[3]);
    }

    /** Whether every component reaches that of {@code minimum}. */
    public boolean atLeast(TcbVersion minimum) {
        return below(minimum).isEmpty();
    }

    /** Each component that does not reach that of {@code minimum}, in words. */
    List<String> below(TcbVersion minimum) {
        List<String> below = new ArrayList<>();
        compare(below, "fmc", fmc.orElse(0), minimum.fmc.orElse(0));
        compare(below, "boot loader", bootLoader, minimum.bootLoader);
        compare(below, "tee", tee, minimum.tee);
        compare(below, "snp", snp, minimum.snp);
        compare(below, "microcode", microcode, minimum.microcode);
        return below;
    }

    @Override
    public String toString() {
        String others = "bl=" + bootLoader + ",tee=" + tee + ",snp=" + snp + ",ucode=" + microcode;
        return fmc.isPresent() ? "fmc=" + fmc.getAsInt() + "," + others : others;
    }

    private static void compare(List<String> below, String name, int value, int minimum) {
        if (value < minimum) {
            below.add(name + " is " + value + ", below " + minimum);
        }
    }

    private static void check(String name, int value) {
        if (value < 0 || value > MAX) {
            throw new IllegalArgumentException(name + " version must be of 0 to 255, found " + value);
        }
    }

    private static IllegalArgumentException form(String text) {
        return new IllegalArgumentException(
                "tcb version must be of the form bl=3,tee=0,snp=8,ucode=115 with fmc=0 on Turin, found " + text);
    }
}
