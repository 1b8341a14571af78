package org.verifiableai.manifest.oms;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.verifiableai.manifest.internal.files.FileNames;

/** Which paths are left out of a signature, and which of those a loader would miss. */
final class IgnoredPaths {

    /** What the format leaves out at the top level, beside the signature itself. */
    static final List<String> DEFAULTS = List.of(".git", ".gitattributes", ".github", ".gitignore");

    // Weights in any known form, what configures a loader, what makes text into tokens, and code.
    private static final Set<String> LOADED = Set.of(
            "bin",
            "caffemodel",
            "ckpt",
            "data",
            "distcp",
            "engine",
            "gguf",
            "ggml",
            "ggmf",
            "ggjt",
            "h5",
            "hdf5",
            "index",
            "joblib",
            "keras",
            "llamafile",
            "mar",
            "mlmodel",
            "mlpackage",
            "model",
            "msgpack",
            "nemo",
            "npy",
            "npz",
            "onnx",
            "onnx_data",
            "ot",
            "params",
            "pb",
            "pbtxt",
            "pdiparams",
            "pdmodel",
            "pdparams",
            "pickle",
            "pkl",
            "plan",
            "pt",
            "pt2",
            "pte",
            "pth",
            "ptl",
            "safetensors",
            "tflite",
            "torchscript",
            "weights",
            "dill",
            "cloudpickle",
            "trt",
            "json",
            "json5",
            "yaml",
            "yml",
            "toml",
            "ini",
            "cfg",
            "conf",
            "xml",
            "proto",
            "prototxt",
            "jinja",
            "jinja2",
            "j2",
            "tiktoken",
            "vocab",
            "spm",
            "bpe",
            "merges",
            "tokenizer",
            "codes",
            "py",
            "pyc",
            "pyd",
            "pyi",
            "pyx",
            "ipynb",
            "so",
            "dll",
            "dylib",
            "exe",
            "whl",
            "egg",
            "jar",
            "class",
            "java",
            "js",
            "mjs",
            "cjs",
            "ts",
            "wasm",
            "sh",
            "bash",
            "bat",
            "cmd",
            "ps1",
            "lua",
            "rb",
            "pl",
            "r",
            "jl",
            "c",
            "cc",
            "cpp",
            "cu",
            "ptx",
            "cubin",
            "h",
            "rs",
            "go",
            "zip",
            "tar",
            "tgz",
            "gz",
            "bz2",
            "xz",
            "zst",
            "7z",
            "rar");
    private static final Set<String> WORDS =
            Set.of("vocab", "merges", "token", "label", "spiece", "template", "requirements");

    /** Files without an extension that loaders read: TensorFlow's choice of a checkpoint, recipes, words and weights. */
    private static final Set<String> NAMES = Set.of(
            "checkpoint",
            "modelfile",
            "model",
            "adapter_model",
            "pytorch_model",
            "weights",
            "variables",
            "tokenizer",
            "vocab",
            "merges",
            "codes");

    private static final Pattern CUT = Pattern.compile("[-_]");

    private IgnoredPaths() {}

    /** What is wrong with a path to be left out, or nothing: it is exact and relative (format v1.0, section on ignore paths). */
    static Optional<String> defect(String path) {
        if (path.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == ']')) {
            return Optional.of("an exact path and no pattern");
        }
        return FileNames.defect(path);
    }

    /** Whether {@code name} is one of {@code paths} or below one. */
    static boolean covers(Collection<String> paths, String name) {
        for (int end = name.indexOf('/'); end >= 0; end = name.indexOf('/', end + 1)) {
            if (paths.contains(name.substring(0, end))) {
                return true;
            }
        }
        return paths.contains(name);
    }

    /** Whether something that loads models would read a file of this name. */
    static boolean isLoaded(String name) {
        String file = name.substring(name.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        if (NAMES.contains(file)) {
            return true;
        }
        // Every part behind a dot, since a weight file may be cut up: model.ckpt.data-00000-of-00002, model.gguf.part1,
        // model.bin-00001.
        String[] parts = file.split("\\.", -1);
        for (int i = 1; i < parts.length; i++) {
            if (LOADED.contains(parts[i]) || LOADED.contains(CUT.split(parts[i], 2)[0])) {
                return true;
            }
        }
        return file.endsWith(".txt") && WORDS.stream().anyMatch(file::contains);
    }
}
