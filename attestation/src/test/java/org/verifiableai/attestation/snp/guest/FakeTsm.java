package org.verifiableai.attestation.snp.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.snp.SnpReport;

/** A kernel with configfs-tsm that answers as Linux does, down to what it says where it refuses. */
final class FakeTsm implements TsmFiles {

    static final String EINVAL = "Invalid argument";
    static final String ENXIO = "No such device or address";
    static final String EBUSY = "Device or resource busy";
    static final String EIO = "Input/output error";
    static final String EFBIG = "File too large";

    private static final int INBLOB_MAX = 64;

    final Path folder = Path.of("/fake/tsm/report");

    /** What was done, as {@code write inblob}. */
    final List<String> log = new ArrayList<>();

    boolean mounted = true;
    boolean permitted = true;

    @Nullable
    String provider = "sev_guest";

    String floor = "0";
    boolean paravisor;
    Bytes auxblob = Bytes.EMPTY;
    Bytes manifest = Bytes.EMPTY;

    @Nullable
    String firmwareError;

    int reportSize = SnpReport.SIZE;
    boolean answersSomethingElse;
    boolean takesNoInblob;

    @Nullable
    String removeError;

    Hook hook = (operation, entry) -> {};

    private final Map<Path, Entry> entries = new HashMap<>();

    /** Runs before an operation, and so plays another process. */
    @FunctionalInterface
    interface Hook {
        void before(String operation, Entry entry) throws IOException;
    }

    /** One folder below {@code report}. */
    static final class Entry {
        long writeGeneration;
        long readGeneration;
        Bytes inblob = Bytes.EMPTY;
        long privlevel;
        String service = "";
        String serviceGuid = "";

        @Nullable
        Bytes outblob;

        Bytes auxblob = Bytes.EMPTY;
        Bytes manifestblob = Bytes.EMPTY;

        void writeInblob(Bytes value) {
            writeGeneration++;
            inblob = value;
        }
    }

    int entries() {
        return entries.size();
    }

    /** Removes an entry behind the source's back. */
    void drop(Entry entry) {
        entries.values().remove(entry);
    }

    @Override
    public void makeDirectory(Path path) throws IOException {
        log.add("mkdir");
        if (!mounted) {
            throw new NoSuchFileException(path.toString());
        }
        if (!permitted) {
            throw new AccessDeniedException(path.toString());
        }
        if (provider == null) {
            throw new FileSystemException(path.toString(), null, ENXIO);
        }
        if (!folder.equals(path.getParent())) {
            throw new FileSystemException(path.toString(), null, "Operation not permitted");
        }
        if (entries.putIfAbsent(path, new Entry()) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
    }

    @Override
    public void removeDirectory(Path path) throws IOException {
        log.add("rmdir");
        if (removeError != null) {
            throw new FileSystemException(path.toString(), null, removeError);
        }
        if (entries.remove(path) == null) {
            throw new NoSuchFileException(path.toString());
        }
    }

    @Override
    public Bytes read(Path attribute, int limit) throws IOException {
        String name = attribute.getFileName().toString();
        Entry entry = entry(attribute, "read " + name);
        Bytes value = switch (name) {
            case "provider" -> Bytes.utf8(provider + "\n");
            case "generation" -> Bytes.utf8(Long.toUnsignedString(entry.writeGeneration) + "\n");
            case "privlevel_floor" -> Bytes.utf8(floor + "\n");
            case "outblob" -> generated(entry);
            case "auxblob" -> {
                generated(entry);
                yield entry.auxblob;
            }
            case "manifestblob" -> {
                requireParavisor(attribute);
                generated(entry);
                yield entry.manifestblob;
            }
            default -> throw new NoSuchFileException(attribute.toString());
        };
        if (value.size() > limit) {
            throw new IOException(EFBIG);
        }
        return value;
    }

    @Override
    public void write(Path attribute, Bytes value) throws IOException {
        String name = attribute.getFileName().toString();
        Entry entry = entry(attribute, "write " + name);
        String text = new String(value.toByteArray(), StandardCharsets.US_ASCII);
        switch (name) {
            case "inblob" -> {
                if (value.size() > INBLOB_MAX) {
                    throw new IOException(EFBIG);
                }
                // What goes wrong when the file is closed is told to nobody.
                if (!takesNoInblob) {
                    entry.writeInblob(value);
                }
            }
            case "privlevel" -> {
                long level = Long.parseLong(text);
                if (level < Long.parseLong(floor) || level > 3) {
                    throw new IOException(EINVAL);
                }
                entry.writeGeneration++;
                entry.privlevel = level;
            }
            case "service_provider" -> {
                requireParavisor(attribute);
                entry.writeGeneration++;
                entry.service = text;
            }
            case "service_guid" -> {
                requireParavisor(attribute);
                entry.writeGeneration++;
                entry.serviceGuid = text;
            }
            default -> throw new NoSuchFileException(attribute.toString());
        }
    }

    private Entry entry(Path attribute, String operation) throws IOException {
        log.add(operation);
        Entry entry = entries.get(attribute.getParent());
        if (entry != null) {
            hook.before(operation, entry);
            entry = entries.get(attribute.getParent());
        }
        if (entry == null) {
            throw new NoSuchFileException(attribute.toString());
        }
        return entry;
    }

    private void requireParavisor(Path attribute) throws IOException {
        if (!paravisor) {
            throw new NoSuchFileException(attribute.toString());
        }
    }

    /** The first read of a generation makes the report, later ones find it made. */
    private Bytes generated(Entry entry) throws IOException {
        if (entry.inblob.isEmpty()) {
            throw new IOException(EINVAL);
        }
        if (entry.outblob != null && entry.readGeneration == entry.writeGeneration) {
            return entry.outblob;
        }
        entry.outblob = null;
        log.add("firmware");
        if (entry.inblob.size() != INBLOB_MAX || !(entry.service.isEmpty() || entry.service.equals("svsm"))) {
            throw new IOException(EINVAL);
        }
        if (firmwareError != null) {
            throw new IOException(firmwareError);
        }
        boolean svsm = !entry.service.isEmpty();
        Bytes data = svsm ? TsmBlobs.serviceReportData(entry.inblob, manifest) : entry.inblob;
        Bytes report = report(answersSomethingElse ? data.reversed() : data, svsm ? 0 : entry.privlevel);
        entry.outblob = report;
        entry.auxblob = auxblob;
        entry.manifestblob = svsm ? manifest : Bytes.EMPTY;
        entry.readGeneration = entry.writeGeneration;
        return report;
    }

    private Bytes report(Bytes data, long vmpl) {
        Bytes report = Bytes.fromHex("03000000")
                .concat(
                        Bytes.zeros(0x02C),
                        Bytes.of((byte) vmpl, (byte) 0, (byte) 0, (byte) 0),
                        Bytes.fromHex("01000000"),
                        Bytes.zeros(0x018),
                        data,
                        Bytes.zeros(SnpReport.SIZE - 0x090));
        return reportSize <= report.size()
                ? report.slice(0, reportSize)
                : report.concat(Bytes.zeros(reportSize - report.size()));
    }
}
