package org.verifiableai.training;

import ai.djl.engine.Engine;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The engine of this process. Starting it loads PyTorch's native libraries from the class path; it is told never to
 * download anything and never to call home.
 *
 * <p>The number of threads is part of what makes training repeatable, so it is set once, before the first model is loaded.
 * Thread-safe.
 */
public final class TorchRuntime {

    private static final String THREADS = "ai.djl.pytorch.num_threads";
    private static final String INTEROP_THREADS = "ai.djl.pytorch.num_interop_threads";

    private TorchRuntime() {}

    /**
     * Says how many threads one operation may use. Without effect once the engine has started; what was in force is part
     * of {@link #environment()}.
     *
     * @throws IllegalArgumentException if {@code threads} is below 1
     */
    public static void useThreads(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more, found " + threads);
        }
        System.setProperty(THREADS, Integer.toString(threads));
        System.setProperty(INTEROP_THREADS, "1");
    }

    /**
     * What computes in this process: the versions {@code pytorch}, {@code djl} and {@code java}, the {@code device}, the
     * {@code platform} and the {@code threads} of one operation. Equal environments on processors of different models may
     * still differ in the last bits. Starts the engine.
     */
    public static SortedMap<String, String> environment() {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("pytorch", TorchScript.version());
        environment.put("djl", Engine.getDjlVersion());
        environment.put("device", "cpu");
        environment.put("threads", Integer.toString(TorchScript.threads()));
        environment.put("platform", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("java", String.valueOf(System.getProperty("java.version")));
        return environment;
    }

    static Engine engine() {
        stayOffline();
        return Engine.getEngine("PyTorch");
    }

    /** DJL would otherwise look for libraries on the network and report its own start. */
    static void stayOffline() {
        setIfAbsent("ai.djl.offline", "true");
        setIfAbsent("OPT_OUT_TRACKING", "true");
    }

    private static void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
