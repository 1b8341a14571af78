package org.verifiableai.manifest;

import static org.verifiableai.manifest.AttackTrial.judging;
import static org.verifiableai.manifest.AttackTrial.refusing;
import static org.verifiableai.manifest.AttackTrial.spoiling;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.manifest.files.FolderHasher;
import org.verifiableai.manifest.oms.OmsChecks;
import org.verifiableai.manifest.oms.OmsPolicy;
import org.verifiableai.manifest.oms.OmsSigner;
import org.verifiableai.manifest.oms.OmsVerifier;

/** Attacks on the files of a model and on their names. */
final class FolderAttacks {

    private static final String BASE_FILE = "/predicate/buildDefinition/resolvedDependencies/0/annotations/files/0";

    private FolderAttacks() {}

    static List<AttackTrial> trials() {
        List<AttackTrial> trials = new ArrayList<>();
        trials.addAll(models());
        trials.addAll(names(KnownAttack.NAME_WITH_DOT_DOT, "../" + AttackedModel.CARD));
        trials.addAll(names(KnownAttack.NAME_THAT_IS_ABSOLUTE, "/etc/passwd"));
        trials.addAll(namesOnDisk(KnownAttack.NAME_WITH_BACKSLASH, "..\\evil"));
        trials.addAll(names(KnownAttack.NAME_WITH_NUL, "model\u0000.py"));
        trials.addAll(namesOnDisk(KnownAttack.NAME_WITH_NEWLINE, "model\n0000  model"));
        trials.addAll(namesOnDisk(KnownAttack.NAME_WITH_DRIVE_LETTER, "c:evil"));
        trials.addAll(namesOnDisk(KnownAttack.NAME_WITH_TRAILING_DOT, "model.py."));
        trials.addAll(twins(KnownAttack.NAMES_EQUAL_BUT_FOR_CASE, "cafe", "CAFE"));
        trials.addAll(twins(KnownAttack.NAMES_EQUAL_BUT_FOR_COMPOSITION, "caf\u00e9", "cafe\u0301"));
        trials.addAll(archives());
        trials.addAll(links());
        trials.addAll(files());
        return trials;
    }

    private static List<AttackTrial> models() {
        return List.of(
                spoiling(
                        KnownAttack.MANIFEST_OF_ONE_MODEL_BESIDE_ANOTHER,
                        "with its evidence",
                        model -> model.write(AttackedModel.CARD, "the card of another model"),
                        AttackedModel.CARD,
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.MANIFEST_OF_ONE_MODEL_BESIDE_ANOTHER,
                        "whose files are as long",
                        model -> Files.write(
                                model.file(AttackedModel.WEIGHTS),
                                Lab.safetensors("DELTA").toByteArray()),
                        AttackedModel.WEIGHTS,
                        ManifestChecks.FILES),
                judging(
                        KnownAttack.MANIFEST_OF_ONE_MODEL_BESIDE_ANOTHER,
                        "with the signature of other tools",
                        model -> {
                            Bytes signature =
                                    OmsSigner.builder(model.key).build().sign(model.folder);
                            model.write(AttackedModel.CARD, "the card of another model");
                            return model.oms(signature);
                        },
                        AttackedModel.CARD,
                        OmsChecks.FILES),
                spoiling(
                        KnownAttack.NAMES_SWAPPED_UNDER_AN_UNCHANGED_ROOT,
                        "a file that keeps its place in the order of names",
                        model -> {
                            Bytes before =
                                    new ManifestFolder(model.folder).adapter().omsRoot();
                            Files.move(model.file(AttackedModel.CONFIG), model.file("adapter_confih.json"));
                            requireSame(
                                    before,
                                    new ManifestFolder(model.folder).adapter().omsRoot());
                        },
                        AttackedModel.CONFIG,
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.NAMES_SWAPPED_UNDER_AN_UNCHANGED_ROOT,
                        "two names in the statement, with the digests of both in their order",
                        model -> model.restate(s -> {
                            ((ObjectNode) s.at("/subject/1")).put("name", "adapter/README.me");
                            ((ObjectNode) s.at("/subject/2")).put("name", "adapter/adapter_confih.json");
                        }),
                        "dirHash1",
                        ManifestChecks.STATEMENT),
                judging(
                        KnownAttack.NAMES_SWAPPED_UNDER_AN_UNCHANGED_ROOT,
                        "in the statement of other tools",
                        model -> model.oms(s -> {
                            ArrayNode resources = (ArrayNode) s.at("/predicate/resources");
                            ((ObjectNode) resources.get(1)).put("name", "adapter_confih.json");
                        }),
                        "adapter_confi",
                        OmsChecks.FILES),
                judging(
                        KnownAttack.IGNORE_PATHS_THAT_HIDE_WEIGHTS,
                        "a pickle",
                        model -> hiding(model, "extra/adapter_model.bin"),
                        "extra",
                        OmsChecks.IGNORE_PATHS),
                judging(
                        KnownAttack.IGNORE_PATHS_THAT_HIDE_WEIGHTS,
                        "more safetensors",
                        model -> hiding(model, "extra/deep/model.safetensors"),
                        "extra",
                        OmsChecks.IGNORE_PATHS),
                // What is left out stands in the code: a signature of other tools cannot widen it.
                spoiling(
                        KnownAttack.IGNORE_PATHS_THAT_HIDE_WEIGHTS,
                        "from the manifest",
                        model -> {
                            hiding(model, "extra/adapter_model.bin");
                            Files.write(
                                    model.file(OmsSigner.FILE_NAME),
                                    OmsSigner.builder(model.key)
                                            .ignore("extra")
                                            .ignore(ManifestFolder.CLAIMS)
                                            .ignore(ManifestFolder.EVIDENCE)
                                            .ignore(OmsSigner.FILE_NAME)
                                            .build()
                                            .sign(model.folder)
                                            .toByteArray());
                        },
                        "extra/adapter_model.bin",
                        ManifestChecks.FILES));
    }

    private static AttackTrial.Finding hiding(AttackedModel model, String name) throws Exception {
        Files.createDirectories(model.file(name).getParent());
        Bytes bundle = OmsSigner.builder(model.key).ignore("extra").build().sign(model.folder);
        model.write(name, "hidden");
        return model.oms(bundle);
    }

    private static void requireSame(Bytes expected, Bytes found) {
        if (!expected.equals(found)) {
            throw new AssertionError("expected " + expected + ", found " + found);
        }
    }

    private static List<AttackTrial> names(KnownAttack attack, String name) {
        return List.of(
                spoiling(
                        attack,
                        "in the statement",
                        model -> model.restate(s -> ((ObjectNode) s.at("/subject/1")).put("name", "adapter/" + name)),
                        "file name",
                        ManifestChecks.STATEMENT),
                spoiling(
                        attack,
                        "of the base model's files",
                        model -> model.restate(s -> ((ObjectNode) s.at(BASE_FILE)).put("name", name)),
                        "file name",
                        ManifestChecks.STATEMENT),
                judging(
                        attack,
                        "in the statement of other tools",
                        model -> model.oms(s -> ((ObjectNode) s.at("/predicate/resources/0")).put("name", name)),
                        "name",
                        OmsChecks.NAMES));
    }

    /** What the file systems of Linux hold and those of others do not. */
    private static List<AttackTrial> namesOnDisk(KnownAttack attack, String name) {
        List<AttackTrial> trials = new ArrayList<>(names(attack, name));
        trials.add(spoiling(
                attack,
                "of a file in the folder",
                model -> model.write(name, "evil"),
                "file name",
                ManifestChecks.FILES));
        return trials;
    }

    private static List<AttackTrial> twins(KnownAttack attack, String one, String other) {
        return List.of(
                spoiling(
                        attack,
                        "of two files in the folder",
                        model -> {
                            model.write(one, "sound");
                            model.write(other, "evil");
                        },
                        "case and composition",
                        ManifestChecks.FILES),
                spoiling(
                        attack,
                        "of two folders in the folder",
                        model -> {
                            Files.createDirectory(model.file(one));
                            Files.createDirectory(model.file(other));
                            model.write(one + "/a", "sound");
                            model.write(other + "/b", "evil");
                        },
                        "case and composition",
                        ManifestChecks.FILES),
                spoiling(
                        attack,
                        "in the statement",
                        model -> model.restate(s -> {
                            ArrayNode subjects = (ArrayNode) s.get("subject");
                            subjects.add(((ObjectNode) subjects.get(1).deepCopy()).put("name", "adapter/" + one));
                            subjects.add(((ObjectNode) subjects.get(1).deepCopy()).put("name", "adapter/" + other));
                        }),
                        "case and composition",
                        ManifestChecks.STATEMENT),
                judging(
                        attack,
                        "in the statement of other tools",
                        model -> {
                            model.write("s", "sound");
                            model.write("t", "evil");
                            return model.oms(s -> {
                                ArrayNode resources = (ArrayNode) s.at("/predicate/resources");
                                int count = resources.size();
                                ((ObjectNode) resources.get(count - 2))
                                        .put("name", one.compareTo(other) < 0 ? one : other);
                                ((ObjectNode) resources.get(count - 1))
                                        .put("name", one.compareTo(other) < 0 ? other : one);
                            });
                        },
                        "",
                        OmsChecks.NAMES));
    }

    /** No archive is ever read: one among the files is refused, whatever it holds, even where the manifest names it. */
    private static List<AttackTrial> archives() {
        return List.of(
                archive(KnownAttack.ZIP_ENTRY_THAT_LEAVES_THE_FOLDER, "model.zip", "../../evil", "model.py", 10),
                archive(KnownAttack.ZIP_ENTRY_THAT_LEAVES_THE_FOLDER, "weights.dat", "/etc/evil", "model.py", 10),
                archive(KnownAttack.ZIP_ENTRY_THAT_IS_THERE_TWICE, "model.zip", "model.py", "model.py", 10),
                archive(KnownAttack.ZIP_ENTRY_THAT_IS_THERE_TWICE, "weights.dat", "model.py", "model.py", 10),
                archive(KnownAttack.ZIP_BOMB, "model.zip", "zeros", "more", 8 << 20),
                archive(KnownAttack.ZIP_BOMB, "weights.dat", "zeros", "more", 8 << 20),
                archive(KnownAttack.ZIP_BOMB, "adapter_model.npz", "zeros", "more", 8 << 20));
    }

    private static AttackTrial archive(KnownAttack attack, String name, String first, String second, int size) {
        return spoiling(
                attack,
                "in " + name,
                model -> {
                    Files.write(model.file(name), zip(first, second, size).toByteArray());
                    model.sign();
                },
                name,
                ManifestChecks.WEIGHTS);
    }

    /** The writer refuses a name that is there twice, so that the second is written as another of its length. */
    private static Bytes zip(String first, String second, int size) throws IOException {
        String placeholder = "#".repeat(second.length());
        Bytes written = AttackedModel.bytes(out -> {
            try (ZipOutputStream zip = new ZipOutputStream(out)) {
                for (String name : List.of(first, placeholder)) {
                    zip.putNextEntry(new ZipEntry(name));
                    zip.write(new byte[size]);
                }
            }
        });
        String text = new String(written.toByteArray(), StandardCharsets.ISO_8859_1);
        return Bytes.of(text.replace(placeholder, second).getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<AttackTrial> links() {
        return List.of(
                spoiling(
                        KnownAttack.LINK_TO_OUTSIDE,
                        "in place of a file, to the same content",
                        model -> replaceByLink(model, AttackedModel.CARD),
                        "found a symbolic link",
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.LINK_TO_OUTSIDE,
                        "beside the files",
                        model -> Files.createSymbolicLink(model.file("more"), model.outside),
                        "found a symbolic link",
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.LINK_TO_OUTSIDE,
                        "that leads nowhere",
                        model -> Files.createSymbolicLink(model.file("more"), Path.of("/nowhere/at/all")),
                        "found a symbolic link",
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.LINK_TO_OUTSIDE,
                        "in place of the claims",
                        model -> replaceByLink(model, ManifestFolder.CLAIMS),
                        "a regular file",
                        ManifestChecks.FORMAT),
                // The folder of evidence is part of both questions: whether evidence can be had, and what the folder
                // is.
                spoiling(
                        KnownAttack.LINK_TO_OUTSIDE,
                        "in place of the folder of evidence",
                        model -> replaceByLink(model, ManifestFolder.EVIDENCE),
                        "evidence: expected a folder",
                        ManifestChecks.EVIDENCE,
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.LINK_TO_OUTSIDE,
                        "in place of the signature of other tools",
                        model -> {
                            Files.delete(model.file("model.sig"));
                            Files.createSymbolicLink(model.file("model.sig"), model.outside);
                        },
                        "model.sig",
                        // It is read, and it is one of the names that are left out of the model only as plain files.
                        ManifestChecks.FILES,
                        ManifestChecks.OMS),
                refusing(
                        KnownAttack.LINK_SWAPPED_IN_BETWEEN_CHECK_AND_LOAD,
                        "after the folder was listed and before the file is read",
                        model -> AttackTrial.Finding.ofRefusal(
                                () -> whenListed(() -> replaceByLink(model, AttackedModel.WEIGHTS))
                                        .hash(model.folder)),
                        "found a symbolic link",
                        "MalformedEvidenceException of " + AttackedModel.WEIGHTS),
                // No verifier holds a folder still after it has judged it. It says so, and says no again when asked
                // again.
                judging(
                        KnownAttack.LINK_SWAPPED_IN_BETWEEN_CHECK_AND_LOAD,
                        "after an acceptance",
                        model -> {
                            if (!model.verify().fails().isEmpty()) {
                                throw new AssertionError("the model is to be sound at first");
                            }
                            replaceByLink(model, AttackedModel.WEIGHTS);
                            return model.verify();
                        },
                        "found a symbolic link",
                        ManifestChecks.FILES));
    }

    private static void replaceByLink(AttackedModel model, String name) throws IOException {
        Path moved = model.outside.resolve(name);
        Files.move(model.file(name), moved, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(model.file(name), moved);
    }

    /** Hears the beginning once the folder was listed, and before anything is opened. */
    private static FolderHasher whenListed(Change change) {
        AtomicBoolean done = new AtomicBoolean();
        return FolderHasher.builder()
                .threads(1)
                .exclude(ManifestFolder.CLAIMS, ManifestFolder.EVIDENCE)
                .listener(progress -> {
                    try {
                        if (!done.getAndSet(true)) {
                            change.make();
                        }
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .build();
    }

    /** Something that an attacker does to the disk. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException;
    }

    private static List<AttackTrial> files() {
        return List.of(
                judging(
                        KnownAttack.FILE_CHANGED_WHILE_HASHING,
                        "over and over, with what it held anyway",
                        FolderAttacks::verifyWhileWriting,
                        "a file that stays as it is while it is read",
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a pipe that nobody writes to, beside the files",
                        model -> AttackedModel.run("mkfifo", model.file("pipe").toString()),
                        "found a special file",
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a pipe in place of a file",
                        model -> replaceByPipe(model, AttackedModel.WEIGHTS),
                        "found a special file",
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a pipe in place of the claims",
                        model -> replaceByPipe(model, ManifestFolder.CLAIMS),
                        "a regular file",
                        ManifestChecks.FORMAT),
                // As above: evidence that is none, in a folder that is to hold nothing else.
                spoiling(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a pipe in place of evidence",
                        model -> replaceByPipe(
                                model,
                                ManifestFolder.EVIDENCE + "/"
                                        + model.key.spki().sha256().hex()),
                        "a regular file",
                        ManifestChecks.EVIDENCE,
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a device, by a link",
                        model -> Files.createSymbolicLink(model.file("zeros"), Path.of("/dev/zero")),
                        "found a symbolic link",
                        ManifestChecks.FILES),
                judging(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a socket",
                        model -> {
                            try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                                server.bind(UnixDomainSocketAddress.of(model.file("s")));
                                return model.verify();
                            }
                        },
                        "found a special file",
                        ManifestChecks.FILES),
                refusing(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a pipe in place of the signature of other tools",
                        model -> {
                            Files.delete(model.file("model.sig"));
                            AttackedModel.run("mkfifo", model.file("model.sig").toString());
                            return AttackTrial.Finding.ofRefusal(() -> OmsVerifier.ofPublicKey(model.key.spki())
                                    .build()
                                    .verify(model.folder, model.file("model.sig"), OmsPolicy.standard()));
                        },
                        "not a regular file",
                        "EvidenceUnavailableException"),
                refusing(
                        KnownAttack.PIPE_OR_DEVICE_IN_THE_FOLDER,
                        "a pipe in place of the lock of who adds a claim",
                        model -> {
                            AttackedModel.run(
                                    "mkfifo",
                                    model.file("evidence/.writing-lock").toString());
                            return revoking(model);
                        },
                        "expected a regular file",
                        "FileSystemException"),
                spoiling(
                        KnownAttack.SIGNATURE_FILE_UNDER_A_SECOND_NAME,
                        "of other tools, beside the files",
                        model -> Files.createLink(model.file("adapter_model.bin"), model.file("model.sig")),
                        "adapter_model.bin: expected no such file",
                        ManifestChecks.FILES),
                spoiling(
                        KnownAttack.SIGNATURE_FILE_UNDER_A_SECOND_NAME,
                        "the claims, beside the files",
                        model -> Files.createLink(model.file("config.json"), model.file(ManifestFolder.CLAIMS)),
                        "config.json: expected no such file",
                        ManifestChecks.FILES),
                // A lock is written to while it is held: the claims would be gone.
                refusing(
                        KnownAttack.SIGNATURE_FILE_UNDER_A_SECOND_NAME,
                        "the claims, as the lock of who adds one",
                        model -> {
                            Path claims = model.file(ManifestFolder.CLAIMS);
                            Bytes before = Bytes.of(Files.readAllBytes(claims));
                            Files.createLink(model.file("evidence/.writing-lock"), claims);
                            AttackTrial.Finding finding = revoking(model);
                            requireSame(before, Bytes.of(Files.readAllBytes(claims)));
                            return finding;
                        },
                        "expected a file with one name",
                        "FileSystemException"),
                judging(
                        KnownAttack.SIGNATURE_FILE_UNDER_A_SECOND_NAME,
                        "of other tools, before they look",
                        model -> {
                            Path signature = model.file("model.sig");
                            OmsSigner.builder(model.key).build().sign(model.folder, signature);
                            Files.createLink(model.file("again.sig"), signature);
                            return model.oms(Bytes.of(Files.readAllBytes(signature)));
                        },
                        "again.sig",
                        OmsChecks.FILES));
    }

    private static AttackTrial.Finding revoking(AttackedModel model) throws Exception {
        ManifestFolder manifests = new ManifestFolder(model.folder);
        Claim claim = ClaimSigner.with(model.key)
                .sign(new ManifestRevocation(manifests.manifest().digest(), "stolen", Samples.FINISHED));
        return AttackTrial.Finding.ofRefusal(() -> manifests.append(claim));
    }

    private static void replaceByPipe(AttackedModel model, String name) throws Exception {
        Files.delete(model.file(name));
        AttackedModel.run("mkfifo", model.file(name).toString());
    }

    /** The file is large, so that it is written many times while it is read; what is written is what was there. */
    private static AttackTrial.Finding verifyWhileWriting(AttackedModel model) throws Exception {
        Path large = model.file("large.txt");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(256L << 20);
        }
        model.sign();
        AtomicBoolean over = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            try (RandomAccessFile open = new RandomAccessFile(large.toFile(), "rw")) {
                while (!over.get()) {
                    open.seek(0);
                    open.write(0);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        writer.start();
        try {
            return model.verify();
        } finally {
            over.set(true);
            writer.join();
        }
    }
}
