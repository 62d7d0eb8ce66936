package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What one is told, all are told, in the order in which they came. */
class FanOutTest {
    private final List<String> heard = new ArrayList<>();

    static Stream<Method> effects() {
        return Arrays.stream(EffectSink.class.getMethods()).filter(method -> !Modifier.isStatic(method.getModifiers()));
    }

    @ParameterizedTest
    @MethodSource("effects")
    void everyEffectReachesEveryListenerWithTheSameValues(Method effect) throws ReflectiveOperationException {
        FanOut fan = new FanOut(listener("first"), listener("second"));
        fan.add(listener("third"));
        Object[] values = new Object[effect.getParameterCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = valueOf(effect.getParameterTypes()[i], i);
        }

        effect.invoke(fan, values);

        String told = effect.getName() + Arrays.toString(values);
        assertThat(heard).containsExactly("first " + told, "second " + told, "third " + told);
    }

    private EffectSink listener(String name) {
        return (EffectSink) Proxy.newProxyInstance(
                EffectSink.class.getClassLoader(), new Class<?>[] {EffectSink.class}, (proxy, method, values) -> {
                    heard.add(name + " " + method.getName() + Arrays.toString(values));
                    return null;
                });
    }

    private static Object valueOf(Class<?> type, int index) {
        if (type == int.class) {
            return 100 + index;
        }
        if (type == long.class) {
            return 1_000_000_000_000L + index;
        }
        return type == boolean.class ? index % 2 == 0 : type.getEnumConstants()[0];
    }
}
