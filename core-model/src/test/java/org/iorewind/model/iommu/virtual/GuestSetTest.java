package org.iorewind.model.iommu.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class GuestSetTest {
    private static List<Integer> members(GuestSet set) {
        List<Integer> members = new ArrayList<>();
        for (int guest = set.next(0); guest >= 0; guest = set.next(guest + 1)) {
            members.add(guest);
        }
        return members;
    }

    @Property(tries = 200)
    void itIsWalkedInTheOrderOfGuestIds(@ForAll List<@IntRange(max = 0xFFFF) Integer> guests) {
        GuestSet set = new GuestSet();
        TreeSet<Integer> expected = new TreeSet<>();
        for (int guest : guests) {
            if (guest % 3 == 0) {
                set.remove(guest / 3);
                expected.remove(guest / 3);
            } else {
                set.add(guest / 3);
                expected.add(guest / 3);
            }
        }
        assertThat(members(set)).containsExactlyElementsOf(expected);
        assertThat(set.isEmpty()).isEqualTo(expected.isEmpty());
    }

    @Test
    void bothEndsAreMembersLikeOthers() {
        GuestSet set = new GuestSet();
        set.add(0xFFFF);
        set.add(0);
        set.add(0x8000);
        set.add(0x8000);
        assertThat(members(set)).containsExactly(0, 0x8000, 0xFFFF);
        set.remove(0x8000);
        set.remove(0x8000);
        assertThat(members(set)).containsExactly(0, 0xFFFF);
        set.clear();
        assertThat(set.isEmpty()).isTrue();
        assertThat(set.next(0)).isEqualTo(-1);
        assertThat(set.next(0xFFFF)).isEqualTo(-1);
    }

    @Test
    void aRemovedMemberHidesNoneAboveIt() {
        GuestSet set = new GuestSet();
        set.add(0x1000);
        set.add(0x1001);
        set.add(0x1040);
        set.add(0x9000);
        set.remove(0x1000);
        assertThat(members(set)).containsExactly(0x1001, 0x1040, 0x9000);
        set.remove(0x1001);
        assertThat(members(set)).containsExactly(0x1040, 0x9000);
        set.remove(0x1040);
        assertThat(members(set)).containsExactly(0x9000);
        assertThat(set.next(0x9001)).isEqualTo(-1);
    }
}
