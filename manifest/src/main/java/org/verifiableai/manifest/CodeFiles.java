package org.verifiableai.manifest;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Files that run code when they are loaded, or hide what they hold. The name decides, since loaders go by it, and so do
 * the first bytes, since a name is soon changed.
 *
 * <p>Not told from text: pickles of protocol 0, which begin with letters, where the name is none of these. Weights in
 * formats of data alone (GGUF, ONNX, TFLite) are not refused, and not checked either.
 */
final class CodeFiles {

    /** How many of a file's first bytes {@link #byContent} looks at: what a tar archive takes to say that it is one. */
    static final int HEAD_SIZE = 512;

    private static final String PICKLE = "pickle, which runs code when it is loaded";
    private static final String GRAPH = "model format that carries code";
    private static final String PROGRAM = "program";
    private static final String ARCHIVE = "archive, which hides what it holds";

    private static final Map<String, String> EXTENSIONS = extensions(Map.of(
            // PyTorch, scikit-learn and NumPy write pickles, NumPy for arrays of objects; NeMo and TorchServe pack
            // them.
            PICKLE,
            "bin pt pth pt2 ptl th ckpt pkl pickle pck pcl p dill cloudpickle joblib npy npz nemo mar t7 sav"
                    + " pdparams pdopt",
            // Keras stores functions as bytecode, graphs of TensorFlow reach files, R unserialises promises.
            GRAPH,
            "h5 hdf5 hdf keras pb pbtxt rds rda rdata llamafile",
            PROGRAM,
            "py pyc pyo pyd pyw pyx ipynb so dll dylib exe com scr msi sh bash zsh csh ksh fish bat cmd ps1 vbs js mjs"
                    + " cjs jar class war wasm rb pl lua php apk deb rpm ptx cubin",
            ARCHIVE,
            "zip tar tgz gz tbz2 bz2 txz xz lzma zst lz4 7z rar whl egg"));

    private static final List<Magic> MAGIC = List.of(
            new Magic(PICKLE, 0, "8002"),
            new Magic(PICKLE, 0, "8003"),
            new Magic(PICKLE, 0, "8004"),
            new Magic(PICKLE, 0, "8005"),
            new Magic(PICKLE, 0, "934e554d5059"), // NumPy
            new Magic(GRAPH, 0, "894844460d0a1a0a"), // HDF5
            new Magic(PROGRAM, 0, "7f454c46"), // ELF
            new Magic(PROGRAM, 0, "4d5a9000"), // Windows
            new Magic(PROGRAM, 0, "cafebabe"), // Java, and macOS for several machines
            new Magic(PROGRAM, 0, "feedface"), // macOS
            new Magic(PROGRAM, 0, "feedfacf"),
            new Magic(PROGRAM, 0, "cefaedfe"),
            new Magic(PROGRAM, 0, "cffaedfe"),
            new Magic(PROGRAM, 0, "0061736d"), // WebAssembly
            new Magic(PROGRAM, 0, "2321"), // #!
            new Magic(ARCHIVE, 0, "504b0304"), // zip
            new Magic(ARCHIVE, 0, "504b0506"),
            new Magic(ARCHIVE, 0, "504b0708"),
            new Magic(ARCHIVE, 0, "1f8b"), // gzip
            new Magic(ARCHIVE, 0, "425a68"), // bzip2
            new Magic(ARCHIVE, 0, "fd377a585a00"), // xz
            new Magic(ARCHIVE, 0, "28b52ffd"), // zstd
            new Magic(ARCHIVE, 0, "04224d18"), // lz4
            new Magic(ARCHIVE, 0, "377abcaf271c"), // 7z
            new Magic(ARCHIVE, 0, "526172211a07"), // rar
            new Magic(ARCHIVE, 257, "7573746172")); // tar

    private CodeFiles() {}

    /** Bytes in hex at an offset. */
    private record Magic(String kind, int offset, String hex) {

        boolean matches(byte[] head) {
            int end = offset + hex.length() / 2;
            return head.length >= end
                    && HexFormat.of().formatHex(head, offset, end).equals(hex);
        }
    }

    /** What a file of that name is, if it is refused for it. */
    static Optional<String> byName(String name) {
        return Optional.ofNullable(EXTENSIONS.get(extension(name)));
    }

    /** What a file is that begins so, if it is refused for it. */
    static Optional<String> byContent(byte[] head) {
        return MAGIC.stream()
                .filter(magic -> magic.matches(head))
                .map(Magic::kind)
                .findFirst();
    }

    /** What stands behind the last dot, in lower case, or nothing. */
    static String extension(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        int dot = last.lastIndexOf('.');
        return dot < 0 ? "" : last.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> extensions(Map<String, String> kinds) {
        Map<String, String> extensions = new HashMap<>();
        kinds.forEach((kind, names) -> {
            for (String name : names.split(" ", -1)) {
                extensions.put(name, kind);
            }
        });
        return Map.copyOf(extensions);
    }
}
