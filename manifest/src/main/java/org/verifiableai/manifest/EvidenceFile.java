package org.verifiableai.manifest;

import org.verifiableai.attestation.Bytes;

/**
 * One piece of evidence with its content.
 *
 * @param name the part that it plays
 * @param mediaType what its bytes are
 * @param content its bytes
 */
record EvidenceFile(String name, String mediaType, Bytes content) {

    EvidenceReference reference() {
        return new EvidenceReference(name, mediaType, content.sha256());
    }
}
