package org.verifiableai.attestation.snp.launch;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** A measured firmware as JSON, alone or within a launch configuration. */
final class MeasuredFirmwareJson {

    private @Nullable Bytes pagesDigest;
    private @Nullable List<MetadataSection> sections;
    private @Nullable Long hashTableGpa;
    private @Nullable Long resetEip;
    private @Nullable Long svsmEntry;

    private MeasuredFirmwareJson() {}

    static String write(MeasuredFirmware firmware) {
        return LaunchJson.write(out -> members(out, firmware));
    }

    static void members(JsonGenerator out, MeasuredFirmware firmware) throws IOException {
        out.writeStringField("pagesDigest", firmware.pagesDigest().hex());
        out.writeArrayFieldStart("sections");
        for (MetadataSection section : firmware.sections()) {
            out.writeStartObject();
            out.writeStringField("type", section.type().name());
            LaunchJson.hex(out, "gpa", section.gpa());
            LaunchJson.hex(out, "size", section.size());
            out.writeEndObject();
        }
        out.writeEndArray();
        if (firmware.hashTableGpa().isPresent()) {
            LaunchJson.hex(out, "hashTableGpa", firmware.hashTableGpa().getAsLong());
        }
        if (firmware.resetEip().isPresent()) {
            LaunchJson.hex(out, "resetEip", firmware.resetEip().getAsLong());
        }
        if (firmware.svsmEntry().isPresent()) {
            LaunchJson.hex(out, "svsmEntry", firmware.svsmEntry().getAsLong());
        }
    }

    static MeasuredFirmware read(String json) throws MalformedEvidenceException {
        MeasuredFirmware[] firmware = new MeasuredFirmware[1];
        LaunchJson.read("measured firmware", json, in -> firmware[0] = read(in));
        return firmware[0];
    }

    static MeasuredFirmware read(LaunchJson in) throws IOException, MalformedEvidenceException {
        MeasuredFirmwareJson read = new MeasuredFirmwareJson();
        in.object(name -> read.member(in, name));
        if (read.pagesDigest == null) {
            throw in.missing("pagesDigest");
        }
        if (read.sections == null) {
            throw in.missing("sections");
        }
        return new MeasuredFirmware(read.pagesDigest, read.sections, read.hashTableGpa, read.resetEip, read.svsmEntry);
    }

    private void member(LaunchJson in, String name) throws IOException, MalformedEvidenceException {
        switch (name) {
            case "pagesDigest" -> pagesDigest = in.hex(name, LaunchDigest.SIZE);
            case "sections" -> {
                List<MetadataSection> read = new ArrayList<>();
                in.array(name, element -> read.add(section(element)));
                sections = read;
            }
            case "hashTableGpa" -> hashTableGpa = in.unsigned(name);
            case "resetEip" -> resetEip = in.unsigned(name);
            case "svsmEntry" -> svsmEntry = in.unsigned(name);
            default -> throw in.unknown(name);
        }
    }

    private static MetadataSection section(LaunchJson in) throws IOException, MalformedEvidenceException {
        SectionJson read = new SectionJson();
        in.object(name -> {
            switch (name) {
                case "type" -> read.type = type(in, in.text(name));
                case "gpa" -> read.gpa = in.unsigned(name);
                case "size" -> read.size = in.unsigned(name);
                default -> throw in.unknown(name);
            }
        });
        if (read.type == null) {
            throw in.missing("type");
        }
        return new MetadataSection(read.type, read.gpa, read.size);
    }

    private static SectionType type(LaunchJson in, String name) throws MalformedEvidenceException {
        for (SectionType type : SectionType.values()) {
            if (type.name().equals(name)) {
                return type;
            }
        }
        throw in.wrong("a type of section such as SEC_MEM", name);
    }

    private static final class SectionJson {
        private @Nullable SectionType type;
        private long gpa = -1;
        private long size = -1;
    }
}
