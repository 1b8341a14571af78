package org.verifiableai.examples.benchmarks;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.snp.launch.FirmwareImage;
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.MeasuredFirmware;
import org.verifiableai.attestation.snp.launch.VcpuSignature;
import org.verifiableai.attestation.snp.launch.Vmm;
import org.verifiableai.attestation.testkit.SoftwareFirmware;

/**
 * The launch measurement of a firmware of 4 MiB, from the bytes of its image to the digest, against SHA-384 over each of
 * the same 1024 pages. The measurement cannot do without a second hash for each page, over the 112 bytes of its PAGE_INFO,
 * which {@link #sha384OfPagesAndPageInfo()} adds. No two pages are alike, so that nothing is saved on filler.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class LaunchMeasurements {

    private static final int SIZE = 4 << 20;
    private static final int PAGE = 4096;
    private static final int PAGE_INFO_SIZE = 112;

    private byte[] pages;
    private Bytes image;
    private MeasuredFirmware measured;

    /** Makes an image of random pages with the tables of a firmware. */
    @Setup
    public void prepare() throws MalformedEvidenceException {
        byte[] made = SoftwareFirmware.ovmf().withSize(SIZE).image().toByteArray();
        byte[] filler = new byte[SIZE - 2 * PAGE];
        new Random(1).nextBytes(filler);
        System.arraycopy(filler, 0, made, 0, filler.length);
        pages = made;
        image = Bytes.of(made);
        measured = MeasuredFirmware.of(FirmwareImage.parse(image));
    }

    /** Everything: tables, pages, sections and one virtual processor. */
    @Benchmark
    public Bytes launchMeasurement() throws MalformedEvidenceException {
        return launch(MeasuredFirmware.of(FirmwareImage.parse(image)), 1);
    }

    /** What a policy pays that holds the firmware as JSON: sections and 64 virtual processors. */
    @Benchmark
    public Bytes launchMeasurementOfMeasuredFirmware() {
        return launch(measured, 64);
    }

    /** The hash of each page alone. */
    @Benchmark
    public byte[] sha384OfPages() throws GeneralSecurityException {
        MessageDigest sha384 = MessageDigest.getInstance("SHA-384");
        byte[] digest = new byte[48];
        for (int offset = 0; offset < SIZE; offset += PAGE) {
            sha384.update(pages, offset, PAGE);
            sha384.digest(digest, 0, digest.length);
        }
        return digest;
    }

    /** The hash of each page and of a PAGE_INFO. */
    @Benchmark
    public byte[] sha384OfPagesAndPageInfo() throws GeneralSecurityException {
        MessageDigest sha384 = MessageDigest.getInstance("SHA-384");
        byte[] digest = new byte[PAGE_INFO_SIZE];
        for (int offset = 0; offset < SIZE; offset += PAGE) {
            sha384.update(pages, offset, PAGE);
            sha384.digest(digest, 48, 48);
            sha384.update(digest);
            sha384.digest(digest, 0, 48);
        }
        return digest;
    }

    private static Bytes launch(MeasuredFirmware firmware, int vcpus) {
        return LaunchConfiguration.builder("benchmark")
                .vmm(Vmm.QEMU)
                .firmware(firmware)
                .vcpu(VcpuSignature.ofType("EPYC-Milan"))
                .vcpus(vcpus)
                .build()
                .measurement();
    }
}
