package org.verifiableai.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A compiled TorchScript class. The only class of this module that touches DJL's native interface, with its rules: the
 * graph optimiser is off, since it makes the first steps slow and their last bits differ, and it is switched per thread;
 * a script that turns gradients on leaves them on, so they are turned off after each call.
 */
final class TorchScript implements AutoCloseable {

    private static final String METHOD_TAG = "module_method:";

    private final PtSymbolBlock block;

    private TorchScript(PtSymbolBlock block) {
        this.block = block;
    }

    /** Compiles {@code text}, which defines {@code className}. */
    static TorchScript compile(NDManager manager, String className, String text) {
        try {
            Path archive = Files.createTempFile("vai", ".pt");
            try {
                TorchScriptArchive.write(archive, className, text);
                return new TorchScript(
                        JniUtils.loadModule((PtNDManager) manager, archive, false, new String[0], new String[0], true));
            } finally {
                Files.delete(archive);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write a script to the folder for temporary files", e);
        }
    }

    /**
     * The engine's root of memory; starts the engine at the first call, without a look at the network. On the CPU by name:
     * with a GPU in the machine, the engine would take that for a default, which the script is not written for.
     */
    static NDManager newManager() {
        return TorchRuntime.engine().newBaseManager(Device.cpu());
    }

    /**
     * Calls {@code method}. Arrays whose name ends in {@code []} are passed as one list; the result belongs to the manager
     * of the first array.
     */
    NDArray call(String method, NDManager scope, NDList arguments) {
        JniUtils.setGraphExecutorOptimize(false);
        NDArray tag = scope.create(0f);
        tag.setName(METHOD_TAG + method);
        NDList all = new NDList(arguments);
        all.add(tag);
        try {
            return IValueUtils.forward(block, all, true).singletonOrThrow();
        } finally {
            JniUtils.setGradMode(false);
        }
    }

    /** The version of PyTorch. */
    static String version() {
        Engine engine = TorchRuntime.engine();
        return engine.getVersion();
    }

    /** How many threads one operation uses, as the engine says. */
    static int threads() {
        TorchRuntime.engine();
        return JniUtils.getNumThreads();
    }

    @Override
    public void close() {
        block.close();
    }
}
