package org.verifiableai.attestation.snp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;

/** A report in words: each field by its name in the ABI. The one place that makes them, for verdicts and for people. */
final class SnpFacts {

    /** The signed parts that the ABI keeps at zero, each from and to, the end exclusive. */
    private static final int[][] RESERVED = {
        {0x04C, 0x050}, {0x18B, 0x1A0}, {0x1EB, 0x1EC}, {0x1EF, 0x1F0}, {0x208, SnpReport.SIGNED_SIZE}
    };

    private static final int[] CPUID = {0x188, 0x18B};
    private static final int[] MITIGATION_VECTORS = {0x1F8, 0x208};

    private SnpFacts() {}

    /** TCB versions by component where the line is known, and as the 8 bytes of the report elsewhere. */
    static Map<String, String> of(SnpReport report, @Nullable ProductLine line) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", Integer.toString(report.version()));
        if (line != null) {
            facts.put("product", line.amdName());
        }
        facts.put("guestSvn", Long.toString(report.guestSvn()));
        facts.put("policy", Bits.hex(report.policy().raw()));
        facts.put("policyBits", words(report.policy().names()));
        facts.put("familyId", report.familyId().hex());
        facts.put("imageId", report.imageId().hex());
        facts.put("vmpl", Long.toString(report.vmpl()));
        facts.put("currentTcb", tcb(report.currentTcb(), line));
        facts.put("platformInfo", Bits.hex(report.platformInfo().raw()));
        facts.put("platformInfoBits", words(report.platformInfo().names()));
        facts.put("signer", report.signingKey().name());
        facts.put("authorKeyEnabled", Boolean.toString(report.authorKeyEnabled()));
        facts.put("chipKeyMasked", Boolean.toString(report.chipKeyMasked()));
        facts.put("reportData", report.reportData().hex());
        facts.put("measurement", report.measurement().hex());
        facts.put("hostData", report.hostData().hex());
        facts.put("idKeyDigest", report.idKeyDigest().hex());
        facts.put("authorKeyDigest", report.authorKeyDigest().hex());
        facts.put("reportId", report.reportId().hex());
        facts.put("reportIdMa", report.reportIdMa().hex());
        facts.put("reportedTcb", tcb(report.reportedTcb(), line));
        report.cpuId().ifPresent(cpu -> facts.put("cpuId", cpu.toString()));
        facts.put("chipId", report.chipId().hex());
        facts.put("committedTcb", tcb(report.committedTcb(), line));
        facts.put("currentVersion", report.currentVersion().toString());
        facts.put("committedVersion", report.committedVersion().toString());
        facts.put("launchTcb", tcb(report.launchTcb(), line));
        report.launchMitigationVector().ifPresent(v -> facts.put("launchMitVector", Bits.hex(v)));
        report.currentMitigationVector().ifPresent(v -> facts.put("currentMitVector", Bits.hex(v)));
        List<String> reserved = reservedNotZero(report);
        if (!reserved.isEmpty()) {
            facts.put("reservedNotZero", String.join(", ", reserved));
        }
        return facts;
    }

    private static String words(List<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", names);
    }

    private static String tcb(Bytes raw, @Nullable ProductLine line) {
        return line == null ? raw.hex() : TcbVersion.read(line, raw).toString();
    }

    /**
     * The offsets of signed bytes that this version of the report keeps at zero and that are not. Firmware wrote them, so
     * they are no forgery; they mean something that is not known here.
     */
    private static List<String> reservedNotZero(SnpReport report) {
        List<String> offsets = new ArrayList<>();
        for (int[] part : RESERVED) {
            collect(report, part, offsets);
        }
        if (report.cpuId().isEmpty()) {
            collect(report, CPUID, offsets);
        }
        if (report.launchMitigationVector().isEmpty()) {
            collect(report, MITIGATION_VECTORS, offsets);
        }
        return offsets;
    }

    private static void collect(SnpReport report, int[] part, List<String> offsets) {
        for (int from = part[0]; from < part[1]; from++) {
            int to = from;
            while (to < part[1] && report.raw().unsigned(to) != 0) {
                to++;
            }
            if (to > from) {
                String first = "0x" + Integer.toHexString(from);
                offsets.add(to == from + 1 ? first : first + " to 0x" + Integer.toHexString(to - 1));
                from = to;
            }
        }
    }
}
