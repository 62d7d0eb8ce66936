package org.iorewind.model.iommu.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.log.EventReports;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What counts must not swallow: every effect reaches the listener, with its arguments. */
class CountingSinkTest {
    private final List<String> heard = new ArrayList<>();
    private final EffectSink listener = (EffectSink) Proxy.newProxyInstance(
            EffectSink.class.getClassLoader(), new Class<?>[] {EffectSink.class}, (proxy, method, arguments) -> {
                heard.add(method.getName() + Arrays.toString(arguments));
                return null;
            });
    private final CountingSink sink = new CountingSink(
            listener,
            new PerformanceCounters(
                    IommuOptions.of(Profile.SPEC).toBuilder()
                            .extendedFeatures(1L << 9)
                            .build(),
                    EventReports.NONE));

    static Stream<Method> effects() {
        return Arrays.stream(EffectSink.class.getDeclaredMethods()).filter(method -> !method.isSynthetic());
    }

    @ParameterizedTest
    @MethodSource("effects")
    void everyEffectIsPassedOn(Method effect) throws ReflectiveOperationException {
        Object[] arguments = new Object[effect.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = sample(effect.getParameterTypes()[i], i + 1);
        }
        effect.invoke(sink, arguments);
        assertThat(heard).containsExactly(effect.getName() + Arrays.toString(arguments));
    }

    private static Object sample(Class<?> type, int number) {
        if (type == int.class) {
            return number;
        }
        if (type == long.class) {
            return (long) number;
        }
        return type == boolean.class ? Boolean.TRUE : type.getEnumConstants()[0];
    }
}
