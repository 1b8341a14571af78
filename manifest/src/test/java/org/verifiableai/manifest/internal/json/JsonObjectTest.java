package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class JsonObjectTest {

    private static JsonObject read(String json) throws MalformedEvidenceException {
        return JsonObject.of("root", StrictJson.parse("root", Bytes.utf8(json), 1 << 16));
    }

    private static void assertRefused(ThrowingCallable reading, String message) {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(reading)
                .withMessage(message);
    }

    @Test
    void membersAreReadByTheirTypeAndKnowTheirPath() throws Exception {
        JsonObject root = read("{\"o\":{\"t\":\"x\"},\"a\":[{\"n\":3},{}],\"s\":\"text\",\"z\":0}");
        assertThat(root.path()).isEqualTo("root");
        assertThat(root.object("o").path()).isEqualTo("root.o");
        assertThat(root.object("o").texts()).isEqualTo(Map.of("t", "x"));
        assertThat(root.objectOrEmpty("o").text("t")).isEqualTo("x");
        assertThat(root.objects("a", 2)).extracting(JsonObject::path).containsExactly("root.a[0]", "root.a[1]");
        assertThat(root.objects("a", 2).get(0).natural("n")).isEqualTo(3);
        assertThat(root.natural("z")).isZero();
        assertThat(root.optionalText("s")).contains("text");
        assertThat(root.member("s")).isEqualTo(root.node().get("s"));
        root.requireText("s", "text");
        root.requireOnly(Set.of("o", "a", "s", "z", "more"));
    }

    @Test
    void nullAndAbsentMeanTheSame() throws Exception {
        JsonObject root = read("{\"n\":null}");
        for (String name : new String[] {"n", "other"}) {
            assertThat(root.has(name)).isFalse();
            assertThat(root.optionalText(name)).isEmpty();
            assertThat(root.objectOrEmpty(name).path()).isEqualTo("root." + name);
            assertThat(root.objectOrEmpty(name).node()).isEmpty();
            assertRefused(() -> root.member(name), "root." + name + ": expected a value, found none");
        }
        assertThat(read("{\"n\":1}").has("n")).isTrue();
    }

    @Test
    void whatIsOfAnotherTypeIsNamed() throws Exception {
        JsonObject root = read("{\"s\":\"text\",\"n\":-1,\"b\":true,\"a\":[{},{}],\"o\":{},\"m\":[1]}");
        assertRefused(() -> root.text("n"), "root.n: expected a string, found the number -1");
        assertRefused(() -> root.text("b"), "root.b: expected a string, found the value true");
        assertRefused(() -> root.text("a"), "root.a: expected a string, found an array");
        assertRefused(() -> root.text("o"), "root.o: expected a string, found an object");
        assertRefused(() -> root.object("s"), "root.s: expected an object, found the string text");
        assertRefused(() -> root.objects("o", 1), "root.o: expected an array of at most 1 objects, found an object");
        assertRefused(() -> root.objects("a", 1), "root.a: expected an array of at most 1 objects, found 2 elements");
        assertRefused(() -> root.objects("m", 1), "root.m[0]: expected an object, found the number 1");
        assertRefused(() -> root.natural("n"), "root.n: expected a whole number, not negative, found the number -1");
        assertRefused(() -> root.natural("s"), "root.s: expected a whole number, not negative, found the string text");
        assertRefused(() -> root.requireText("s", "other"), "root.s: expected other, found text");
        assertRefused(
                () -> root.requireOnly(Set.of("s", "n", "b", "a", "o")),
                "root: expected no members but a, b, n, o, s, found m");
        assertRefused(() -> root.texts(), "root.n: expected a string, found the number -1");
        assertThat(root.wrongMember("s", "x", "y")).hasMessage("root.s: expected x, found y");
    }

    @Test
    void digestsAreLowerCaseHex() throws Exception {
        JsonObject root = read("{\"d\":\"" + "0f".repeat(32) + "\",\"short\":\"0f\",\"odd\":\"0\",\"upper\":\"0F\","
                + "\"other\":\"0g\",\"empty\":\"\"}");
        assertThat(root.sha256("d")).isEqualTo(Bytes.fromHex("0f".repeat(32)));
        assertThat(root.hex("short")).isEqualTo(Bytes.fromHex("0f"));
        assertThat(root.hex("empty")).isEqualTo(Bytes.EMPTY);
        assertRefused(() -> root.sha256("short"), "root.short: expected 64 lower-case hex digits, found 0f");
        for (String name : new String[] {"odd", "upper", "other"}) {
            assertRefused(
                    () -> root.hex(name),
                    "root." + name + ": expected lower-case hex digits, found "
                            + root.node().get(name).textValue());
        }
    }
}
