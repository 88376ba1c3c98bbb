package dev.marea.server.llama.ffm;

import static java.lang.foreign.MemoryLayout.paddingLayout;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.marea.server.llama.gguf.GgmlType;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;

/** The structs of llama.cpp 0.5.0 that cross the border, field by field. */
final class Structs {
    static final StructLayout MODEL_PARAMS =
            MemoryLayout.structLayout(
                            ADDRESS.withName("devices"),
                            ADDRESS.withName("tensor_buft_overrides"),
                            JAVA_INT.withName("n_gpu_layers"),
                            JAVA_INT.withName("split_mode"),
                            JAVA_INT.withName("load_mode"),
                            JAVA_INT.withName("lazy_mode"),
                            JAVA_INT.withName("main_gpu"),
                            paddingLayout(4),
                            ADDRESS.withName("tensor_split"),
                            ADDRESS.withName("progress_callback"),
                            ADDRESS.withName("progress_callback_user_data"),
                            ADDRESS.withName("kv_overrides"),
                            JAVA_BYTE.withName("vocab_only"),
                            JAVA_BYTE.withName("check_tensors"),
                            JAVA_BYTE.withName("use_extra_bufts"),
                            JAVA_BYTE.withName("no_host"),
                            JAVA_BYTE.withName("no_alloc"),
                            JAVA_BYTE.withName("load_mtp"),
                            paddingLayout(2))
                    .withName("llama_model_params");

    static final StructLayout CONTEXT_PARAMS =
            MemoryLayout.structLayout(
                            JAVA_INT.withName("n_ctx"),
                            JAVA_INT.withName("n_batch"),
                            JAVA_INT.withName("n_ubatch"),
                            JAVA_INT.withName("n_seq_max"),
                            JAVA_INT.withName("n_rs_seq"),
                            JAVA_INT.withName("n_outputs_max"),
                            JAVA_INT.withName("n_outputs_max_per_seq"),
                            JAVA_INT.withName("n_threads"),
                            JAVA_INT.withName("n_threads_batch"),
                            JAVA_INT.withName("ctx_type"),
                            JAVA_INT.withName("rope_scaling_type"),
                            JAVA_INT.withName("pooling_type"),
                            JAVA_INT.withName("attention_type"),
                            JAVA_INT.withName("flash_attn_type"),
                            JAVA_FLOAT.withName("rope_freq_base"),
                            JAVA_FLOAT.withName("rope_freq_scale"),
                            JAVA_FLOAT.withName("yarn_ext_factor"),
                            JAVA_FLOAT.withName("yarn_attn_factor"),
                            JAVA_FLOAT.withName("yarn_beta_fast"),
                            JAVA_FLOAT.withName("yarn_beta_slow"),
                            JAVA_INT.withName("yarn_orig_ctx"),
                            JAVA_FLOAT.withName("defrag_thold"),
                            ADDRESS.withName("cb_eval"),
                            ADDRESS.withName("cb_eval_user_data"),
                            JAVA_INT.withName("type_k"),
                            JAVA_INT.withName("type_v"),
                            ADDRESS.withName("abort_callback"),
                            ADDRESS.withName("abort_callback_data"),
                            JAVA_BYTE.withName("embeddings"),
                            JAVA_BYTE.withName("offload_kqv"),
                            JAVA_BYTE.withName("no_perf"),
                            JAVA_BYTE.withName("op_offload"),
                            JAVA_BYTE.withName("swa_full"),
                            JAVA_BYTE.withName("kv_unified"),
                            paddingLayout(2),
                            ADDRESS.withName("samplers"),
                            JAVA_LONG.withName("n_samplers"),
                            ADDRESS.withName("ctx_other"))
                    .withName("llama_context_params");

    static final StructLayout BATCH =
            MemoryLayout.structLayout(
                            JAVA_INT.withName("n_tokens"),
                            paddingLayout(4),
                            ADDRESS.withName("token"),
                            ADDRESS.withName("embd"),
                            ADDRESS.withName("pos"),
                            ADDRESS.withName("n_seq_id"),
                            ADDRESS.withName("seq_id"),
                            ADDRESS.withName("logits"))
                    .withName("llama_batch");

    /** One candidate of a sampler. */
    static final StructLayout TOKEN_DATA =
            MemoryLayout.structLayout(
                            JAVA_INT.withName("id"),
                            JAVA_FLOAT.withName("logit"),
                            JAVA_FLOAT.withName("p"))
                    .withName("llama_token_data");

    static final StructLayout TOKEN_DATA_ARRAY =
            MemoryLayout.structLayout(
                            ADDRESS.withName("data"),
                            JAVA_LONG.withName("size"),
                            JAVA_LONG.withName("selected"),
                            JAVA_BYTE.withName("sorted"),
                            paddingLayout(7))
                    .withName("llama_token_data_array");

    private Structs() {}

    /** Refuses a library whose structs are laid out otherwise. */
    static void check(Struct model, Struct context) {
        model.expect("n_gpu_layers", -1)
                .expect("split_mode", 1)
                .expect("load_mode", -1)
                .expect("lazy_mode", 1)
                .expect("main_gpu", 0)
                .expect("vocab_only", false)
                .expect("check_tensors", false)
                .expect("use_extra_bufts", true)
                .expect("no_host", false)
                .expect("no_alloc", false)
                .expect("load_mtp", false)
                .expectLength();
        context.expect("n_ctx", 512)
                .expect("n_batch", 2048)
                .expect("n_ubatch", 512)
                .expect("n_seq_max", 1)
                .expect("n_rs_seq", 0)
                .expect("n_outputs_max", 0)
                .expect("n_outputs_max_per_seq", 1)
                .expect("n_threads", 4)
                .expect("n_threads_batch", 4)
                .expect("ctx_type", 0)
                .expect("rope_scaling_type", -1)
                .expect("pooling_type", -1)
                .expect("attention_type", -1)
                .expect("flash_attn_type", -1)
                .expect("rope_freq_base", 0f)
                .expect("yarn_ext_factor", -1f)
                .expect("yarn_beta_slow", -1f)
                .expect("defrag_thold", -1f)
                .expect("type_k", GgmlType.F16.code())
                .expect("type_v", GgmlType.F16.code())
                .expect("embeddings", false)
                .expect("offload_kqv", true)
                .expect("no_perf", true)
                .expect("op_offload", true)
                .expect("swa_full", true)
                .expect("kv_unified", false)
                .expectLength();
    }
}
