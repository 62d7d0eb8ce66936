package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.ENABLED;
import static org.iorewind.model.iommu.Machine.RING;
import static org.iorewind.model.iommu.Machine.STORE;

import org.iorewind.model.StateImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 3.3, INVALIDATE_IOTLB_PAGES and the COMPLETION_WAIT behind it; 4.3, IOTLB_INV_TIMEOUT. */
class Section3DeviceInvalidationTest {
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;
    private static final long TIME_OUT_1_MS = 1L << 5;
    private static final int HEAD = 0x2000;
    private static final int OTHER = 0x31;

    private final Machine machine = machine(DeviceAnswers.AS_INPUT);
    private int waits;

    private static Machine machine(DeviceAnswers answers) {
        Machine machine = Machine.started(
                IommuOptions.of(Profile.SPEC).toBuilder().deviceAnswers(answers).build());
        machine.told.clear();
        return machine;
    }

    /** 04h with a queue of its own for each device, as Linux does it. */
    private void invalidate(int device, int mostPending) {
        machine.command(4L << 60 | (long) device << 32 | (long) mostPending << 24 | device, EVERYTHING);
    }

    private void waitForCompletion() {
        machine.command(1L << 60 | STORE | 1, ++waits);
    }

    private long completed() {
        return machine.memory.peek(STORE);
    }

    @Test
    void everyFieldReachesTheDevice() {
        Machine typed = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(1L << 54)
                .build());
        typed.told.clear();
        // PASID A_BCDE: bits 15:8 in dw0[23:16], 7:0 in dw1[23:16], 19:16 in dw1[27:24].
        long dword0 = 0x20L << 24 | 0xBC << 16 | DEVICE;
        long dword1 = 4L << 28 | 0xA << 24 | 0xDE << 16 | 0x1234;
        typed.command(dword1 << 32 | dword0, 0x1_0000_1000L | 1 | 4 | 1 << 4);
        assertThat(typed.told)
                .containsExactly(
                        "command 4 at 16",
                        "invalidation of 30 pasid " + 0xA_BCDE + " 100000000 size 16384 type 1 queue " + 0x1234
                                + " most 32 tag 0",
                        "answered 30 tag 0");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 4096",
        "1000, 1000, 4096",
        "1, 0, 8192",
        "FF001, 0, 2097152",
        "12FF001, 1200000, 2097152",
        "7FFFFFFFFFFFF001, 0, -1",
        "FFFFFFFFFFFFF001, 0, -1"
    })
    void theRangeIsEncodedAsForTheIommusOwnPages(String q1, String first, long size) {
        machine.command(4L << 60 | DEVICE, Long.parseUnsignedLong(q1, 16));
        assertThat(machine.told)
                .contains("invalidation of 30 pasid -1 " + first + " size " + size + " type 0 queue 0 most 0 tag 0");
    }

    @Test
    void answeredAtOnceNothingWaits() {
        Machine immediate = machine(DeviceAnswers.IMMEDIATE);
        immediate.command(4L << 60 | DEVICE, EVERYTHING);
        immediate.command(1L << 60 | STORE | 1, 7);
        assertThat(immediate.memory.peek(STORE)).isEqualTo(7);
    }

    @Test
    void aCompletionWaitWaitsForTheAnswer() {
        invalidate(DEVICE, 32);
        waitForCompletion();
        invalidate(OTHER, 32);
        assertThat(completed()).isZero();
        assertThat(machine.iommu.register(HEAD)).isEqualTo(0x20);
        assertThat(machine.status() & 1 << 4).isNotZero();
        machine.iommu.invalidationResponse(DEVICE, 1);
        assertThat(completed()).isEqualTo(1);
        assertThat(machine.iommu.register(HEAD)).isEqualTo(0x40);
    }

    @Test
    void aWaitingCommandIsToldOnce() {
        invalidate(DEVICE, 32);
        waitForCompletion();
        machine.write(0x2008, 0x30);
        machine.iommu.invalidationResponse(DEVICE, 1);
        assertThat(machine.told)
                .containsExactly(
                        "command 4 at 16",
                        "invalidation of 30 pasid -1 0 size -1 type 0 queue 48 most 32 tag 0",
                        "answered 30 tag 0",
                        "command 1 at 32",
                        "store " + Integer.toHexString(STORE) + " 1");
    }

    @Test
    void commandsOfOtherKindsDoNotWaitForDevices() {
        invalidate(DEVICE, 32);
        machine.command(3L << 60, EVERYTHING);
        assertThat(machine.iommu.register(HEAD)).isEqualTo(0x30);
    }

    @Test
    void everyOutstandingAnswerIsNeeded() {
        invalidate(DEVICE, 32);
        invalidate(OTHER, 32);
        invalidate(DEVICE, 32);
        waitForCompletion();
        machine.iommu.invalidationResponse(DEVICE, 1);
        machine.iommu.invalidationResponse(DEVICE, 1);
        machine.iommu.invalidationResponse(0x99, -1);
        machine.iommu.invalidationResponse(OTHER, 1);
        assertThat(completed()).isZero();
        machine.iommu.invalidationResponse(DEVICE, 2);
        assertThat(completed()).isEqualTo(1);
    }

    @Test
    void maxPendHoldsBackTheNextOfItsQueueOnly() {
        invalidate(DEVICE, 2);
        invalidate(DEVICE, 2);
        invalidate(OTHER, 2);
        assertThat(machine.iommu.register(HEAD)).isEqualTo(0x40);
        invalidate(DEVICE, 2);
        assertThat(machine.iommu.register(HEAD)).isEqualTo(0x40);
        machine.iommu.invalidationResponse(DEVICE, 2);
        assertThat(machine.iommu.register(HEAD)).isEqualTo(0x50);
        assertThat(machine.told).endsWith("invalidation of 30 pasid -1 0 size -1 type 0 queue 48 most 2 tag 1");
    }

    @Test
    void maxPendZeroAllowsOne() {
        invalidate(DEVICE, 0);
        invalidate(DEVICE, 0);
        assertThat(machine.iommu.register(HEAD)).isEqualTo(0x20);
    }

    @Test
    void aDeviceHasThirtyTwoTagsAndTheIommuRoomForTwoHundredFiftySix() {
        for (int i = 0; i < 33; i++) {
            invalidate(DEVICE, 255);
        }
        assertThat(machine.iommu.register(HEAD)).isEqualTo(33 * 16);
        machine.iommu.invalidationResponse(DEVICE, -1);
        assertThat(machine.iommu.register(HEAD)).isEqualTo(34 * 16);
        // One is on its way; 8 times 32 devices more do not all fit.
        for (int i = 0; i < 256; i++) {
            machine.command(4L << 60 | 255L << 24 | 0x100 + i % 32 | (long) (i % 32) << 32, EVERYTHING);
        }
        assertThat(machine.iommu.register(HEAD)).isEqualTo((34 + 255) % 256 * 16);
        machine.iommu.invalidationResponse(0x100, 1);
        assertThat(machine.iommu.register(HEAD)).isEqualTo((34 + 256) % 256 * 16);
    }

    @Test
    void aTimeOutIsReportedAndCountsAsAnswer() {
        machine.write(0x18, ENABLED | TIME_OUT_1_MS);
        invalidate(DEVICE, 32);
        waitForCompletion();
        machine.iommu.invalidationTimeout(DEVICE, 1);
        assertThat(machine.lastEvent().q0()).isEqualTo(7L << 60 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(RING + 0x10);
        assertThat(machine.told).contains("late 30 tag 0");
        assertThat(completed()).isEqualTo(1);
    }

    @Test
    void withoutInvTimeOutTheIommuWaitsForEver() {
        invalidate(DEVICE, 32);
        waitForCompletion();
        machine.iommu.invalidationTimeout(DEVICE, 1);
        machine.iommu.deviceStopsAnswering(DEVICE);
        assertThat(completed()).isZero();
        assertThat(machine.events).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"IMMEDIATE", "AS_INPUT"})
    void aSilentDeviceTimesOutEachTime(DeviceAnswers answers) {
        Machine silent = machine(answers);
        silent.write(0x18, ENABLED | 7L << 5);
        silent.iommu.deviceStopsAnswering(DEVICE);
        silent.command(4L << 60 | DEVICE, EVERYTHING);
        silent.command(4L << 60 | DEVICE, EVERYTHING);
        silent.command(1L << 60 | STORE | 1, 7);
        assertThat(silent.events).extracting(Machine.Logged::q0).containsExactly(7L << 60 | DEVICE, 7L << 60 | DEVICE);
        assertThat(silent.memory.peek(STORE)).isEqualTo(7);
    }

    @Test
    void resetForgetsWhatIsOnItsWay() {
        machine.iommu.deviceStopsAnswering(DEVICE);
        invalidate(DEVICE, 32);
        machine.iommu.reset();
        assertThat(machine.hash()).isEqualTo(new Machine(machine.iommu.options()).hash());
    }

    @Test
    void whatIsOnItsWayIsPartOfTheState() {
        invalidate(DEVICE, 32);
        machine.iommu.deviceStopsAnswering(OTHER);
        StateImage image = new StateImage();
        machine.iommu.saveTo(image);
        Machine copy = new Machine(machine.iommu.options(), machine.memory);
        StateImage.Reader reader = image.reader();
        copy.iommu.restoreFrom(reader);
        reader.expectEnd();
        assertThat(copy.hash()).isEqualTo(machine.hash());
        copy.continueFrom(machine);
        copy.command(1L << 60 | STORE | 1, 7);
        assertThat(copy.memory.peek(STORE)).isZero();
        copy.iommu.invalidationResponse(DEVICE, 1);
        assertThat(copy.memory.peek(STORE)).isEqualTo(7);
    }
}
