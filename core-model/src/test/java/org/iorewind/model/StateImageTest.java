package org.iorewind.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StateImageTest {
    @Test
    void givesBackWhatItTook() {
        StateImage image = new StateImage();
        for (long i = 0; i < 1000; i++) {
            image.addLong(i * i - 7);
        }
        StateImage.Reader reader = StateImage.of(image.toArray()).reader();
        assertThat(image.size()).isEqualTo(1000);
        for (long i = 0; i < 1000; i++) {
            assertThat(reader.next()).isEqualTo(i * i - 7);
        }
        reader.expectEnd();
    }

    @Test
    void namesThePlaceOfWhatDoesNotFit() {
        StateImage.Reader reader = StateImage.of(new long[] {4, 5, -1, -2, 7}).reader();
        assertThat(reader.nextBelow(5)).isEqualTo(4);
        assertThatThrownBy(() -> reader.nextBelow(5))
                .isInstanceOf(StateImageException.class)
                .hasMessage("state image, number 1: expected a number from 0 to 4, found 5");
        assertThat(reader.nextIndex(5)).isEqualTo(-1);
        assertThatThrownBy(() -> reader.nextIndex(5))
                .hasMessageContaining("number 3")
                .hasMessageContaining("-2");
        assertThatThrownBy(reader::expectEnd).hasMessageContaining("1 more numbers");
        assertThat(reader.next()).isEqualTo(7);
        reader.expectEnd();
        assertThatThrownBy(reader::next).hasMessageContaining("number 5").hasMessageContaining("the end of the image");
        assertThatThrownBy(() -> reader.nextIndex(5)).isInstanceOf(StateImageException.class);
    }
}
