package org.iorewind.model.platform.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.guest.DeviceTraits;
import org.iorewind.model.platform.guest.GuestDriver;
import org.iorewind.model.platform.guest.GuestOptions;
import org.iorewind.model.platform.guest.InterruptMessage;
import org.iorewind.model.platform.guest.InterruptTables;
import org.iorewind.model.platform.guest.TableFormat;
import org.junit.jupiter.api.Test;

/** Devices that work by rings in memory, and the interrupts of devices. */
class RingDeviceTest {
    private static final int RW = 3;
    private static final int ENTRIES = 4;

    private final SoftwareMachine machine = new SoftwareMachine();
    private final GuestDriver driver = new GuestDriver(
            machine.port(),
            GuestOptions.of(TableFormat.V2).driver(DriverOptions.linux().devices(256)));
    private final DevicePort port = new DevicePort(machine.bus(), 0, DEVICE, 0);
    private final List<Long> requested = new ArrayList<>();
    private final RingNic nic = new RingNic(port);
    private final NvmeController disk = new NvmeController(port);
    private final long ring;
    private final long ringIova;
    private final long buffer;
    private final long bufferIova;

    RingDeviceTest() {
        driver.boot();
        driver.attach(DEVICE, DeviceTraits.plain());
        ring = machine.pages().allocate(0x4000, 4096);
        buffer = machine.pages().allocate(0x4000, 4096);
        ringIova = driver.map(DEVICE, ring, 0x4000, RW);
        bufferIova = driver.map(DEVICE, buffer, 0x4000, RW);
        machine.bus().listen(0, new EffectSink() {
            @Override
            public void translation(
                    int requester,
                    int pasid,
                    long address,
                    TranslationDecision decision,
                    int domain,
                    long result,
                    int pageShift,
                    int rights,
                    boolean cacheHit) {
                requested.add(address);
            }
        });
    }

    private void store(long address, long... words) {
        machine.port().store(MemoryRole.DATA, address, words);
    }

    private long load(long address) {
        return machine.port().load(address);
    }

    @Test
    void aCardReadsDescriptorsAndPayloadPageByPageAndWritesBack() {
        nic.setTransmitRing(ringIova, ENTRIES);
        store(ring, bufferIova + 0xF00, NicDescriptor.ready(0x1200));
        assertThat(nic.transmit(1)).isEqualTo(1);
        assertThat(requested)
                .containsExactly(
                        ringIova,
                        ringIova + 8,
                        bufferIova + 0xF00,
                        bufferIova + 0x1000,
                        bufferIova + 0x2000,
                        ringIova + 8);
        assertThat(load(ring + 8)).isEqualTo(NicDescriptor.DONE | 0x1200L << 32 | 0x1200);
        assertThat(NicDescriptor.movedBytes(load(ring + 8))).isEqualTo(0x1200);
        assertThat(nic.packets()).isEqualTo(1);
    }

    @Test
    void aPacketIsCutToItsBufferAndTheRingGoesRound() {
        nic.setReceiveRing(ringIova, ENTRIES);
        for (int i = 0; i < ENTRIES; i++) {
            store(ring + 16L * i, bufferIova, NicDescriptor.ready(0x800));
        }
        assertThat(nic.receive(0x5DC)).isTrue();
        assertThat(nic.receive(0x1000)).isTrue();
        assertThat(NicDescriptor.movedBytes(load(ring + 8))).isEqualTo(0x5DC);
        assertThat(NicDescriptor.movedBytes(load(ring + 24))).isEqualTo(0x800);
        nic.receive(1);
        nic.receive(1);
        store(ring, bufferIova, NicDescriptor.ready(0x800));
        nic.receive(7);
        assertThat(NicDescriptor.movedBytes(load(ring + 8))).isEqualTo(7);
    }

    @Test
    void payloadThatIsRefusedFailsThePacket() {
        nic.setReceiveRing(ringIova, ENTRIES);
        store(ring, 0x1_0000, NicDescriptor.ready(0x800));
        assertThat(nic.receive(0x800)).isFalse();
        assertThat(load(ring + 8)).isEqualTo(NicDescriptor.DONE | NicDescriptor.FAILED | 0x800);
        assertThat(nic.failures()).isEqualTo(1);
    }

    @Test
    void aRingThatIsGoneFailsThePacket() {
        nic.setTransmitRing(0x1_0000, ENTRIES);
        assertThat(nic.transmit(2)).isZero();
        assertThat(nic.failures()).isEqualTo(2);
        driver.protect(DEVICE, ringIova, 0x4000, 1);
        nic.setTransmitRing(ringIova, ENTRIES);
        store(ring, bufferIova, NicDescriptor.ready(0x10));
        // Sent, but the descriptor cannot be written back.
        assertThat(nic.transmit(1)).isZero();
    }

    private void submit(int place, long[] command) {
        store(ring + 64L * place, command);
    }

    private long completion(int place) {
        return load(ring + 0x1000 + 16L * place + 8);
    }

    private void setQueues() {
        disk.setQueues(ringIova, ringIova + 0x1000, ENTRIES);
    }

    @Test
    void aDiskReadsPagesByPrpAndCompletes() {
        setQueues();
        submit(0, NvmeDescriptor.submission(NvmeDescriptor.WRITE, 7, bufferIova + 0x200, 0, 1));
        submit(1, NvmeDescriptor.submission(NvmeDescriptor.READ, 8, bufferIova + 0x200, bufferIova + 0x1000, 15));
        assertThat(disk.doorbell(2)).isEqualTo(2);
        assertThat(requested).contains(bufferIova + 0x200, bufferIova + 0x1000);
        // Status 0, phase 1, identifier, head of the submission queue.
        assertThat(completion(0)).isEqualTo(1L << 48 | 7L << 32 | 1);
        assertThat(completion(1)).isEqualTo(1L << 48 | 8L << 32 | 2);
        assertThat(disk.commands()).isEqualTo(2);
        assertThat(disk.failures()).isZero();
        // The next round of the completion queue has phase 0.
        for (int place : new int[] {2, 3, 0}) {
            submit(place, NvmeDescriptor.submission(NvmeDescriptor.WRITE, 9, bufferIova, 0, 1));
        }
        assertThat(disk.doorbell(5)).isEqualTo(3);
        assertThat(NvmeDescriptor.phase(completion(3))).isTrue();
        assertThat(NvmeDescriptor.phase(completion(0))).isFalse();
        assertThat(NvmeDescriptor.completed(completion(0))).isEqualTo(9);
    }

    @Test
    void moreThanTwoPagesStandInAList() {
        setQueues();
        // The list ends at the end of its page; its last place leads on to another one.
        store(ring + 0x2FF0, bufferIova + 0x1000, ringIova + 0x3000);
        store(ring + 0x3000, bufferIova + 0x2000, bufferIova + 0x3000);
        submit(0, NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bufferIova, ringIova + 0x2FF0, 32));
        assertThat(disk.doorbell(1)).isEqualTo(1);
        assertThat(requested)
                .containsSubsequence(
                        bufferIova,
                        ringIova + 0x2FF0,
                        bufferIova + 0x1000,
                        ringIova + 0x2FF8,
                        ringIova + 0x3000,
                        bufferIova + 0x2000,
                        ringIova + 0x3008,
                        bufferIova + 0x3000);
        // The last page of all may stand in the last place.
        store(ring + 0x2FF0, bufferIova + 0x1000, bufferIova + 0x2000);
        submit(1, NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bufferIova + 0x800, ringIova + 0x2FF0, 16));
        assertThat(disk.doorbell(2)).isEqualTo(1);
    }

    @Test
    void whatCannotBeReachedIsATransferError() {
        long bad = 0x1_0000;
        long[][] commands = {
            NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bad, 0, 1),
            NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bufferIova, bad, 16),
            NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bufferIova, bad, 32),
            NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bufferIova, ringIova + 0x2000, 32),
            NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bufferIova, ringIova + 0x2FF8, 32)
        };
        store(ring + 0x2000, bufferIova, bad);
        store(ring + 0x2FF8, bad);
        for (long[] command : commands) {
            setQueues();
            submit(0, command);
            assertThat(disk.doorbell(1)).isZero();
            assertThat(NvmeDescriptor.status(completion(0))).isEqualTo(NvmeDescriptor.TRANSFER_ERROR);
        }
        assertThat(disk.failures()).isEqualTo(5);
    }

    @Test
    void unknownCommandsAndLostQueuesFail() {
        setQueues();
        submit(0, NvmeDescriptor.submission(9, 1, bufferIova, 0, 1));
        assertThat(disk.doorbell(1)).isZero();
        assertThat(NvmeDescriptor.status(completion(0))).isEqualTo(NvmeDescriptor.INVALID_OPCODE);
        disk.setQueues(0x1_0000, ringIova + 0x1000, ENTRIES);
        assertThat(disk.doorbell(1)).isZero();
        assertThat(NvmeDescriptor.status(completion(0))).isEqualTo(NvmeDescriptor.TRANSFER_ERROR);
        // At the end of what is mapped: the command's first bytes are there, its fields are not.
        for (long beforeEnd : new long[] {0x4000 - 8, 0x4000 - 24, 0x4000 - 0x20}) {
            store(ring + beforeEnd, NvmeDescriptor.READ);
            disk.setQueues(ringIova + beforeEnd, ringIova + 0x1000, ENTRIES);
            assertThat(disk.doorbell(1)).isZero();
        }
        setQueues();
        disk.setQueues(ringIova, 0x1_0000, ENTRIES);
        submit(0, NvmeDescriptor.submission(NvmeDescriptor.READ, 1, bufferIova, 0, 1));
        assertThat(disk.doorbell(1)).isZero();
    }

    @Test
    void interruptsAreCountedByWhatBecomesOfThem() {
        InterruptSource source = new InterruptSource(port);
        driver.interrupts().setUp(DEVICE);
        InterruptMessage message = InterruptTables.message(driver.interrupts().allocate(DEVICE, 0x41, 1));
        source.setMessage(message.address(), message.data());
        assertThat(source.raise()).isEqualTo(InterruptDecision.REMAPPED);
        source.setMessage(message.address(), 5);
        assertThat(source.raise()).isEqualTo(InterruptDecision.ABORTED);
        InterruptSource open = new InterruptSource(new DevicePort(machine.bus(), 0, 0x40, 0));
        open.setMessage(0xFEE0_0000L, 0x41);
        assertThat(open.raise()).isEqualTo(InterruptDecision.PASSED);
        assertThat(source.delivered()).isEqualTo(1);
        assertThat(source.refused()).isEqualTo(1);
        assertThat(open.delivered()).isEqualTo(1);
    }
}
