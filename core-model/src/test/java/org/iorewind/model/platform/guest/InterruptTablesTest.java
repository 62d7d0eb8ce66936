package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.guest.Guests.RW;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 8: interrupt remapping, with both sizes of entries. */
class InterruptTablesTest {
    private final SoftwareMachine machine = new SoftwareMachine();
    private final List<String> delivered = new ArrayList<>();

    private GuestDriver driver(boolean longEntries) {
        GuestOptions options = Guests.options(TableFormat.V1);
        GuestDriver driver =
                Guests.booted(machine, options.driver(options.driver().longInterruptEntries(longEntries)));
        machine.bus().listen(0, new EffectSink() {
            @Override
            public void interrupt(
                    int requester,
                    InterruptDecision decision,
                    long requestAddress,
                    int requestData,
                    long deliveredAddress,
                    int deliveredData,
                    int irteBytes,
                    long irteAddress,
                    long irteLow,
                    long irteHigh) {
                delivered.add(Long.toHexString(deliveredAddress) + " " + Integer.toHexString(deliveredData) + " by "
                        + irteBytes);
            }
        });
        Guests.forget(machine);
        return driver;
    }

    private InterruptDecision raise(int index) {
        InterruptMessage message = InterruptTables.message(index);
        return machine.bus().interrupt(0, DEVICE, message.address(), message.data());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anInterruptGoesWhereItsEntrySays(boolean longEntries) {
        InterruptTables interrupts = driver(longEntries).interrupts();
        assertThat(interrupts.setUp(DEVICE)).isEqualTo(Errno.OK);
        assertThat(machine.opcodes()).containsExactly(2, 5, 1);
        assertThat(interrupts.allocate(DEVICE, 0x41, 7)).isZero();
        assertThat(interrupts.allocate(DEVICE, 0x42, 8)).isEqualTo(1);
        assertThat(machine.opcodes()).containsExactly(5, 1, 5, 1);
        assertThat(raise(0)).isEqualTo(InterruptDecision.REMAPPED);
        assertThat(raise(1)).isEqualTo(InterruptDecision.REMAPPED);
        int bytes = longEntries ? 16 : 4;
        // Destination in bits 19:12 of the address, vector in bits 7:0 of the data (reference 8.1).
        assertThat(delivered).containsExactly("fee07000 41 by " + bytes, "fee08000 42 by " + bytes);
        assertThat(interrupts.retarget(DEVICE, 0, 0x51, 9)).isEqualTo(Errno.OK);
        raise(0);
        assertThat(delivered).last().isEqualTo("fee09000 51 by " + bytes);
        assertThat(interrupts.release(DEVICE, 0)).isEqualTo(Errno.OK);
        assertThat(raise(0)).isEqualTo(InterruptDecision.ABORTED);
        assertThat(raise(1)).isEqualTo(InterruptDecision.REMAPPED);
        assertThat(interrupts.allocate(DEVICE, 0x61, 1)).isZero();
    }

    @Test
    void longEntriesHaveDestinationsOf32Bits() {
        InterruptTables interrupts = driver(true).interrupts();
        interrupts.setUp(DEVICE);
        interrupts.allocate(DEVICE, 0x41, 0x1234_5678);
        raise(0);
        // Without XTEn only 7:0 count (reference 8.5).
        assertThat(delivered).containsExactly("fee78000 41 by 16");
    }

    @Test
    void attachAndDetachLeaveInterruptsAlone() {
        GuestDriver driver = driver(true);
        driver.interrupts().setUp(DEVICE);
        driver.interrupts().allocate(DEVICE, 0x41, 7);
        driver.attach(DEVICE, DeviceTraits.plain());
        assertThat(raise(0)).isEqualTo(InterruptDecision.REMAPPED);
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.reaches(iova, AccessKind.READ)).isTrue();
        driver.detach(DEVICE);
        assertThat(raise(0)).isEqualTo(InterruptDecision.REMAPPED);
    }

    @Test
    void whatIsNotThereCannotBeChanged() {
        InterruptTables interrupts = driver(true).interrupts();
        assertThat(interrupts.allocate(DEVICE, 1, 1)).isEqualTo(Errno.NO_DEVICE);
        assertThat(interrupts.retarget(DEVICE, 0, 1, 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(interrupts.setUp(0x1000)).isEqualTo(Errno.NO_DEVICE);
        interrupts.setUp(DEVICE);
        assertThat(interrupts.setUp(DEVICE)).isEqualTo(Errno.EXISTS);
        assertThat(interrupts.release(DEVICE, 5)).isEqualTo(Errno.NO_ENTRY);
        for (int i = 0; i < 512; i++) {
            assertThat(interrupts.allocate(DEVICE, 0x41, 7)).isEqualTo(i);
        }
        assertThat(interrupts.allocate(DEVICE, 0x41, 7)).isEqualTo(Errno.NO_SPACE);
    }

    @Test
    void aRingThatStoppedMakesCallsFail() {
        GuestDriver driver = driver(true);
        driver.interrupts().setUp(DEVICE);
        driver.iommu().commands().push(new org.iorewind.model.platform.driver.Command(0, 0));
        assertThat(driver.interrupts().allocate(DEVICE, 0x41, 7)).isEqualTo(Errno.TIMED_OUT);
    }
}
