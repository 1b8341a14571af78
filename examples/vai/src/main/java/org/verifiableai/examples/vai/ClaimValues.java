package org.verifiableai.examples.vai;

import java.util.List;
import java.util.Map;
import org.verifiableai.manifest.Claim;
import org.verifiableai.manifest.Evaluation;
import org.verifiableai.manifest.SignedStatement;

/** What the lines beside a manifest say, by the number of the line: the manifest's own is the first. */
final class ClaimValues {

    private ClaimValues() {}

    static void add(List<Claim> claims, Map<String, String> values) {
        for (int i = 1; i < claims.size(); i++) {
            add("claim." + (i + 1), claims.get(i), values);
        }
    }

    static void add(String name, Claim claim, Map<String, String> values) {
        values.put(name, claim.kind());
        if (claim instanceof Claim.Evaluated evaluated) {
            Evaluation evaluation = evaluated.evaluation();
            values.put(name + ".manifest", evaluation.model().manifestDigest().hex());
            values.put(name + ".evaluator", evaluation.evaluator());
            values.put(name + ".suite", evaluation.suite());
            values.put(name + ".data", evaluation.dataSet().hex());
            evaluation
                    .metrics()
                    .forEach((metric, value) -> values.put(name + ".metric." + metric, value.toPlainString()));
            values.put(name + ".at", evaluation.evaluatedOn().toString());
            signed(name, evaluated.statement(), values);
        } else if (claim instanceof Claim.Revoked revoked) {
            values.put(name + ".manifest", revoked.revocation().manifestDigest().hex());
            values.put(name + ".reason", revoked.revocation().reason());
            values.put(name + ".at", revoked.revocation().revokedOn().toString());
            signed(name, revoked.statement(), values);
        } else if (claim instanceof Claim.Closing closing) {
            signed(name, closing.statement(), values);
        } else if (claim instanceof Claim.Oms oms) {
            values.put(name + ".root", oms.root().hex());
        } else if (claim instanceof Claim.Manifest other) {
            values.put(name + ".digest", other.manifest().digest().hex());
        } else if (claim instanceof Claim.Unknown unknown) {
            values.put(name + ".reason", unknown.reason());
        }
    }

    private static void signed(String name, SignedStatement statement, Map<String, String> values) {
        values.put(name + ".digest", statement.digest().hex());
        values.put(name + ".key-hint", statement.hint());
    }
}
