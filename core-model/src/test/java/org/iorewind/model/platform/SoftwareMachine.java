package org.iorewind.model.platform;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Probe;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.platform.driver.Command;

/** A machine with one IOMMU for tests of software: it notes the commands that the hardware takes, and counts at the port. */
public final class SoftwareMachine {
    /** PPRSup, NXSup, GTSup, IASup, GASup, HATS=6 levels, GATS=5 levels, GLXSup=3 levels, PASmax=20 bits, GIoSup, EPHSup. */
    public static final long FEATURES =
            0x2 | 0x8 | 0x10 | 0x40 | 0x80 | 2L << 10 | 1L << 12 | 2L << 14 | 19L << 32 | 1L << 48 | 1L << 50;

    /** Requests without a PASID. */
    public static final int NO_PASID = EffectSink.NO_PASID;

    /** A device. */
    public static final int DEVICE = 0x30;

    private static final long MEMORY_FROM = 0x100_0000;
    private static final long MEMORY_BYTES = 0x4000_0000;

    private final PlainMachine machine = new PlainMachine();
    private final PageAllocator pages = new PageAllocator(MEMORY_FROM, MEMORY_BYTES);
    private final CountingPort port = new CountingPort(new PhysicalPort(machine, 0, pages));
    private final List<Command> taken = new ArrayList<>();
    private final List<String> responses = new ArrayList<>();

    /** With all features that drivers use. */
    public SoftwareMachine() {
        this(FEATURES);
    }

    /** With these features (EFR). */
    public SoftwareMachine(long features) {
        this(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(features)
                .build());
    }

    /** With an IOMMU of this kind. */
    public SoftwareMachine(IommuOptions options) {
        machine.addIommu(options);
        machine.listen(SystemBus.PHYSICAL, new EffectSink() {
            @Override
            public void commandFetched(int ringHead, int ringTail, long ringBase, long q0, long q1) {
                taken.add(new Command(q0, q1));
            }

            @Override
            public void pageResponse(int requester, int pasid, int tagOrGroup, int code) {
                responses.add(requester + "/" + pasid + " group " + tagOrGroup + " code " + code);
            }
        });
    }

    /** The bus. */
    public PlainMachine bus() {
        return machine;
    }

    /** Its software's port. */
    public CountingPort port() {
        return port;
    }

    /** Its free memory. */
    public PageAllocator pages() {
        return pages;
    }

    /** Its IOMMU. */
    public Iommu iommu() {
        return machine.iommu(0);
    }

    /** A request of {@link #DEVICE} without a PASID. */
    public TranslationDecision dma(long address, AccessKind access) {
        return machine.dma(0, DEVICE, NO_PASID, address, 8, access);
    }

    /** Whether {@link #DEVICE} reaches memory. */
    public boolean reaches(long address, AccessKind access) {
        return DevicePort.isReached(dma(address, access));
    }

    /** Where the tables lead for an access of {@link #DEVICE}, or -1. */
    public long probe(int pasid, long address, AccessKind access) {
        Probe probe = iommu().probe(DEVICE, pasid, address, access);
        return probe.decision() == TranslationDecision.TRANSLATED
                ? probe.result() | address & (1L << probe.pageShift()) - 1
                : -1;
    }

    /** Commands that the hardware took since the last call. */
    public List<Command> taken() {
        List<Command> commands = List.copyOf(taken);
        taken.clear();
        return commands;
    }

    /** Their opcodes. */
    public List<Integer> opcodes() {
        return taken().stream().map(Command::opcode).toList();
    }

    /** Answers to page requests, as devices see them, since the beginning. */
    public List<String> responses() {
        return responses;
    }
}
