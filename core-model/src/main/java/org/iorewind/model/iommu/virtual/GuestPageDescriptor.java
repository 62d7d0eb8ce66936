package org.iorewind.model.iommu.virtual;

import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;

import org.iorewind.model.iommu.register.DualLogDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.PageRequestRegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;

/**
 * The VF page of a guest: the image of its third 4 KiB, with the same registers in the same places (amd-viommu reference
 * 3.3). Tails of logs are hardware's. Beyond 97h nothing is there: reads give 0 and writes do nothing (MC-V14).
 *
 * <pre>
 *   00h command head (written only while CmdBufRun=0)   08h command tail
 *   10h event head   18h event tail   20h status        30h PPR head   38h PPR tail
 *   50h PPR B head   58h PPR B tail   70h event B head  78h event B tail
 *   80h automatic response   88h early overflow   90h early overflow of log B
 * </pre>
 */
public final class GuestPageDescriptor {
    /** log2 of the bytes of a page. */
    public static final int SHIFT = 12;
    /** Bytes of a page. */
    public static final int BYTES = 1 << SHIFT;
    /** End of what there is. */
    public static final int END = 0x98;
    /** Command head. */
    public static final int HEAD = offset(COMMAND_HEAD);
    /** Command tail. */
    public static final int TAIL = offset(RegisterDescriptor.COMMAND_TAIL);
    /** Status, of {@link StatusDescriptor}. */
    public static final int STATUS = offset(RegisterDescriptor.STATUS);

    private GuestPageDescriptor() {}

    /** Offset in the page of a register of the third 4 KiB. */
    public static int offset(int register) {
        return register - COMMAND_HEAD;
    }

    /**
     * Bits that take the written value.
     *
     * @param offset in the page, a multiple of 8
     * @param features EFR: what is missing there is missing here
     */
    public static long writable(int offset, long features) {
        return switch (offset + COMMAND_HEAD) {
            case COMMAND_HEAD, RegisterDescriptor.COMMAND_TAIL, RegisterDescriptor.EVENT_HEAD ->
                RegisterDescriptor.POINTER_MASK;
            case RegisterDescriptor.PPR_HEAD -> when(features, FeatureDescriptor.PPR, RegisterDescriptor.POINTER_MASK);
            case RegisterDescriptor.PPR_HEAD_B ->
                when(features, DualLogDescriptor.PPR_SUPPORT, RegisterDescriptor.POINTER_MASK);
            case RegisterDescriptor.EVENT_HEAD_B ->
                when(features, DualLogDescriptor.EVENT_SUPPORT, RegisterDescriptor.POINTER_MASK);
            case PageRequestRegisterDescriptor.AUTO_RESPONSE ->
                when(
                        features,
                        FeatureDescriptor.PPR_AUTO_RESPONSE,
                        PageRequestRegisterDescriptor.AUTO_RESPONSE_WRITABLE);
            case PageRequestRegisterDescriptor.EARLY_OVERFLOW, PageRequestRegisterDescriptor.EARLY_OVERFLOW_B ->
                when(features, FeatureDescriptor.PPR_OVERFLOW_EARLY, PageRequestRegisterDescriptor.EARLY_WRITABLE);
            default -> 0;
        };
    }

    private static long when(long features, long needed, long mask) {
        return (features & needed) != 0 ? mask : 0;
    }

    /** Bits that a written 1 clears. */
    public static long clearedByOne(int offset) {
        return offset == STATUS ? StatusDescriptor.WRITE_ONE_TO_CLEAR : 0;
    }
}
