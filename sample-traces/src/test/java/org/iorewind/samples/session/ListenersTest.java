package org.iorewind.samples.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.junit.jupiter.api.Test;

class ListenersTest {
    private final List<String> heard = new ArrayList<>();
    private final Listeners listeners = new Listeners(listener("session"));

    private EffectSink listener(String name) {
        return new EffectSink() {
            @Override
            public void completionStore(long address, long data) {
                heard.add(name + " " + data);
            }
        };
    }

    @Test
    void eachHearsTheIommuThatItListensTo() {
        EffectSink first = listeners.apply(0);
        EffectSink second = listeners.apply(1);
        listeners.add(1, listener("driver"));
        first.completionStore(0, 1);
        second.completionStore(0, 2);
        assertThat(heard).containsExactly("session 1", "session 2", "driver 2");
    }

    @Test
    void thereIsNothingToHearOfAnIommuThatIsNotThere() {
        listeners.apply(0);
        assertThatThrownBy(() -> listeners.add(1, EffectSink.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no such IOMMU: number=1");
    }

    @Test
    void anIommuThatIsStartedAgainHasNoListenersOfTheOneBefore() {
        listeners.apply(0);
        listeners.add(0, listener("driver"));
        listeners.apply(0).completionStore(0, 1);
        assertThat(heard).containsExactly("session 1");
    }
}
