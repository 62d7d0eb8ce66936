package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.STORE;

import org.iorewind.model.platform.DevicePort;
import org.iorewind.model.platform.LoneIommu;
import org.iorewind.model.platform.device.AtcAccess;
import org.iorewind.model.platform.device.DeviceAtc;
import org.junit.jupiter.api.Test;

/** Reference 5.2, 7.1 and traps 22 and 28 of 14: a device with a cache of its own in front of the IOMMU. */
class Section5AtsFlowTest {
    private static final int PPR_LOG = 0x60_0000;
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;
    private static final long INVALIDATE_PAGES = 3L << 60 | (long) DOMAIN << 32;
    private static final long INVALIDATE_DEVICE = 4L << 60 | 32L << 24 | DEVICE;

    private final Machine machine = machine();
    private final DeviceAtc device = new DeviceAtc(DEVICE, 8);
    private final DevicePort port = LoneIommu.port(machine.iommu, DEVICE);

    private static Machine machine() {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | 1L << 1 | 1L << 6 | 1L << 50)
                .deviceEntryCache(0)
                .build());
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 1L << 52 | 3, DOMAIN | 1L << 32, 0, 0);
        machine.write(0x38, PPR_LOG | 8L << 56);
        machine.write(0x18, Machine.ENABLED | 7L << 13);
        machine.told.clear();
        return machine;
    }

    Section5AtsFlowTest() {
        machine.devices.add(device);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
    }

    private AtcAccess read(long address) {
        return device.access(port, NO_PASID, address, AccessKind.READ);
    }

    private long lastResult() {
        return machine.translations.get(machine.translations.size() - 1).result();
    }

    @Test
    void aPageRequestMendsAMissingPage() {
        // 1. The answer lacks the right, so the device asks for the page.
        machine.map(0x2000, PAGE_B | READ_ONLY | 1);
        assertThat(device.access(port, NO_PASID, 0x2000, AccessKind.WRITE)).isEqualTo(AtcAccess.PAGE_NEEDED);
        assertThat(machine.translations).isEmpty();
        assertThat(machine.iommu.pageRequest(DEVICE, NO_PASID, 0x2000, 2, 5, true))
                .isEqualTo(PageRequestDecision.LOGGED);
        // 2. Software finds it in the log, mends the table, invalidates, and answers.
        assertThat(machine.memory.peek(PPR_LOG + 8)).isEqualTo(0x2000);
        machine.map(0x2000, PAGE_B | READ_WRITE | 1);
        machine.command(INVALIDATE_PAGES, 0x2000);
        machine.command(INVALIDATE_DEVICE, 0x2000);
        machine.command(7L << 60 | DEVICE, 5L << 32);
        assertThat(machine.told).contains("response to 48 pasid -1 group 5 code 0");
        // 3. The device tries again.
        assertThat(device.access(port, NO_PASID, 0x2000, AccessKind.WRITE)).isEqualTo(AtcAccess.TRANSLATED);
        assertThat(lastResult()).isEqualTo(PAGE_B);
        // The one log entry is that of the page request.
        assertThat(machine.events).hasSize(1);
        assertThat(machine.iommu.register(0x2018)).isZero();
    }

    @Test
    void aDeviceThatWasNotToldUsesTheOldPage() {
        assertThat(read(0x1000)).isEqualTo(AtcAccess.TRANSLATED);
        machine.map(0x1000, 0);
        machine.command(INVALIDATE_PAGES, EVERYTHING);
        machine.command(8L << 60, 0);
        assertThat(read(0x1000)).isEqualTo(AtcAccess.TRANSLATED);
        assertThat(lastResult()).isEqualTo(PAGE_A);
        machine.command(INVALIDATE_DEVICE, EVERYTHING);
        assertThat(read(0x1000)).isEqualTo(AtcAccess.PAGE_NEEDED);
    }

    @Test
    void theDeviceInvalidationBeforeTheIommusLetsTheDeviceFetchTheStaleEntryAgain() {
        read(0x1000);
        machine.map(0x1000, PAGE_B | READ_WRITE | 1);
        machine.command(INVALIDATE_DEVICE, 0x1000);
        // The device works on: its answer comes from the IOMMU's cache, which still has the old page.
        read(0x1000);
        machine.command(INVALIDATE_PAGES, 0x1000);
        machine.command(1L << 60 | STORE | 1, 7);
        assertThat(machine.memory.peek(STORE)).isEqualTo(7);
        read(0x1000);
        assertThat(lastResult()).isEqualTo(PAGE_A);
    }

    @Test
    void inTheRightOrderTheDeviceSeesTheNewPage() {
        read(0x1000);
        machine.map(0x1000, PAGE_B | READ_WRITE | 1);
        machine.command(INVALIDATE_PAGES, 0x1000);
        read(0x1000);
        assertThat(lastResult()).isEqualTo(PAGE_A);
        machine.command(INVALIDATE_DEVICE, 0x1000);
        read(0x1000);
        assertThat(lastResult()).isEqualTo(PAGE_B);
    }

    @Test
    void aStaleCacheOfADeviceWithoutAtsIsCaught() {
        read(0x1000);
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        assertThat(read(0x1000)).isEqualTo(AtcAccess.TRANSLATED);
        assertThat(device.lastDecision()).isEqualTo(TranslationDecision.ABORTED);
        assertThat(machine.lastEvent().code()).isEqualTo(8);
    }
}
