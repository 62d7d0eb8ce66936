package org.iorewind.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.performance.PerformanceWatcher;
import org.iorewind.replay.ReplayListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No part of an analysis misses what it would hear by itself. That all parts agree with each other, the golden findings tell. */
class TrafficListenerTest {
    /** What a class does something about. */
    private static Set<String> heard(Class<?> type) {
        Set<String> listened = new TreeSet<>();
        Arrays.stream(ReplayListener.class.getMethods()).map(Method::getName).forEach(listened::add);
        Set<String> found = new TreeSet<>();
        Stream.of(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic() && listened.contains(method.getName()))
                .forEach(method -> found.add(method.getName()));
        return found;
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                FaultGroups.class,
                EventMixer.class,
                GapWatcher.class,
                PerformanceWatcher.class,
                CostWatcher.class
            })
    void whatAPartHearsIsPassedOn(Class<?> part) {
        assertThat(heard(TrafficListener.class)).containsAll(heard(part));
    }

    @Test
    void nothingElseIs() {
        Set<String> wanted = new TreeSet<>();
        for (Class<?> part : new Class<?>[] {
            FaultGroups.class, EventMixer.class, GapWatcher.class, PerformanceWatcher.class, CostWatcher.class
        }) {
            wanted.addAll(heard(part));
        }
        // A request is told as decided by default.
        wanted.add("translationAnswer");
        assertThat(heard(TrafficListener.class)).isEqualTo(wanted);
    }
}
