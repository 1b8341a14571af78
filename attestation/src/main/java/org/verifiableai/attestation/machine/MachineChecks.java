package org.verifiableai.attestation.machine;

import java.util.List;
import org.verifiableai.attestation.CheckId;

/**
 * The checks of {@link MachineVerifier} beside those of the processor's report ({@code snp.*}) and of the GPUs
 * ({@code gpu.*}), in the order in which a verdict lists them.
 *
 * <p>That one report vouches for key, challenge, job and GPU evidence together is {@code snp.report-data}; that each GPU
 * answered a nonce made from this key and this challenge is {@code gpu.nonce}. Evidence of another machine's GPU fails both.
 */
public final class MachineChecks {

    /**
     * REPORT_DATA begins with the fingerprint of the key: the guest made this key, and no other, its own. What follows is
     * not zero, unless the policy accepts a report that binds the key alone.
     */
    public static final CheckId KEY = new CheckId("machine.key");

    /** The guest was given the challenge that the policy expects. */
    public static final CheckId CHALLENGE = new CheckId("machine.challenge");

    /** There is evidence of GPUs, of a form that this version reads. */
    public static final CheckId GPU = new CheckId("machine.gpu");

    /**
     * The guest says of each GPU that its confidential-computing mode is on, or that it is one of a protected PCIe system:
     * neither off nor in the mode for developers' tools, in which the host may look on. Where a report states that its GPU is
     * one of a protected PCIe system or that it is none, the guest says so too.
     */
    public static final CheckId CC_MODE = new CheckId("machine.cc-mode");

    /** All of them. */
    public static final List<CheckId> ALL = List.of(KEY, CHALLENGE, GPU, CC_MODE);

    private MachineChecks() {}
}
