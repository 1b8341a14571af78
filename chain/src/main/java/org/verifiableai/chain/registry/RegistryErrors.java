package org.verifiableai.chain.registry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.verifiableai.attestation.Bytes;
import org.web3j.protocol.core.Response;

/** Names the errors of the registry contract from the data of a revert. */
final class RegistryErrors {

    private static final Map<Bytes, String> BY_SELECTOR = bySelector(
            "NotOwner(address)",
            "NotPublisher(address)",
            "ZeroValue()",
            "AlreadyPublished(uint256)",
            "NotNewest(uint256)",
            "NoSuchVersion(uint256)",
            "AlreadyRevoked(uint256)");

    private RegistryErrors() {}

    /** The selectors of the errors that have a name here. */
    static Set<Bytes> selectors() {
        return BY_SELECTOR.keySet();
    }

    /** What a gateway says of a view that failed; a revert carries its data. */
    static ChainException of(Response.Error error) {
        String data = error.getData() == null ? "" : error.getData().replace("\"", "");
        if (data.matches("0x[0-9a-fA-F]{8}([0-9a-fA-F]{64})*")) {
            Bytes revert = Bytes.fromHex(data.substring(2));
            String signature = BY_SELECTOR.get(revert.slice(0, 4));
            if (signature != null) {
                String name = signature.substring(0, signature.indexOf('('));
                return new ContractException(
                        name,
                        "registry refuses: " + name
                                + (revert.size() > 4 ? " 0x" + revert.slice(4, revert.size()) : ""));
            }
        }
        return new ChainException(
                "gateway answers " + error.getCode() + " " + GatewayText.line(error.getMessage())
                        + (data.isEmpty() ? "" : ", data " + GatewayText.line(data)),
                false);
    }

    private static Map<Bytes, String> bySelector(String... signatures) {
        Map<Bytes, String> map = new LinkedHashMap<>();
        for (String signature : signatures) {
            map.put(Abi.selector(signature), signature);
        }
        return Map.copyOf(map);
    }
}
