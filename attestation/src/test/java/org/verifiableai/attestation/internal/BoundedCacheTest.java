package org.verifiableai.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BoundedCacheTest {

    @Test
    void keepsNoMoreThanItsCapacity() {
        BoundedCache<Integer, String> cache = new BoundedCache<>(3);
        for (int i = 0; i < 100; i++) {
            cache.put(i, "v" + i);
        }

        assertThat(cache.size()).isEqualTo(3);
        assertThat(cache.get(99)).isEqualTo("v99");
        assertThat(cache.get(0)).isNull();
    }

    @Test
    void whatIsAskedForStaysAndWhatIsNotGoes() {
        BoundedCache<Integer, String> cache = new BoundedCache<>(3);
        cache.put(1, "hot");
        for (int i = 2; i < 50; i++) {
            assertThat(cache.get(1)).isEqualTo("hot");
            cache.put(i, "cold");
        }

        assertThat(cache.get(1)).isEqualTo("hot");
        assertThat(cache.get(2)).isNull();
    }

    @Test
    void makesRoomAlsoWhereEverythingWasAskedFor() {
        BoundedCache<Integer, String> cache = new BoundedCache<>(2);
        cache.put(1, "a");
        cache.put(2, "b");
        cache.get(1);
        cache.get(2);
        cache.put(3, "c");

        assertThat(cache.size()).isEqualTo(2);
        assertThat(cache.get(1)).isNull();
        assertThat(cache.get(3)).isEqualTo("c");
    }

    @Test
    void aLaterValueTakesThePlaceOfAnEarlierOne() {
        BoundedCache<Integer, String> cache = new BoundedCache<>(2);
        cache.put(1, "first");
        cache.put(1, "second");

        assertThat(cache.get(1)).isEqualTo("second");
        assertThat(cache.size()).isEqualTo(1);
    }

    @Test
    void aCapacityOfZeroKeepsNothing() {
        BoundedCache<Integer, String> cache = new BoundedCache<>(0);
        cache.put(1, "a");

        assertThat(cache.get(1)).isNull();
        assertThatIllegalArgumentException().isThrownBy(() -> new BoundedCache<>(-1));
    }

    @Test
    void threadsShareItWithoutExceedingItsCapacity() throws Exception {
        BoundedCache<Integer, Integer> cache = new BoundedCache<>(50);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> tasks = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                int seed = t;
                tasks.add(() -> {
                    boolean good = true;
                    for (int i = 0; i < 20_000; i++) {
                        int key = (i * 31 + seed) % 200;
                        Integer value = cache.get(key);
                        good &= value == null || value == key;
                        cache.put(key, key);
                    }
                    return good;
                });
            }
            for (Future<Boolean> result : threads.invokeAll(tasks)) {
                assertThat(result.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }

        assertThat(cache.size()).isEqualTo(50);
    }
}
