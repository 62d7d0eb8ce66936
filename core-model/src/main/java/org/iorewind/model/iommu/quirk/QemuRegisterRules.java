package org.iorewind.model.iommu.quirk;

import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.CONTROL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.DEVICE_TABLE_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EXCLUSION_LIMIT;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.PPR_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;

import org.iorewind.model.iommu.IommuOptions;

/**
 * QEMU's register file: few registers, all of whose bits can be written; everything is 0 after reset (Q-REG-1 to Q-REG-5, Q-REG-11).
 * Only the treatment of STATUS differs between versions.
 */
final class QemuRegisterRules implements RegisterRules {
    private static final int HALFWORD = 2;
    private static final int WORD = 4;
    private static final int QUADWORD = 8;
    private static final int NARROW_READ = 0xFF;

    private final long statusWritable;
    private final long statusCleared;

    private QemuRegisterRules(long statusWritable, long statusCleared) {
        this.statusWritable = statusWritable;
        this.statusCleared = statusCleared;
    }

    /** 7.2 and 10.0: STATUS ignores writes. */
    static QemuRegisterRules withReadOnlyStatus() {
        return new QemuRegisterRules(0, 0);
    }

    /** 11.1: bits 7, 4 and 3 of STATUS are read-only, the other low ones clear by writing 1, the rest is storage. */
    static QemuRegisterRules withClearableStatus() {
        return new QemuRegisterRules(~0xFFL, 0x67);
    }

    @Override
    public boolean acceptsWrite(int offset, int sizeBytes) {
        return hasWholeLanes(offset, sizeBytes);
    }

    @Override
    public boolean acceptsRead(int offset, int sizeBytes) {
        return hasWholeLanes(offset, sizeBytes);
    }

    private static boolean hasWholeLanes(int offset, int sizeBytes) {
        return (sizeBytes == HALFWORD || sizeBytes == WORD || sizeBytes == QUADWORD) && (offset & sizeBytes - 1) == 0;
    }

    @Override
    public long refusedRead(int sizeBytes) {
        return sizeBytes == 1 ? NARROW_READ : 0;
    }

    @Override
    public long writable(int register, IommuOptions options) {
        return switch (register) {
            case DEVICE_TABLE_BASE, COMMAND_BASE, EVENT_BASE, CONTROL, EXCLUSION_LIMIT, PPR_BASE -> -1L;
            case COMMAND_HEAD, COMMAND_TAIL, EVENT_HEAD, EVENT_TAIL, PPR_HEAD, PPR_TAIL -> -1L;
            case STATUS -> statusWritable;
            default -> 0;
        };
    }

    @Override
    public boolean isLocked(int register, long contents) {
        return false;
    }

    @Override
    public long clearedByOne(int register) {
        return register == STATUS ? statusCleared : 0;
    }

    @Override
    public long readsAsOne(int register) {
        return 0;
    }

    @Override
    public long resetValue(int register) {
        return 0;
    }

    /** QEMU has none of these features either: their bits are storage. */
    @Override
    public long reportedControls() {
        return 0;
    }

    @Override
    public boolean hasOptionalLogs() {
        return false;
    }

    @Override
    public long present(long features) {
        return 0;
    }

    @Override
    public boolean canRun(long baseRegister) {
        return true;
    }
}
