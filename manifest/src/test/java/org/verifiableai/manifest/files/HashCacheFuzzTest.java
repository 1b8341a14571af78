package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.files.FileNames;

class HashCacheFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aCacheIsRefusedOrHoldsEntriesInOrder(byte[] input) throws IOException {
        try (HashCache.Reader reader = new HashCache.Reader(new ByteArrayInputStream(input))) {
            reader.header();
            String last = "";
            for (HashCache.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                assertThat(FileNames.ORDER.compare(last, entry.name())).isNegative();
                assertThat(entry.sha256().size()).isEqualTo(32);
                entry.lasting();
                last = entry.name();
            }
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        String line = "0".repeat(64) + "\t1790000000000000000\t3\t1780000000000000000\t%s\t(dev=1,ino=2)\t%s\n";
        return Stream.of(
                        "vai-hash-cache/1\n",
                        "vai-hash-cache/1\n" + line.formatted("-", "a") + line.formatted("1780000000000000001", "b/c"),
                        "vai-hash-cache/1\n" + line.formatted("-9223372036854775808", "\u00e9"))
                .map(text -> Bytes.utf8(text).toByteArray())
                .toList();
    }
}
