package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaConfigTest {

    @Test
    void writtenConfigurationIsReadBack() throws Exception {
        assertThat(LlamaConfig.parse(TinyModel.GROUPED.toJson())).isEqualTo(TinyModel.GROUPED);
    }

    @Test
    void bothDialectsOfTheRotaryEmbeddingAreRead() throws Exception {
        String four = TinyModel.GROUPED.toJson();
        String five = four.replace("\"rope_scaling\" : null,", "")
                .replace(
                        "\"rope_theta\" : 10000.0",
                        "\"rope_parameters\" : {\"rope_theta\": 10000.0, \"rope_type\": \"default\"}");
        assertThat(five).contains("rope_parameters");
        assertThat(LlamaConfig.parse(five)).isEqualTo(LlamaConfig.parse(four));
        LlamaConfig.Rope scaled = LlamaConfig.parse(four.replace(
                        "\"rope_scaling\" : null",
                        "\"rope_scaling\" : {\"type\": \"llama3\", \"factor\": 8.0, \"low_freq_factor\": 1.0,"
                                + " \"high_freq_factor\": 4.0, \"original_max_position_embeddings\": 8192}"))
                .rope();
        assertThat(scaled).isEqualTo(new LlamaConfig.Rope(10_000, new LlamaConfig.Llama3Scaling(8, 1, 4, 8192)));
    }

    @Test
    void firstOfSeveralEndTokensIsTaken() throws Exception {
        String json = TinyModel.GROUPED.toJson().replace("\"eos_token_id\" : 1", "\"eos_token_id\" : [5, 6]");
        assertThat(LlamaConfig.parse(json).eosToken()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "{", "{} {}"})
    void textThatIsNoConfigurationIsRefused(String json) {
        assertThatThrownBy(() -> LlamaConfig.parse(json))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("config.json");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"model_type\" : \"llama\" | \"model_type\" : \"mamba\" | model_type",
                "\"hidden_act\" : \"silu\" | \"hidden_act\" : \"gelu\" | hidden_act",
                "\"attention_bias\" : false | \"attention_bias\" : true | attention_bias",
                "\"mlp_bias\" : false | \"mlp_bias\" : true | mlp_bias",
                "\"rope_scaling\" : null | \"rope_scaling\" : {\"rope_type\": \"yarn\"} | yarn",
                "\"mlp_bias\" : false | \"quantization_config\" : {\"bits\": 4} | quantization_config",
                "\"hidden_size\" : 16 | \"hidden_size\" : 16.5 | hidden_size",
                "\"hidden_size\" : 16 | \"hidden_size\" : -16 | hidden_size",
                "\"num_key_value_heads\" : 2 | \"num_key_value_heads\" : 3 | num_key_value_heads",
                "\"eos_token_id\" : 1 | \"eos_token_id\" : 17 | eos_token_id",
                "\"rope_scaling\" : null | \"rope_scaling\" : {\"type\": \"linear\", \"factor\": 2.0} | linear",
                "\"rope_scaling\" : null | \"rope_scaling\" : {\"factor\": 2.0} | rope_type",
                "\"rope_scaling\" : null | \"rope_scaling\" : \"yarn\" | rope_scaling",
                "\"rope_scaling\" : null | \"rope_scaling\" : {\"type\": \"llama3\"} | factor",
                "\"rope_scaling\" : null | \"partial_rotary_factor\" : 0.5 | partial_rotary_factor",
                "\"rope_scaling\" : null | \"rope_scaling\" : {\"type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 4, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 8192} | high_freq_factor",
                "\"rope_scaling\" : null | \"rope_scaling\" : {\"type\": \"llama3\", \"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 0} | original_max_position_embeddings",
                "\"rope_theta\" : 10000.0 | \"rope_theta\" : 0 | rope_theta",
                "\"rope_theta\" : 10000.0 | \"rope_theta\" : 1e999 | rope_theta",
                "\"rms_norm_eps\" : 1.0E-5 | \"rms_norm_eps\" : \"tiny\" | rms_norm_eps",
                "\"vocab_size\" : 17 | \"vocab_size\" : 2147483648 | vocab_size",
                "\"num_hidden_layers\" : 2 | \"num_hidden_layers\" : 1001 | num_hidden_layers",
                "\"num_attention_heads\" : 4 | \"num_attention_heads\" : 0 | num_attention_heads",
                "\"head_dim\" : 4 | \"head_dim\" : 3 | head_dim",
                "\"eos_token_id\" : 1 | \"eos_token_id\" : [1.5, 2] | eos_token_id",
                "\"eos_token_id\" : 1 | \"eos_token_id\" : [] | eos_token_id",
                "\"bos_token_id\" : 0 | \"bos_token_id\" : null | bos_token_id",
                "\"mlp_bias\" : false | \"vocab_size\" : 18 | JSON"
            })
    void modelThatCannotBeComputedIsRefusedByName(String from, String to, String named) {
        String json = TinyModel.GROUPED.toJson();
        assertThat(json).contains(from);
        assertThatThrownBy(() -> LlamaConfig.parse(json.replace(from, to)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(named);
    }
}
