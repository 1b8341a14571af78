package org.verifiableai.attestation.nvidia.token;

import java.math.BigDecimal;
import java.util.Optional;
import org.verifiableai.attestation.internal.json.JsonValue;
import org.verifiableai.attestation.internal.json.JsonValue.JsonArray;
import org.verifiableai.attestation.internal.json.JsonValue.JsonNumber;
import org.verifiableai.attestation.internal.json.JsonValue.JsonObject;
import org.verifiableai.attestation.internal.json.JsonValue.JsonText;
import org.verifiableai.attestation.internal.json.JsonValue.JsonTruth;

/** Whether two values of JSON are equal where Python has read them: true is 1, and 1 is 1.0. */
final class PythonEquality {

    private PythonEquality() {}

    static boolean equal(JsonValue a, JsonValue b) {
        if (a instanceof JsonObject left && b instanceof JsonObject right) {
            return left.members().size() == right.members().size()
                    && left.members().entrySet().stream().allMatch(member -> {
                        JsonValue other = right.members().get(member.getKey());
                        return other != null && equal(member.getValue(), other);
                    });
        }
        if (a instanceof JsonArray left && b instanceof JsonArray right) {
            if (left.elements().size() != right.elements().size()) {
                return false;
            }
            for (int i = 0; i < left.elements().size(); i++) {
                if (!equal(left.elements().get(i), right.elements().get(i))) {
                    return false;
                }
            }
            return true;
        }
        if (a instanceof JsonText left && b instanceof JsonText right) {
            return left.value().equals(right.value());
        }
        Optional<Double> left = infinity(a);
        Optional<Double> right = infinity(b);
        if (left.isPresent() || right.isPresent()) {
            return left.equals(right);
        }
        Optional<BigDecimal> leftNumber = number(a);
        Optional<BigDecimal> rightNumber = number(b);
        if (leftNumber.isPresent() && rightNumber.isPresent()) {
            return leftNumber.get().compareTo(rightNumber.get()) == 0;
        }
        return leftNumber.isEmpty() && rightNumber.isEmpty() && a.equals(b); // null and null
    }

    /** Whole numbers are exact, others are doubles; the two are compared exactly. */
    private static Optional<BigDecimal> number(JsonValue value) {
        if (value instanceof JsonTruth truth) {
            return Optional.of(truth.value() ? BigDecimal.ONE : BigDecimal.ZERO);
        }
        if (value instanceof JsonNumber number) {
            return Optional.of(
                    number.isWhole()
                            ? new BigDecimal(number.lexeme())
                            : new BigDecimal(Double.parseDouble(number.lexeme())));
        }
        return Optional.empty();
    }

    private static Optional<Double> infinity(JsonValue value) {
        if (value instanceof JsonNumber number && !number.isWhole()) {
            double read = Double.parseDouble(number.lexeme());
            return Double.isInfinite(read) ? Optional.of(read) : Optional.empty();
        }
        return Optional.empty();
    }
}
