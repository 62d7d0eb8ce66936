package org.iorewind.model.platform.driver;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.IommuDescription;
import org.iorewind.model.platform.PageAllocator;
import org.iorewind.model.platform.PhysicalPort;
import org.iorewind.model.platform.PlainMachine;
import org.iorewind.model.platform.SystemBus;

/** A machine with one IOMMU for tests of drivers: it notes the commands that the hardware takes. */
final class DriverMachine {
    /** PPRSup, NXSup, GTSup, IASup, GASup, HATS=6 levels, GATS=5 levels, GLXSup=3 levels, PASmax=20 bits, GIoSup, EPHSup. */
    static final long FEATURES =
            0x2 | 0x8 | 0x10 | 0x40 | 0x80 | 2L << 10 | 1L << 12 | 2L << 14 | 19L << 32 | 1L << 48 | 1L << 50;

    static final int DEVICE = 0x30;

    final PlainMachine machine = new PlainMachine();
    final PageAllocator pages = new PageAllocator(0x100_0000, 0x4000_0000);
    final PhysicalPort port = new PhysicalPort(machine, 0, pages);
    final List<Command> taken = new ArrayList<>();

    DriverMachine() {
        this(FEATURES);
    }

    DriverMachine(long features) {
        machine.addIommu(IommuDescription.physical(features, 0));
        machine.listen(SystemBus.PHYSICAL, new EffectSink() {
            @Override
            public void commandFetched(int ringHead, int ringTail, long ringBase, long q0, long q1) {
                taken.add(new Command(q0, q1));
            }
        });
    }

    static DriverOptions small() {
        return DriverOptions.linux().devices(256).lengths(8, 8);
    }

    IommuDriver booted() {
        return booted(small());
    }

    IommuDriver booted(DriverOptions options) {
        IommuDriver driver = new IommuDriver(port, options);
        if (driver.boot() != Errno.OK) {
            throw new AssertionError("expected the IOMMU to come up");
        }
        taken.clear();
        return driver;
    }

    Iommu iommu() {
        return machine.iommu(0);
    }

    TranslationDecision dma(long address, AccessKind access) {
        return machine.dma(0, DEVICE, EffectSink.NO_PASID, address, 8, access);
    }

    /** Where the tables lead for an access, or -1. */
    long probe(int pasid, long address, AccessKind access) {
        Probe probe = iommu().probe(DEVICE, pasid, address, access);
        return probe.decision() == TranslationDecision.TRANSLATED
                ? probe.result() | address & (1L << probe.pageShift()) - 1
                : -1;
    }

    List<Integer> opcodes() {
        List<Integer> opcodes = taken.stream().map(Command::opcode).toList();
        taken.clear();
        return opcodes;
    }
}
