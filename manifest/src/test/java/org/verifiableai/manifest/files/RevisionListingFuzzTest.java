package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class RevisionListingFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aListIsRefusedOrTellsWhatIsMissing(byte[] input) {
        FileDigest file = new FileDigest("a", 1, Bytes.zeros(32));
        try {
            RevisionListing listing = RevisionListing.parse(Bytes.of(input));
            assertThat(listing.missing(new FolderDigest(List.of(file)))).doesNotContain("a");
            listing.hasGitId("a");
            listing.require(file, Optional.empty());
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
        }
    }

    static List<byte[]> seeds() {
        String zero = "0".repeat(40);
        return Stream.of(
                        "{\"format_version\":1,\"files\":{}}",
                        "{\"format_version\":1,\"files\":{\"a\":{\"size\":1,\"blob_id\":\"" + zero
                                + "\"},\"b\":{\"size\":1,"
                                + "\"blob_id\":\"" + zero + "\",\"lfs_sha256\":\"" + "0".repeat(64)
                                + "\",\"lfs_size\":1,\"xet_hash\":\"x\"}}}")
                .map(json -> Bytes.utf8(json).toByteArray())
                .toList();
    }
}
