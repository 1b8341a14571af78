package org.verifiableai.examples.vai.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.verifiableai.chain.devnet.Devnet;
import org.verifiableai.chain.registry.ChainConnection;
import org.verifiableai.chain.registry.ProvenanceRegistry;
import org.verifiableai.examples.vai.VaiRunner;
import org.web3j.crypto.Credentials;

class RegistryLookupCommandTest {

    private static final String MODEL = "11".repeat(32);

    private Devnet devnet;
    private String rpc;
    private ProvenanceRegistry registry;
    private Credentials owner;

    @BeforeEach
    void deploy() throws Exception {
        devnet = Devnet.start();
        rpc = devnet.listen(0);
        owner = devnet.newAccount();
        registry = ProvenanceRegistry.deploy(
                ChainConnection.connect(
                        devnet.service(), devnet.chainId(), Duration.ofSeconds(5), Duration.ofMillis(1)),
                owner);
    }

    @AfterEach
    void stop() {
        devnet.close();
    }

    @Test
    void anUnknownModelIsExitCodeOne() throws Exception {
        VaiRunner.Result result = lookup("--chain-id", "23293", "--digest", MODEL, "--json");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(new ObjectMapper().readTree(result.out()).get("status").asText())
                .isEqualTo("UNKNOWN");
    }

    @Test
    void anotherChainIsUnavailable() {
        VaiRunner.Result result = lookup("--digest", MODEL);

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("expected a gateway to chain 23294, found chain 23293");
    }

    @Test
    void offlineNeverAsks() {
        VaiRunner.Result result = lookup("--digest", MODEL, "--offline");

        assertThat(result.exitCode()).isEqualTo(3);
        assertThat(result.err()).contains("--offline");
    }

    @Test
    void aDigestThatIsNoneIsWrongUsage() {
        assertThat(lookup("--chain-id", "23293", "--digest", "xyz").exitCode()).isEqualTo(2);
        assertThat(lookup("--chain-id", "23293").exitCode()).isEqualTo(2);
    }

    private VaiRunner.Result lookup(String... more) {
        String[] args = {
            "registry", "lookup", "--rpc", rpc, "--contract", registry.address(), "--publisher", owner.getAddress()
        };
        String[] all = Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return VaiRunner.run(all);
    }
}
