package org.iorewind.model.qemu;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.memory.MemoryStatus;

/** The model, with RAM, a bus that splits transfers as QEMU's does, and a device with a buffer. */
final class ModelMachine implements Target {
    private static final int STATUS = 0x2020;
    private static final int COMMAND_BASE = 0x08;
    private static final long INTERRUPT_ROOT_TOP = 1L << 51;
    private static final int EVENT_BASE = 0x10;
    private static final int COMMAND_HEAD = 0x2000;
    private static final int EVENT_HEAD = 0x2010;
    private static final int COMMAND_TAIL = 0x2008;
    private static final long EVENT_LOG_INT = 1 << 1;
    private static final long COMMAND_RUN = 1 << 4;
    private static final int POINTER_MASK = 0x7_FFF0;
    /** QEMU's bus asks again for each of these, where no RAM answers. */
    private static final int SPLIT_BYTES = 4;
    /** No walk that ends takes so many steps (Q-WALK-5). */
    private static final int ENDLESS_STEPS = 16;

    private final Profile profile;
    private final ByteBuffer image = FlatMemory.image();
    private final FlatMemory memory = new FlatMemory();
    private final byte[] buffer = new byte[Layout.BUFFER_BYTES];
    private final ShownPointers shownPointers = new ShownPointers();
    private List<Witness> witnesses = new ArrayList<>();
    private Iommu iommu;
    private boolean sentOwnInterrupt;
    private boolean isUndecided;
    private int walkSteps;
    private long page;
    private int pageShift;

    ModelMachine(Profile profile) {
        this.profile = profile;
        this.iommu = new Iommu(IommuOptions.of(profile), memory, new Notebook());
    }

    /** Starts over; {@code status} is what the other machine's STATUS holds, which no write may be able to clear. */
    void begin(long status) {
        memory.reset(image);
        image.get(Layout.BUFFER_IN, buffer);
        iommu = new Iommu(IommuOptions.of(profile), memory, new Notebook());
        if (status != 0) {
            iommu.forceRegister(STATUS, status);
        }
        isUndecided = false;
        shownPointers.reset();
        drain();
    }

    /** What was seen since the last call. */
    List<Witness> drain() {
        if (sentOwnInterrupt) {
            witnesses.add(new Witness(Witness.Kind.OWN_INTERRUPT, 0, 0, 0));
        }
        List<Witness> seen = witnesses;
        witnesses = new ArrayList<>();
        sentOwnInterrupt = false;
        walkSteps = 0;
        return seen;
    }

    /**
     * Whether the last step went where no program may go: to memory that is not RAM but a device, into an endless loop of
     * QEMU, or to something that the model leaves undecided by name.
     */
    boolean mustBeLeftOut() {
        return memory.isTrespassed() || isUndecided || walkSteps >= ENDLESS_STEPS || isBeyondRing();
    }

    /**
     * QEMU takes pointers beyond a ring as they are: commands never meet such a tail (Q-CMD-7), events go beyond the log
     * (Q-EVT-12).
     */
    private boolean isBeyondRing() {
        boolean isRunning = (iommu.register(STATUS) & COMMAND_RUN) != 0;
        return isRunning && isBeyond(COMMAND_BASE, COMMAND_HEAD)
                || profile == Profile.QEMU_11_1 && isBeyond(EVENT_BASE, EVENT_HEAD);
    }

    private boolean isBeyond(int base, int head) {
        long highest = Math.max(iommu.register(head) & POINTER_MASK, iommu.register(head + Long.BYTES) & POINTER_MASK);
        return highest >= bytesOf(base);
    }

    private long bytesOf(int base) {
        return 16L << (iommu.register(base) >>> 56 & 0xF);
    }

    /** What QEMU shows in place of a register that the model predicts, where pointers are concerned. */
    long shownRegister(int offset, int sizeBytes) {
        long value = 0;
        int piece;
        for (int done = 0; done < sizeBytes; done += piece) {
            int at = offset + done;
            piece = alignedPiece(at, sizeBytes - done);
            OptionalLong shown = shownPointers.reading(at, piece);
            value |= (shown.isPresent() ? shown.getAsLong() : iommu.mmioRead(at, piece)) << 8 * done;
        }
        return value;
    }

    /** The row of the deviation table that explains it. */
    String shownBecauseOf(int offset) {
        return shownPointers.deviation(offset);
    }

    /** Shows the device's buffer in RAM, past the IOMMU. */
    ByteBuffer end() {
        memory.ram().put(Layout.BUFFER_OUT, buffer);
        return memory.ram();
    }

    @Override
    public void store(long address, long value) {
        memory.store(address, value);
    }

    /** QEMU's bus makes aligned accesses of what is not aligned. */
    @Override
    public void writeRegister(int offset, int sizeBytes, long value) {
        int piece;
        for (int done = 0; done < sizeBytes; done += piece) {
            piece = alignedPiece(offset + done, sizeBytes - done);
            long part = value >>> 8 * done;
            shownPointers.beforeWrite(offset + done, piece, part, iommu::register);
            isUndecided |= isIgnoredBase(offset + done);
            iommu.mmioWrite(offset + done, piece, part);
        }
    }

    @Override
    public void readRegister(int offset, int sizeBytes) {
        long value = 0;
        int piece;
        for (int done = 0; done < sizeBytes; done += piece) {
            piece = alignedPiece(offset + done, sizeBytes - done);
            value |= iommu.mmioRead(offset + done, piece) << 8 * done;
        }
        witnesses.add(new Witness(Witness.Kind.REGISTER, offset, sizeBytes, value));
    }

    /** QEMU 11.1 shows such a base and does not use it (Q-REG-8, not modelled). */
    private boolean isIgnoredBase(int offset) {
        return profile == Profile.QEMU_11_1
                && (offset & -Long.BYTES) == EVENT_BASE
                && (iommu.register(STATUS) & EVENT_LOG_INT) != 0;
    }

    private static int alignedPiece(int offset, int leftBytes) {
        int aligned = offset == 0 ? Long.BYTES : Integer.lowestOneBit(offset);
        return Math.min(Integer.highestOneBit(leftBytes), aligned);
    }

    @Override
    public void deviceReads(long address, int slot, int lengthBytes) {
        for (int done = 0; done < lengthBytes; ) {
            long at = address + done;
            long physical = translate(at, AccessKind.READ);
            int piece = pieceAt(at, physical, lengthBytes - done);
            for (int i = 0; i < piece; i++) {
                boolean isRam = physical >= 0 && memory.answers(physical + i);
                buffer[slot * Layout.SLOT_BYTES + done + i] =
                        isRam ? memory.ram().get((int) physical + i) : 0;
            }
            done += piece;
        }
    }

    @Override
    public void deviceWrites(long address, int slot, int lengthBytes) {
        for (int done = 0; done < lengthBytes; ) {
            long at = address + done;
            long physical = translate(at, AccessKind.WRITE);
            int piece = pieceAt(at, physical, lengthBytes - done);
            for (int i = 0; i < piece; i++) {
                if (physical >= 0 && memory.answers(physical + i)) {
                    memory.ram().put((int) physical + i, buffer[slot * Layout.SLOT_BYTES + done + i]);
                }
            }
            done += piece;
        }
    }

    /** Physical address, -1 when refused. */
    private long translate(long address, AccessKind access) {
        TranslationDecision decision = iommu.dma(Layout.DEVICE, EffectSink.NO_PASID, address, SPLIT_BYTES, access);
        return switch (decision) {
            case TRANSLATED, PASSED -> page | address & (1L << pageShift) - 1;
            default -> -1;
        };
    }

    private int pieceAt(long address, long physical, int left) {
        if (physical < 0 || !memory.answers(physical)) {
            return SPLIT_BYTES;
        }
        long untilPageEnd = (1L << pageShift) - (address & (1L << pageShift) - 1);
        return (int) Math.min(left, untilPageEnd);
    }

    @Override
    public void deviceInterrupts(long address, int data) {
        long third = memory.ram().getLong(Layout.DEVICE_TABLE + 32 * Layout.DEVICE + 16);
        isUndecided |= profile == Profile.QEMU_10_0 && (third & INTERRUPT_ROOT_TOP) != 0; // Q-INT-11, not modelled
        iommu.interrupt(Layout.DEVICE, address, data);
    }

    private final class Notebook implements EffectSink {
        @Override
        public void commandFetched(int ringHead, int ringTail, long ringBase, long q0, long q1) {
            shownPointers.commandTaken(ringHead, bytesOf(COMMAND_BASE));
            // 11.1 announces only devices that exist (Q-GATE-3)
            boolean announces = q0 >>> 60 == 2 && profile == Profile.QEMU_11_1;
            isUndecided |= announces && (q0 & 0xFFFF) != Layout.DEVICE;
            witnesses.add(new Witness(Witness.Kind.COMMAND, ringHead, ringTail, ringBase));
        }

        @Override
        public void walkStep(int level, long entryAddress, long entry) {
            walkSteps++;
        }

        @Override
        public void translation(
                int requester,
                int pasid,
                long address,
                TranslationDecision decision,
                int domain,
                long result,
                int shift,
                int rights,
                boolean cacheHit) {
            walkSteps = walkSteps >= ENDLESS_STEPS ? walkSteps : 0;
            page = result;
            pageShift = decision == TranslationDecision.PASSED ? 12 : shift;
            boolean isLookedAt = decision != TranslationDecision.PASSED || domain >= 0;
            if (isLookedAt) {
                boolean isGranted =
                        decision == TranslationDecision.TRANSLATED || decision == TranslationDecision.PASSED;
                witnesses.add(new Witness(
                        Witness.Kind.TRANSLATION, address, isGranted ? result : Witness.ANY, cacheHit ? 1 : 0));
            }
        }

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
            boolean isSent = decision == InterruptDecision.PASSED || decision == InterruptDecision.REMAPPED;
            witnesses.add(new Witness(Witness.Kind.INTERRUPT_ASKED, requestAddress, requestData, isSent ? 1 : 0));
            if (isSent) {
                witnesses.add(
                        new Witness(Witness.Kind.INTERRUPT_SENT, deliveredAddress, deliveredData & 0xFFFF_FFFFL, 0));
            }
        }

        @Override
        public void ownInterrupt(OwnInterrupt source, long address, int data) {
            sentOwnInterrupt = true;
        }

        @Override
        public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
            if (use == MemoryUse.COMMAND) {
                long base = iommu.register(COMMAND_BASE) & 0x000F_FFFF_FFFF_F000L;
                long tail = iommu.register(COMMAND_TAIL) & POINTER_MASK;
                shownPointers.commandTaken(address - base, bytesOf(COMMAND_BASE));
                witnesses.add(new Witness(Witness.Kind.COMMAND, address - base, tail, base));
            }
        }

        @Override
        public void notModelled(Feature feature, long detail) {
            isUndecided |= feature != Feature.ATS && feature != Feature.PAGE_REQUESTS;
        }
    }
}
