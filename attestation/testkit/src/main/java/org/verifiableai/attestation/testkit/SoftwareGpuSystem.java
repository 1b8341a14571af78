package org.verifiableai.attestation.testkit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.FeatureFlag;
import org.verifiableai.attestation.nvidia.GpuArchitecture;
import org.verifiableai.attestation.nvidia.GpuEvidence;

/**
 * A machine of GPUs and NVSwitches made of software, whose links are in order. Immutable and thread-safe; each {@code with}
 * method gives another machine. {@link SoftwareNvidia#protectedPcie} makes them.
 *
 * @param gpus the GPUs
 * @param switches the switches
 */
public record SoftwareGpuSystem(List<SoftwareGpu> gpus, List<SoftwareGpu> switches) {

    /** Copies both lists. */
    public SoftwareGpuSystem {
        gpus = List.copyOf(gpus);
        switches = List.copyOf(switches);
    }

    static SoftwareGpuSystem of(SoftwareNvidia nvidia, int gpus, int switches) {
        if (gpus < 1 || gpus > 8 || switches < 1 || switches > 18) {
            throw new IllegalArgumentException(
                    "a machine must have 1 to 8 GPUs and 1 to 18 switches, found " + gpus + " and " + switches);
        }
        List<Bytes> gpuPdis = pdis("gpu", gpus);
        List<Bytes> switchPdis = pdis("switch", switches);
        return new SoftwareGpuSystem(
                IntStream.range(0, gpus)
                        .mapToObj(i -> nvidia.device(GpuArchitecture.HOPPER)
                                .withMode(FeatureFlag.PPCIE)
                                .linkedTo(switchPdis))
                        .toList(),
                switchPdis.stream()
                        .map(pdi ->
                                nvidia.device(GpuArchitecture.LS10).withPdi(pdi).namingGpus(gpuPdis))
                        .toList());
    }

    /** The evidence of every device, GPUs first. */
    public List<GpuEvidence> evidence(Bytes nonce) {
        return devices().map(device -> device.evidence(nonce)).toList();
    }

    /** Good answers about the certificates of every device. */
    public List<Bytes> ocspAnswers(Instant thisUpdate) {
        return devices()
                .flatMap(device -> device.ocspAnswers(thisUpdate).stream())
                .toList();
    }

    /** This machine with one GPU changed. */
    public SoftwareGpuSystem withGpu(int index, UnaryOperator<SoftwareGpu> change) {
        return new SoftwareGpuSystem(changed(gpus, index, change), switches);
    }

    /** This machine with one switch changed. */
    public SoftwareGpuSystem withSwitch(int index, UnaryOperator<SoftwareGpu> change) {
        return new SoftwareGpuSystem(gpus, changed(switches, index, change));
    }

    private Stream<SoftwareGpu> devices() {
        return Stream.concat(gpus.stream(), switches.stream());
    }

    private static List<SoftwareGpu> changed(List<SoftwareGpu> devices, int index, UnaryOperator<SoftwareGpu> change) {
        List<SoftwareGpu> changed = new ArrayList<>(devices);
        changed.set(index, change.apply(changed.get(index)));
        return changed;
    }

    private static List<Bytes> pdis(String kind, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Bytes.utf8("pdi of " + kind + " " + i).sha256().slice(0, 8))
                .toList();
    }
}
