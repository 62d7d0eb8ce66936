package org.iorewind.model.platform;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A port for tests that counts what a driver does. */
public final class CountingPort implements DriverPort {
    private final DriverPort port;
    private final Map<MemoryRole, Integer> stores = new EnumMap<>(MemoryRole.class);
    private final Map<Integer, Integer> registerWrites = new TreeMap<>();
    private final List<String> calls = new ArrayList<>();
    private final List<Integer> registersWritten = new ArrayList<>();
    private final List<Long> addressesStored = new ArrayList<>();
    private long allocated;

    /** Counts in front of a port. */
    public CountingPort(DriverPort port) {
        this.port = port;
    }

    /** Stores of a role since the last {@link #forget}. */
    public int stores(MemoryRole role) {
        return stores.getOrDefault(role, 0);
    }

    /** Writes of a register since then. */
    public int writesOf(int register) {
        return registerWrites.getOrDefault(register, 0);
    }

    /** Registers written since then, in order. */
    public List<Integer> registersWritten() {
        return registersWritten;
    }

    /** Addresses of stores since then, in order. */
    public List<Long> addressesStored() {
        return addressesStored;
    }

    /** Marks since then: {@code name(} for a beginning, {@code )result} for an end. */
    public List<String> calls() {
        return calls;
    }

    /** Bytes in use. */
    public long allocated() {
        return allocated;
    }

    /** Begins to count anew; memory in use stays. */
    public void forget() {
        stores.clear();
        addressesStored.clear();
        registerWrites.clear();
        registersWritten.clear();
        calls.clear();
    }

    @Override
    public long load(long address) {
        return port.load(address);
    }

    @Override
    public void store(MemoryRole role, long address, long... words) {
        stores.merge(role, 1, Integer::sum);
        addressesStored.add(address);
        port.store(role, address, words);
    }

    @Override
    public void clear(MemoryRole role, long address, long bytes) {
        port.clear(role, address, bytes);
    }

    @Override
    public long readRegister(int offset, int sizeBytes) {
        return port.readRegister(offset, sizeBytes);
    }

    @Override
    public void writeRegister(int offset, int sizeBytes, long value) {
        registerWrites.merge(offset, 1, Integer::sum);
        registersWritten.add(offset);
        port.writeRegister(offset, sizeBytes, value);
    }

    @Override
    public long allocate(long bytes, long alignment) {
        allocated += bytes;
        return port.allocate(bytes, alignment);
    }

    @Override
    public void free(long address, long bytes) {
        allocated -= bytes;
        port.free(address, bytes);
    }

    @Override
    public void enter(String call, int requester, long iova, long physical, long size) {
        calls.add(call + "(");
        port.enter(call, requester, iova, physical, size);
    }

    @Override
    public void leave(String call, int result) {
        calls.add(")" + result);
        port.leave(call, result);
    }

    @Override
    public void note(String call, int requester, long iova, long physical, long size) {
        calls.add(call + " " + size);
        port.note(call, requester, iova, physical, size);
    }
}
