package org.verifiableai.attestation.nvidia;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.internal.VerdictJson;

/**
 * What a {@link GpuVerifier} concluded: one verdict over all devices, and beside it what was read of each. Immutable.
 *
 * <p>The verdict decides. It has each check once: a check fails if it fails for one device, and its detail names the
 * devices. The results by device are for people and for records; they are there in a rejection too, where nothing in them
 * is proven.
 */
public final class GpuResult {

    private final Verdict<GpuSystem> verdict;
    private final List<DeviceResult> devices;

    GpuResult(Verdict<GpuSystem> verdict, List<DeviceResult> devices) {
        this.verdict = Objects.requireNonNull(verdict, "verdict");
        this.devices = List.copyOf(devices);
    }

    /** The verdict over all devices. */
    public Verdict<GpuSystem> verdict() {
        return verdict;
    }

    /** Each device in the order of the evidence. */
    public List<DeviceResult> devices() {
        return devices;
    }

    /**
     * The verdict's JSON, as {@link Verdict#toJson()} has it, with {@code facts.devices} in place of the facts of single
     * devices. It is the array of {@link #devicesJson()}, in an acceptance and in a rejection; {@code facts.devicesProven}
     * says which of the two it is: {@code false} means that the array is what the evidence claims.
     */
    public String toJson() {
        return VerdictJson.write(verdict, GpuFacts::isOfTheSystem, this::writeMembers);
    }

    /**
     * A JSON array with one object for each device: {@code name}, {@code architecture}, {@code hwmodel}, {@code ueid},
     * {@code driver}, {@code vbios}, {@code nonce}, {@code fwid}, {@code mode} and {@code measurements}. A member is null
     * where the device does not state it or it could not be read.
     *
     * <p>{@code measurements} is null where they were not compared, and otherwise has {@code success}, the indices
     * {@code matched}, {@code mismatched}, {@code skipped} and {@code conflicts}, and {@code details} with {@code index},
     * {@code source}, {@code expected} and {@code found} for each that is mismatched. Indices are those of the reference
     * values and begin at 0.
     */
    public String devicesJson() {
        return DeviceJson.write(devices);
    }

    private void writeMembers(JsonGenerator out) throws IOException {
        out.writeBooleanField("devicesProven", verdict.accepted());
        out.writeFieldName("devices");
        out.writeRawValue(devicesJson());
    }
}
