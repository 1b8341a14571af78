package org.verifiableai.manifest;

import static org.verifiableai.manifest.AttackTrial.judging;
import static org.verifiableai.manifest.AttackTrial.spoiling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.manifest.internal.envelope.DerSignature;
import org.verifiableai.manifest.internal.envelope.DsseEnvelope;
import org.verifiableai.manifest.internal.envelope.SigstoreBundle;
import org.verifiableai.manifest.oms.OmsChecks;
import org.verifiableai.manifest.oms.OmsSigner;

/** Attacks on those who read: JSON, base64, DER and headers of weights. */
final class DocumentAttacks {

    private static final Bytes BOM = Bytes.fromHex("efbbbf");

    private DocumentAttacks() {}

    static List<AttackTrial> trials() {
        List<AttackTrial> trials = new ArrayList<>();
        // Of one name the first reader takes the first, the second reader the last.
        trials.addAll(json(
                KnownAttack.DUPLICATE_MEMBER,
                "each name once",
                AttackedModel.beginning("\"mediaType\":\"x\",\"mediaType\":\"y\","),
                AttackedModel.beginning("\"_type\":\"x\","),
                AttackedModel.beginning("\"r\":9,")));
        trials.addAll(json(
                KnownAttack.DUPLICATE_MEMBER_BY_ESCAPES,
                "each name once",
                AttackedModel.beginning("\"\\u006dediaType\":\"x\","),
                AttackedModel.beginning("\"\\u005ftype\":\"x\","),
                AttackedModel.beginning("\"\\u0072\":9,")));
        trials.addAll(json(
                KnownAttack.DUPLICATE_MEMBER_AFTER_NULL,
                "each name once",
                AttackedModel.beginning("\"mediaType\":null,"),
                AttackedModel.beginning("\"_type\":null,"),
                AttackedModel.beginning("\"r\":null,")));
        trials.addAll(json(
                KnownAttack.OVERLONG_UTF_8,
                "UTF-8",
                AttackedModel.beginning(Bytes.utf8("\"a\":\"").concat(Bytes.fromHex("c0af"), Bytes.utf8("\",")))));
        trials.addAll(json(KnownAttack.BYTE_ORDER_MARK, "byte order mark", BOM::concat));
        trials.addAll(json(KnownAttack.LONE_SURROGATE, "surrogate", AttackedModel.beginning("\"a\":\"\\ud800\",")));
        trials.addAll(json(
                KnownAttack.DEPTH_BOMB,
                "nesting depth",
                AttackedModel.beginning("\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + ",")));
        trials.addAll(json(KnownAttack.HUGE_EXPONENT, "1e999999999", AttackedModel.beginning("\"a\":1e999999999,")));
        trials.add(spoiling(
                KnownAttack.LONE_SURROGATE,
                "in bytes of its own",
                model -> model.rewriteBundle(AttackedModel.beginning(
                        Bytes.utf8("\"a\":\"").concat(Bytes.fromHex("eda080"), Bytes.utf8("\",")))),
                "UTF-8",
                ManifestChecks.FORMAT));
        trials.addAll(headers());
        trials.addAll(base64());
        trials.addAll(signatures());
        return trials;
    }

    private static List<AttackTrial> json(KnownAttack attack, String because, UnaryOperator<Bytes> change) {
        return json(attack, because, change, change, change);
    }

    /** Each in the bundle, in what is signed, in a configuration among the files, and in a signature of other tools. */
    private static List<AttackTrial> json(
            KnownAttack attack,
            String because,
            UnaryOperator<Bytes> inBundle,
            UnaryOperator<Bytes> inStatement,
            UnaryOperator<Bytes> inConfig) {
        return List.of(
                spoiling(
                        attack,
                        "in the bundle",
                        model -> model.rewriteBundle(inBundle),
                        because,
                        ManifestChecks.FORMAT),
                spoiling(
                        attack,
                        "in the statement",
                        model -> model.rewriteStatement(inStatement),
                        because,
                        ManifestChecks.STATEMENT),
                spoiling(
                        attack,
                        "in the adapter's configuration",
                        model -> {
                            Bytes config = Bytes.of(Files.readAllBytes(model.file(AttackedModel.CONFIG)));
                            Files.write(
                                    model.file(AttackedModel.CONFIG),
                                    inConfig.apply(config).toByteArray());
                            model.sign();
                        },
                        because,
                        ManifestChecks.WEIGHTS),
                judging(
                        attack,
                        "in the bundle of other tools",
                        model -> model.oms(inBundle.apply(
                                OmsSigner.builder(model.key).build().sign(model.folder))),
                        because,
                        OmsChecks.FORMAT),
                judging(
                        attack,
                        "in the statement of other tools",
                        model -> {
                            Bytes payload = SigstoreBundle.parse(
                                            OmsSigner.builder(model.key).build().sign(model.folder),
                                            SigstoreBundle.Limits.MODEL)
                                    .envelope()
                                    .orElseThrow()
                                    .payload();
                            return model.oms(Bytes.utf8(SigstoreBundle.ofKey(DsseEnvelope.sign(
                                            SignedManifest.PAYLOAD_TYPE, inStatement.apply(payload), model.key))
                                    .toJson()));
                        },
                        because,
                        OmsChecks.VERSION));
    }

    private static List<AttackTrial> headers() {
        return List.of(
                header("of a hundred megabytes that are there", 100_000_000, 120_000_000),
                header("of a hundred megabytes in a short file", 100_000_000, 100),
                header("of all that 64 bits can say", -1, 100),
                header("one byte beyond the file", 93, 100));
    }

    private static AttackTrial header(String how, long length, long size) {
        return spoiling(
                KnownAttack.HEADER_THAT_CLAIMS_A_HUGE_LENGTH,
                how,
                model -> {
                    byte[] claim = ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(length)
                            .array();
                    try (RandomAccessFile weights = new RandomAccessFile(
                            model.file(AttackedModel.WEIGHTS).toFile(), "rw")) {
                        weights.setLength(0);
                        weights.write(claim);
                        weights.setLength(size);
                    }
                    model.sign();
                },
                AttackedModel.WEIGHTS,
                ManifestChecks.WEIGHTS);
    }

    private static List<AttackTrial> base64() {
        return List.of(
                padded(KnownAttack.BASE64_WITH_PADDING_BITS, "of the payload", "payload", ""),
                padded(KnownAttack.BASE64_WITH_PADDING_BITS, "of the signature", "sig", "/signatures/0"),
                envelope(
                        KnownAttack.BASE64_WITH_WHITE_SPACE,
                        "in the payload",
                        envelope -> envelope.put(
                                "payload",
                                envelope.get("payload").asText().substring(0, 4) + "\n"
                                        + envelope.get("payload").asText().substring(4))),
                envelope(KnownAttack.BASE64_WITH_WHITE_SPACE, "behind the signature", envelope -> {
                    ObjectNode signature = (ObjectNode) envelope.at("/signatures/0");
                    signature.put("sig", signature.get("sig").asText() + " ");
                }));
    }

    /** What is decoded stays the same, so that the signature would hold. */
    private static AttackTrial padded(KnownAttack attack, String how, String member, String pointer) {
        return spoiling(
                attack,
                how,
                model -> {
                    // Whether there are such bits is a matter of length.
                    for (int more = 1; !text(model, pointer, member).endsWith("="); more++) {
                        String note = "n".repeat(more);
                        model.restate(s -> s.put("note", note));
                    }
                    String text = text(model, pointer, member);
                    int last = text.indexOf('=') - 1;
                    String changed =
                            text.substring(0, last) + (char) (text.charAt(last) + 1) + text.substring(last + 1);
                    model.rewrap(
                            bundle -> ((ObjectNode) bundle.get("dsseEnvelope").at(pointer)).put(member, changed));
                },
                "base64 in canonical form",
                ManifestChecks.FORMAT);
    }

    private static String text(AttackedModel model, String pointer, String member) throws Exception {
        return AttackedModel.object(
                        Bytes.utf8(new ManifestFolder(model.folder).manifest().toJson()))
                .get("dsseEnvelope")
                .at(pointer)
                .get(member)
                .asText();
    }

    private static AttackTrial envelope(KnownAttack attack, String how, Consumer<ObjectNode> change) {
        return spoiling(
                attack,
                how,
                model -> model.rewrap(bundle -> change.accept((ObjectNode) bundle.get("dsseEnvelope"))),
                "base64",
                ManifestChecks.FORMAT);
    }

    private static List<AttackTrial> signatures() {
        return List.of(
                signature(
                        KnownAttack.DER_WITH_EXTRA_BYTES,
                        "behind",
                        der -> der.concat(Bytes.zeros(1)),
                        "an ECDSA signature in DER"),
                signature(
                        KnownAttack.DER_WITH_EXTRA_BYTES,
                        "behind s, within the sequence",
                        der -> Bytes.of((byte) 0x30, (byte) (der.unsigned(1) + 2))
                                .concat(der.slice(2, der.size()), Bytes.fromHex("0500")),
                        "an ECDSA signature in DER"),
                signature(
                        KnownAttack.DER_WITH_EXTRA_BYTES,
                        "a length that is longer than it needs to be",
                        der -> Bytes.of((byte) 0x30, (byte) 0x81).concat(der.slice(1, der.size())),
                        "an ECDSA signature in DER"),
                signature(
                        KnownAttack.DER_WITH_EXTRA_BYTES,
                        "a zero before r",
                        der -> {
                            int r = der.unsigned(3);
                            return Bytes.of((byte) 0x30, (byte) (der.unsigned(1) + 1), (byte) 2, (byte) (r + 1))
                                    .concat(Bytes.zeros(1), der.slice(4, der.size()));
                        },
                        "an ECDSA signature in DER"),
                signature(
                        KnownAttack.SIGNATURE_WITH_R_OR_S_OF_ZERO,
                        "r",
                        der -> withScalar(der, true, Bytes.zeros(48)),
                        "found another"),
                signature(
                        KnownAttack.SIGNATURE_WITH_R_OR_S_OF_ZERO,
                        "s",
                        der -> withScalar(der, false, Bytes.zeros(48)),
                        "found another"),
                signature(
                        KnownAttack.SIGNATURE_WITH_R_OR_S_OF_ZERO,
                        "both",
                        der -> Bytes.fromHex("3006020100020100"),
                        "found another"),
                signature(
                        KnownAttack.SIGNATURE_WITH_R_OR_S_OF_ZERO,
                        "the order of the group, which is zero within it",
                        der -> withScalar(
                                der,
                                false,
                                Bytes.fromHex("ffffffffffffffffffffffffffffffffffffffffffffffff"
                                        + "c7634d81f4372ddf581a0db248b0a77aecec196accc52973")),
                        "found another"));
    }

    private static Bytes withScalar(Bytes der, boolean r, Bytes scalar) {
        try {
            Bytes raw = DerSignature.decode("sig", der, 48);
            return DerSignature.encode(
                    r ? scalar.concat(raw.slice(48, 96)) : raw.slice(0, 48).concat(scalar));
        } catch (MalformedEvidenceException e) {
            throw new IllegalStateException(e);
        }
    }

    private static AttackTrial signature(KnownAttack attack, String how, UnaryOperator<Bytes> change, String because) {
        return spoiling(attack, how, model -> model.resign(change), because, ManifestChecks.SIGNATURE);
    }
}
