package org.iorewind.model.platform.host;

import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;

/**
 * Where the registers of a guest's first 4 KiB go in its VF-control slot (amd-viommu reference 3.2). With buffers at fixed
 * private addresses (GstBufferTRPMode=0) base addresses are not stored, only lengths. Not thread-safe.
 */
final class GuestRegisterMap {
    private static final int DUAL_EVENT_SHIFT = 32;
    private static final long DUAL_EVENT_MASK = 3L << GuestControlDescriptor.DUAL_EVENT_SHIFT;
    private static final int DUAL_PPR_SHIFT = 30;
    private static final long DUAL_PPR_MASK = 3L << GuestControlDescriptor.DUAL_PPR_SHIFT;
    private static final long LENGTH_MASK = 0xF;
    private static final int LENGTH_B_SHIFT = 4;
    private static final long LENGTH_B_MASK = LENGTH_MASK << LENGTH_B_SHIFT;
    private static final int PPR_BASE_SHIFT = 4;
    private static final long ENABLES = GuestControlDescriptor.ENABLE | GuestControlDescriptor.INTERRUPT_ENABLE;
    private static final long PPR_BITS = ENABLES
            | GuestControlDescriptor.PPR_EN
            | DUAL_PPR_MASK
            | GuestControlDescriptor.AUTO_RESPONSE
            | GuestControlDescriptor.BLOCK_STOP_MARKERS
            | GuestControlDescriptor.AUTO_RESPONSE_ALWAYS;

    private final GuestSlot slot;
    private final long baseMask;

    /**
     * Binds a slot.
     *
     * @param areBuffersGuestPhysical GstBufferTRPMode
     */
    GuestRegisterMap(GuestSlot slot, boolean areBuffersGuestPhysical) {
        this.slot = slot;
        this.baseMask = areBuffersGuestPhysical ? RegisterDescriptor.BASE_MASK : 0;
    }

    /**
     * Writes a register.
     *
     * @return whether the slot has a place for any of it
     */
    boolean write(int offset, long value) {
        switch (offset) {
            case RegisterDescriptor.COMMAND_BASE -> writeBase(GuestControlDescriptor.COMMAND, value);
            case RegisterDescriptor.EVENT_BASE -> writeBase(GuestControlDescriptor.EVENT, value);
            case RegisterDescriptor.PPR_BASE ->
                slot.update(
                        GuestControlDescriptor.PPR,
                        LENGTH_MASK | baseMask << PPR_BASE_SHIFT,
                        length(value) | (value & baseMask) << PPR_BASE_SHIFT);
            case RegisterDescriptor.PPR_BASE_B ->
                writeBaseB(GuestControlDescriptor.PPR, GuestControlDescriptor.PPR_BASE_B, value);
            case RegisterDescriptor.EVENT_BASE_B ->
                writeBaseB(GuestControlDescriptor.EVENT, GuestControlDescriptor.EVENT_BASE_B, value);
            case RegisterDescriptor.CONTROL -> writeControl(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads a register back: of a base register what the slot keeps of it, of the control register the bits that have a place
     * there; 0 for all others.
     */
    long read(int offset) {
        return switch (offset) {
            case RegisterDescriptor.COMMAND_BASE -> readBase(slot.control(GuestControlDescriptor.COMMAND));
            case RegisterDescriptor.EVENT_BASE -> readBase(slot.control(GuestControlDescriptor.EVENT));
            case RegisterDescriptor.PPR_BASE -> {
                long ppr = slot.control(GuestControlDescriptor.PPR);
                yield lengthField(ppr) | ppr >>> PPR_BASE_SHIFT & baseMask;
            }
            case RegisterDescriptor.PPR_BASE_B ->
                readBaseB(GuestControlDescriptor.PPR, GuestControlDescriptor.PPR_BASE_B);
            case RegisterDescriptor.EVENT_BASE_B ->
                readBaseB(GuestControlDescriptor.EVENT, GuestControlDescriptor.EVENT_BASE_B);
            case RegisterDescriptor.CONTROL -> readControl();
            default -> 0;
        };
    }

    private void writeBase(int register, long value) {
        slot.update(register, LENGTH_MASK | baseMask, length(value) | value & baseMask);
    }

    private void writeBaseB(int lengthRegister, int baseRegister, long value) {
        slot.update(lengthRegister, LENGTH_B_MASK, length(value) << LENGTH_B_SHIFT);
        slot.update(baseRegister, baseMask, value);
    }

    /** Logs first, so that they run before the first command can fail. */
    private void writeControl(long value) {
        slot.update(GuestControlDescriptor.EVENT, ENABLES | DUAL_EVENT_MASK, eventBits(value));
        slot.update(GuestControlDescriptor.PPR, PPR_BITS, pprBits(value));
        slot.update(GuestControlDescriptor.COMMAND, ENABLES, commandBits(value));
    }

    private static long commandBits(long control) {
        return bit(control, ControlDescriptor.CMD_BUF_EN, GuestControlDescriptor.ENABLE)
                | bit(control, ControlDescriptor.COM_WAIT_INT_EN, GuestControlDescriptor.INTERRUPT_ENABLE);
    }

    private static long eventBits(long control) {
        return bit(control, ControlDescriptor.EVENT_LOG_EN, GuestControlDescriptor.ENABLE)
                | bit(control, ControlDescriptor.EVENT_INT_EN, GuestControlDescriptor.INTERRUPT_ENABLE)
                | (control >>> DUAL_EVENT_SHIFT & 3) << GuestControlDescriptor.DUAL_EVENT_SHIFT;
    }

    private static long pprBits(long control) {
        return bit(control, ControlDescriptor.PPR_LOG_EN, GuestControlDescriptor.ENABLE)
                | bit(control, ControlDescriptor.PPR_INT_EN, GuestControlDescriptor.INTERRUPT_ENABLE)
                | bit(control, ControlDescriptor.PPR_EN, GuestControlDescriptor.PPR_EN)
                | (control >>> DUAL_PPR_SHIFT & 3) << GuestControlDescriptor.DUAL_PPR_SHIFT
                | bit(control, ControlDescriptor.PPR_AUTO_RESPONSE_EN, GuestControlDescriptor.AUTO_RESPONSE)
                | bit(control, ControlDescriptor.BLOCK_STOP_MARKERS, GuestControlDescriptor.BLOCK_STOP_MARKERS)
                | bit(control, ControlDescriptor.PPR_AUTO_RESPONSE_ALWAYS, GuestControlDescriptor.AUTO_RESPONSE_ALWAYS);
    }

    private long readControl() {
        long command = slot.control(GuestControlDescriptor.COMMAND);
        long event = slot.control(GuestControlDescriptor.EVENT);
        long ppr = slot.control(GuestControlDescriptor.PPR);
        return bit(command, GuestControlDescriptor.ENABLE, ControlDescriptor.CMD_BUF_EN)
                | bit(command, GuestControlDescriptor.INTERRUPT_ENABLE, ControlDescriptor.COM_WAIT_INT_EN)
                | bit(event, GuestControlDescriptor.ENABLE, ControlDescriptor.EVENT_LOG_EN)
                | bit(event, GuestControlDescriptor.INTERRUPT_ENABLE, ControlDescriptor.EVENT_INT_EN)
                | (event >>> GuestControlDescriptor.DUAL_EVENT_SHIFT & 3) << DUAL_EVENT_SHIFT
                | bit(ppr, GuestControlDescriptor.ENABLE, ControlDescriptor.PPR_LOG_EN)
                | bit(ppr, GuestControlDescriptor.INTERRUPT_ENABLE, ControlDescriptor.PPR_INT_EN)
                | bit(ppr, GuestControlDescriptor.PPR_EN, ControlDescriptor.PPR_EN)
                | (ppr >>> GuestControlDescriptor.DUAL_PPR_SHIFT & 3) << DUAL_PPR_SHIFT
                | bit(ppr, GuestControlDescriptor.AUTO_RESPONSE, ControlDescriptor.PPR_AUTO_RESPONSE_EN)
                | bit(ppr, GuestControlDescriptor.BLOCK_STOP_MARKERS, ControlDescriptor.BLOCK_STOP_MARKERS)
                | bit(ppr, GuestControlDescriptor.AUTO_RESPONSE_ALWAYS, ControlDescriptor.PPR_AUTO_RESPONSE_ALWAYS);
    }

    private long readBase(long register) {
        return lengthField(register) | register & baseMask;
    }

    private long readBaseB(int lengthRegister, int baseRegister) {
        return lengthField(slot.control(lengthRegister) >>> LENGTH_B_SHIFT) | slot.control(baseRegister) & baseMask;
    }

    private static long length(long baseRegister) {
        return RegisterDescriptor.ringLengthCode(baseRegister);
    }

    private static long lengthField(long slotRegister) {
        return (slotRegister & LENGTH_MASK) << RegisterDescriptor.RING_LENGTH_SHIFT;
    }

    private static long bit(long from, long mask, long result) {
        return (from & mask) != 0 ? result : 0;
    }
}
