package org.verifiableai.manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.verifiableai.manifest.files.FileDigest;
import org.verifiableai.manifest.files.FolderDigest;

/** What differs between the files that a manifest names and those that a folder holds. */
final class FolderComparison {

    private static final int MAX_NAMED = 5;

    private FolderComparison() {}

    /** Names the first differences, or nothing where there are none. */
    static Optional<String> difference(FolderDigest expected, FolderDigest found) {
        List<String> differences = new ArrayList<>();
        Map<String, FileDigest> rest = new LinkedHashMap<>();
        found.files().forEach(file -> rest.put(file.name(), file));
        for (FileDigest file : expected.files()) {
            FileDigest other = rest.remove(file.name());
            if (other == null) {
                differences.add(file.name() + ": expected a file, found none");
            } else if (other.size() != file.size()) {
                differences.add(file.name() + ": expected " + file.size() + " bytes, found " + other.size());
            } else if (!other.sha256().equals(file.sha256())) {
                differences.add(file.name() + ": expected sha256 " + file.sha256() + ", found " + other.sha256());
            }
        }
        rest.keySet().forEach(name -> differences.add(name + ": expected no such file, found one"));
        // Both roots follow from the files. They are compared all the same: they are what goes on chain.
        if (!expected.dirHash1().equals(found.dirHash1())) {
            differences.add("dirHash1: expected " + expected.dirHash1() + ", found " + found.dirHash1());
        }
        if (!expected.omsRoot().equals(found.omsRoot())) {
            differences.add("sha256 root: expected " + expected.omsRoot() + ", found " + found.omsRoot());
        }
        if (differences.isEmpty()) {
            return Optional.empty();
        }
        String named = String.join("; ", differences.subList(0, Math.min(MAX_NAMED, differences.size())));
        int more = differences.size() - MAX_NAMED;
        return Optional.of(more > 0 ? named + "; and " + more + " more" : named);
    }
}
