package org.verifiableai.attestation.nvidia.token;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.json.StrictJson;

/** What Python makes of JSON; the expectations are what CPython 3 printed. */
class PythonTest {

    private static final StrictJson JSON = StrictJson.of("document", 10_000);

    @Test
    void textIsWrittenAsPythonWritesIt() throws Exception {
        assertThat(
                        PythonJson.write(
                                JSON.read(
                                        "{\"a\":[1,2.50,true,false,null,{}],\"b\":[],\"\u00e9\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\u20ac\\ud83d\\ude00\\ud800\"}")))
                .isEqualTo(
                        "{\"a\": [1, 2.50, true, false, null, {}], \"b\": [], \"\\u00e9\": \"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u007f\\u20ac\\ud83d\\ude00\\ud800\"}");
    }

    @Test
    void theDigestLeavesOutWhatIsAddedAfterwards() throws Exception {
        Bytes digest = PythonJson.digest(
                JSON.readObject(
                        "{\"measres\":\"success\",\"nbf\":1,\"eat_nonce\":\"00\",\"exp\":2,\"inner\":{\"iat\":5},\"iat\":3,\"jti\":\"4\"}"));

        assertThat(digest)
                .isEqualTo(Bytes.utf8("{\"measres\": \"success\", \"eat_nonce\": \"00\", \"inner\": {\"iat\": 5}}")
                        .sha256());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | 1 | true",
                "true | 1.0 | true",
                "true | 2 | false",
                "true | true | true",
                "true | false | false",
                "false | 0 | true",
                "false | -0.0 | true",
                "false | null | false",
                "0 | null | false",
                "null | null | true",
                "1 | 1.0 | true",
                "1 | 1e0 | true",
                "0.1 | 0.10 | true",
                "1 | \"1\" | false",
                "true | \"true\" | false",
                "\"a\" | \"a\" | true",
                "\"a\" | \"A\" | false",
                "\"\" | null | false",
                "9007199254740993 | 9007199254740992.0 | false",
                "9007199254740992 | 9007199254740993.0 | true",
                "123456789012345678901234567890 | 123456789012345678901234567890 | true",
                "1e400 | 1e500 | true",
                "1e400 | -1e400 | false",
                "1e400 | 1 | false",
                "[1,true] | [true,1] | true",
                "[1] | [1,1] | false",
                "[] | {} | false",
                "[] | [] | true",
                "{\"a\":1} | {\"a\":true} | true",
                "{\"a\":1} | {\"a\":1,\"b\":1} | false",
                "{\"a\":1} | {\"b\":1} | false",
                "{} | null | false",
                "[1] | 1 | false"
            })
    void valuesAreEqualWherePythonFindsThemSo(String a, String b, boolean expected) throws Exception {
        assertThat(PythonEquality.equal(JSON.read(a), JSON.read(b))).isEqualTo(expected);
        assertThat(PythonEquality.equal(JSON.read(b), JSON.read(a))).isEqualTo(expected);
    }
}
