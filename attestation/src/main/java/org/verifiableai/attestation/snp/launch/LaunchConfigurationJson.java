package org.verifiableai.attestation.snp.launch;

import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** A launch configuration as JSON. What is read goes through the builder, so that reading cannot do what it refuses. */
final class LaunchConfigurationJson {

    private static final int SHA256_SIZE = 32;

    private @Nullable String name;
    private @Nullable Vmm vmm;
    private @Nullable MeasuredFirmware firmware;
    private @Nullable Bytes kernelSha256;
    private @Nullable Bytes initrdSha256;
    private @Nullable String append;
    private @Nullable SortedMap<String, Bytes> disks;
    private @Nullable Long vcpus;
    private @Nullable VcpuSignature ofType;
    private @Nullable VcpuSignature ofSig;
    private @Nullable Long guestFeatures;

    private LaunchConfigurationJson() {}

    static String write(LaunchConfiguration launch) {
        return LaunchJson.write(out -> {
            out.writeStringField("name", launch.name());
            out.writeStringField("vmm", launch.vmm().toString());
            out.writeObjectFieldStart("firmware");
            MeasuredFirmwareJson.members(out, launch.firmware());
            out.writeEndObject();
            if (launch.kernelSha256().isPresent()) {
                out.writeStringField("kernelSha256", launch.kernelSha256().get().hex());
            }
            if (launch.initrdSha256().isPresent()) {
                out.writeStringField("initrdSha256", launch.initrdSha256().get().hex());
            }
            if (launch.kernelSha256().isPresent()) {
                out.writeStringField("append", launch.commandLine().toString());
            }
            if (!launch.disks().isEmpty()) {
                out.writeObjectFieldStart("disks");
                for (Map.Entry<String, Bytes> disk : launch.disks().entrySet()) {
                    out.writeStringField(disk.getKey(), disk.getValue().hex());
                }
                out.writeEndObject();
            }
            out.writeNumberField("vcpus", launch.vcpus());
            if (launch.vcpu().isPresent()) {
                LaunchJson.hex(out, "vcpuSig", launch.vcpu().get().value());
            }
            LaunchJson.hex(out, "guestFeatures", launch.guestFeatures());
        });
    }

    static LaunchConfiguration.Builder read(String json) throws MalformedEvidenceException {
        LaunchConfiguration.Builder[] builder = new LaunchConfiguration.Builder[1];
        LaunchJson.read("launch configuration", json, in -> {
            LaunchConfigurationJson read = new LaunchConfigurationJson();
            in.object(member -> read.member(in, member));
            builder[0] = read.toBuilder(in);
        });
        return builder[0];
    }

    private void member(LaunchJson in, String member) throws IOException, MalformedEvidenceException {
        switch (member) {
            case "name" -> name = in.text(member);
            case "vmm" -> vmm = Vmm.parse(in.text(member));
            case "firmware" -> firmware = MeasuredFirmwareJson.read(in);
            case "kernelSha256" -> kernelSha256 = in.hex(member, SHA256_SIZE);
            case "initrdSha256" -> initrdSha256 = in.hex(member, SHA256_SIZE);
            case "append" -> append = in.text(member);
            case "disks" -> {
                SortedMap<String, Bytes> read = new TreeMap<>();
                in.object(disk -> read.put(disk, in.hex(disk, SHA256_SIZE)));
                disks = read;
            }
            case "vcpus" -> vcpus = in.unsigned(member);
            case "vcpuType" -> ofType = VcpuSignature.ofType(in.text(member));
            case "vcpuSig" -> ofSig = new VcpuSignature(in.unsigned(member));
            case "guestFeatures" -> guestFeatures = in.unsigned(member);
            default -> throw in.unknown(member);
        }
    }

    private LaunchConfiguration.Builder toBuilder(LaunchJson in) throws MalformedEvidenceException {
        if (name == null) {
            throw in.missing("name");
        }
        LaunchConfiguration.Builder builder = LaunchConfiguration.builder(name);
        if (vmm != null) {
            builder.vmm(vmm);
        }
        if (firmware != null) {
            builder.firmware(firmware);
        }
        if (kernelSha256 != null) {
            builder.kernelSha256(kernelSha256);
        }
        if (initrdSha256 != null) {
            builder.initrdSha256(initrdSha256);
        }
        if (append == null && disks != null) {
            throw in.wrong("disks with an append that has places for them", "no append");
        }
        if (append != null) {
            // Text that is a template always, so that a place whose disk is missing is not taken to the letter.
            builder.commandLine(CommandLineTemplate.parse(append), disks == null ? Map.of() : disks);
        }
        if (vcpus != null) {
            builder.vcpus((int) Math.min(vcpus < 0 ? Integer.MAX_VALUE : vcpus, Integer.MAX_VALUE));
        }
        if (ofType != null && ofSig != null) {
            throw in.wrong("either vcpuType or vcpuSig", "both");
        }
        if (ofType != null) {
            builder.vcpu(ofType);
        }
        if (ofSig != null) {
            builder.vcpu(ofSig);
        }
        if (guestFeatures != null) {
            builder.guestFeatures(guestFeatures);
        }
        return builder;
    }
}
