package org.iorewind.replay.predicate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands are told apart by what they are and what they are about. */
class CommandFilterTest {
    /** INVALIDATE_IOMMU_PAGES of domain 5, 0x7000 (amd-iommu reference, opcode 03h). */
    private static final long PAGES = 3L << 60 | 5L << 32;

    @Test
    void aCommandIsKnownByItsKindAndItsDomain() {
        CommandFilter filter = CommandFilter.compile("command.kind == 'INVALIDATE_IOMMU_PAGES' && command.domain == 5");
        assertThat(filter.test(1, PAGES, 0x7000)).isTrue();
        assertThat(filter.test(1, 3L << 60 | 6L << 32, 0x7000)).isFalse();
        assertThat(filter.test(1, 1L << 60 | 5L << 32, 0x7000)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "command.kind == 'INVALIDATE_IOMMU_PAGE'",
                "'INVALIDATE_IOMMU_PAGE' == command.kind",
                "command.kind in ['COMPLETION_WAIT', 'INVALIDATE_IOMMU_PAGE']"
            })
    void aKindThatNoCommandHasIsRefused(String expression) {
        assertThatThrownBy(() -> CommandFilter.compile(expression))
                .isInstanceOf(FilterException.class)
                .hasMessageContaining(
                        "found 'INVALIDATE_IOMMU_PAGE'; did you mean 'INVALIDATE_IOMMU_PAGES'?\nThere are: ");
    }

    @Test
    void anOpcodeWithoutANameCanBeAskedFor() {
        assertThat(CommandFilter.compile("command.kind == 'command eh'").test(1, 0xEL << 60, 0))
                .isTrue();
    }
}
