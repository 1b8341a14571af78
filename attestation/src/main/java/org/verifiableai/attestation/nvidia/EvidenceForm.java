package org.verifiableai.attestation.nvidia;

import java.util.List;
import java.util.Optional;

/** The documents in which devices' evidence travels. They hold the same of each device, and differ in what is around it. */
enum EvidenceForm {
    /** NVIDIA's collectors: an array, and nothing around it. */
    COLLECTED(""),
    /** The command nvattest: an object, which says beside the devices whether collecting them worked. */
    NVATTEST("evidences"),
    /** What is sent to NVIDIA's service: nonce and architecture stand once, for all devices. */
    SERVICE_REQUEST("evidence_list"),
    /** The Confidential Containers project: no nonce; architectures in any case, reports at first in hex. */
    TRUSTEE("device_evidence_list");

    /** The member that states an architecture. */
    static final String ARCH = "arch";

    /** The member that states a nonce. */
    static final String NONCE = "nonce";

    private final String list;

    EvidenceForm(String list) {
        this.list = list;
    }

    /** The form of an object that has its devices in the member of this name. */
    static Optional<EvidenceForm> ofList(String member) {
        for (EvidenceForm form : values()) {
            if (form != COLLECTED && form.list.equals(member)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /** What has to be stated of each device beside its evidence. */
    List<String> ofEach() {
        return switch (this) {
            case COLLECTED, NVATTEST -> List.of(ARCH, NONCE);
            case SERVICE_REQUEST -> List.of();
            case TRUSTEE -> List.of(ARCH);
        };
    }

    /** What has to be stated of all devices together. */
    List<String> ofAll() {
        return this == SERVICE_REQUEST ? List.of(ARCH, NONCE) : List.of();
    }
}
