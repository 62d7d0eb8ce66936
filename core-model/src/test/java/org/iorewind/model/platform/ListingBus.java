package org.iorewind.model.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.AtsStatus;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.PageRequestDecision;
import org.iorewind.model.iommu.RegisterSpace;
import org.iorewind.model.iommu.TranslationDecision;

/** A machine that lists what software did to it, and which commands its IOMMUs took. */
public final class ListingBus implements SystemBus {
    private final PlainMachine machine = new PlainMachine();
    private final List<String> lines = new ArrayList<>();
    private final Map<Integer, Long> firmware = new TreeMap<>();
    private boolean isOn = true;

    /** What was done since the last {@link #forget}, a line each. */
    public List<String> lines() {
        return lines;
    }

    /** The lines that begin with one of these. */
    public List<String> lines(String... beginnings) {
        return lines.stream()
                .filter(line -> List.of(beginnings).stream().anyMatch(line::startsWith))
                .toList();
    }

    /** How many lines begin so. */
    public int count(String beginning) {
        return lines(beginning).size();
    }

    /** Empties the list. */
    public void forget() {
        lines.clear();
    }

    /** Lists nothing from now on, for work that is large. */
    public void quiet() {
        isOn = false;
    }

    /** Lets a register of all configuration spaces read so. */
    public void firmwareSays(int offset, long value) {
        firmware.put(offset, value);
    }

    /** The IOMMU with this number. */
    public Iommu iommu(int number) {
        return machine.iommu(number);
    }

    /** The machine below. */
    public PlainMachine machine() {
        return machine;
    }

    private void list(String line) {
        if (isOn) {
            lines.add(line);
        }
    }

    private static String hex(long value) {
        return Long.toHexString(value);
    }

    @Override
    public long load(long address) {
        return machine.load(address);
    }

    @Override
    public void store(int guest, MemoryRole role, long address, long... words) {
        list("store " + guest + " " + role);
        machine.store(guest, role, address, words);
    }

    @Override
    public void clear(int guest, MemoryRole role, long address, long bytes) {
        list("clear " + guest + " " + role + " " + hex(bytes));
        machine.clear(guest, role, address, bytes);
    }

    @Override
    public void deviceStore(long address, long word) {
        machine.deviceStore(address, word);
    }

    @Override
    public void writeRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes, long value) {
        list("write " + guest + " " + iommu + " " + space + " " + hex(offset) + " " + hex(value));
        machine.writeRegister(guest, iommu, space, offset, sizeBytes, value);
    }

    @Override
    public long readRegister(int guest, int iommu, RegisterSpace space, int offset, int sizeBytes) {
        list("read " + guest + " " + iommu + " " + space + " " + hex(offset));
        long value = machine.readRegister(guest, iommu, space, offset, sizeBytes);
        return space == RegisterSpace.PCI_CONFIG ? firmware.getOrDefault(offset, value) : value;
    }

    @Override
    public TranslationDecision dma(
            int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return machine.dma(iommu, requester, pasid, address, lengthBytes, access);
    }

    @Override
    public TranslationDecision translatedDma(
            int iommu, int requester, int pasid, long address, int lengthBytes, AccessKind access) {
        return machine.translatedDma(iommu, requester, pasid, address, lengthBytes, access);
    }

    @Override
    public long target() {
        return machine.target();
    }

    @Override
    public AtsStatus translationRequest(
            int iommu, int requester, int pasid, long address, int lengthBytes, boolean noWrite) {
        return machine.translationRequest(iommu, requester, pasid, address, lengthBytes, noWrite);
    }

    @Override
    public void invalidationResponse(int iommu, int requester, int tags) {
        machine.invalidationResponse(iommu, requester, tags);
    }

    @Override
    public PageRequestDecision pageRequest(
            int iommu, int requester, int pasid, long address, int rights, int group, boolean last) {
        return machine.pageRequest(iommu, requester, pasid, address, rights, group, last);
    }

    @Override
    public InterruptDecision interrupt(int iommu, int requester, long address, int data) {
        return machine.interrupt(iommu, requester, address, data);
    }

    @Override
    public void inject(int iommu, HardwareFault fault) {
        machine.inject(iommu, fault);
    }

    @Override
    public int addIommu(IommuDescription description) {
        int number = machine.addIommu(description);
        machine.listen(number, new Commands(number));
        return number;
    }

    @Override
    public void listen(int iommu, EffectSink listener) {
        machine.listen(iommu, listener);
    }

    @Override
    public void vmExit(int guest, ExitCause cause, long address) {
        list("exit " + guest + " " + cause + " " + hex(address));
        machine.vmExit(guest, cause, address);
    }

    @Override
    public void enter(int guest, String call, int requester, long iova, long physical, long size) {
        list("enter " + guest + " " + call + " " + hex(iova));
        machine.enter(guest, call, requester, iova, physical, size);
    }

    @Override
    public void leave(int guest, String call, int result) {
        list("leave " + guest + " " + call + " " + result);
        machine.leave(guest, call, result);
    }

    @Override
    public void note(int guest, String call, int requester, long iova, long physical, long size) {
        list("note " + guest + " " + call + " " + size);
        machine.note(guest, call, requester, iova, physical, size);
    }

    @Override
    public void phase(String name, boolean begins) {
        machine.phase(name, begins);
    }

    /** Lists commands as they are taken: the host's by number of the IOMMU, guests' by GuestID. */
    private final class Commands implements EffectSink {
        private final int number;

        private Commands(int number) {
            this.number = number;
        }

        @Override
        public void commandFetched(int ringHead, int ringTail, long ringBase, long qword0, long qword1) {
            list("command " + number + " " + hex(qword0 >>> 60));
        }

        @Override
        public void guestCommandFetched(int guest, int ringHead, int ringTail, long qword0, long qword1) {
            list("guest-command " + guest + " " + hex(qword0 >>> 60));
        }

        @Override
        public void guestStopped(int guest) {
            list("guest-stopped " + guest);
        }
    }
}
