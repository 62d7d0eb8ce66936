package org.iorewind.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTreeTest {
    private static final long[] NUMBERS = {0, 1, 2, 0x100, 0x101, 0x8_0000, -1L >>> 12};

    private static MemoryPage page(long number) {
        return new MemoryPage(number, new MemoryPage.Owner(), true);
    }

    private static @Nullable PageTree tree(long... numbers) {
        PageTree tree = null;
        for (long number : numbers) {
            tree = PageTree.with(tree, page(number));
        }
        return tree;
    }

    private static List<String> differences(@Nullable PageTree older, @Nullable PageTree newer) {
        List<String> told = new ArrayList<>();
        PageTree.compare(older, newer, (was, is) -> {
            String gone = was == null ? "" : "-" + was.number();
            told.add(is == null ? gone : gone + "+" + is.number());
        });
        return told;
    }

    @Test
    void eachPageGoesAloneAndTheOthersStay() {
        PageTree all = tree(NUMBERS);
        for (long gone : NUMBERS) {
            PageTree rest = PageTree.without(all, gone);
            for (long number : NUMBERS) {
                assertThat(PageTree.find(rest, number) != null).isEqualTo(number != gone);
            }
            assertThat(differences(all, rest)).containsExactly("-" + gone);
            assertThat(differences(rest, all)).containsExactly("+" + gone);
        }
        assertThat(PageTree.without(tree(7), 7)).isNull();
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 0x102, 0x4_0000, 0x8_0001, 0x10_0000})
    void withoutAPageThatItDoesNotHaveTheMapIsTheSame(long number) {
        PageTree all = tree(NUMBERS);
        assertThat(PageTree.find(all, number)).isNull();
        assertThat(PageTree.without(all, number)).isSameAs(all);
        PageTree few = tree(1, 2);
        assertThat(PageTree.without(few, number)).isSameAs(few);
        PageTree one = tree(1);
        assertThat(PageTree.without(one, number)).isSameAs(one);
        assertThat(PageTree.without(null, number)).isNull();
    }

    @Test
    void differencesAreToldInTheOrderOfTheNumbers() {
        assertThat(differences(tree(2, 3), tree(0, 1))).containsExactly("+0", "+1", "-2", "-3");
        assertThat(differences(tree(0, 1), tree(2, 3))).containsExactly("-0", "-1", "+2", "+3");
        assertThat(differences(tree(5), tree(0, 5, 9))).containsExactly("+0", "-5+5", "+9");
        assertThat(differences(tree(0, 5, 9), tree(5))).containsExactly("-0", "-5+5", "-9");
        assertThat(differences(tree(0, 9), tree(5))).containsExactly("-0", "+5", "-9");
        assertThat(differences(null, tree(9, 0, 5))).containsExactly("+0", "+5", "+9");
        assertThat(differences(tree(9, 0, 5), null)).containsExactly("-0", "-5", "-9");
        assertThat(differences(tree(0, 1), tree(0, 2))).containsExactly("-0+0", "-1", "+2");
    }
}
