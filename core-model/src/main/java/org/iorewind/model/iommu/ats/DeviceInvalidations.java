package org.iorewind.model.iommu.ats;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.DeviceAnswers;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;

/**
 * The invalidation requests that INVALIDATE_IOTLB_PAGES sent and no device has answered yet (reference 3.3).
 *
 * <p>A COMPLETION_WAIT waits for all of them, and with it the ring: commands start in order (MC-162). At most MaxPend
 * requests of a QueueID are on their way at once, at most 32 to one device, at most {@value #MOST} in all; the command that
 * would exceed that waits in the ring. MaxPend=0 stands for 1 (MC-163). A request that times out ends with
 * IOTLB_INV_TIMEOUT and counts as complete (MC-164). With InvTimeOut=0 nothing ever times out; the other codes, the reserved
 * one too, differ only in time, which the model has none of (MC-165).
 *
 * <p>Each ring waits for its own requests alone. A guest has at most 16 on their way, and guests together leave 64 places to
 * the host, so that devices of guests that never answer do not stop the host's ring (MC-V20).
 *
 * <p>Not thread-safe; allocates nothing after construction.
 */
public final class DeviceInvalidations implements Stateful {
    /** Most requests on their way. */
    public static final int MOST = 256;

    private static final int TAGS = 32;
    private static final int DEVICES = 1 << 16;
    private static final int QUEUES = 1 << 16;
    private static final int NO_TAG = -1;
    private static final int HOST = 0;
    private static final int OWNERS = (1 << 16) + 1;
    /** Most requests of one guest. */
    private static final int MOST_OF_GUEST = 16;
    /** Places that guests leave to the host. */
    private static final int HOST_RESERVE = 64;

    private static final int OWNER_SHIFT = 5;

    private final RegisterFile registers;
    private final EffectSink effects;
    private final EventReports events;
    private final boolean isAnsweredAtOnce;

    private final int[] requesters = new int[MOST];
    private final int[] queues = new int[MOST];
    private final int[] tags = new int[MOST];
    private final int[] owners = new int[MOST];
    private final long[] commands = new long[MOST];
    private int size;
    private final long[] silent = new long[DEVICES / Long.SIZE];

    /** Binds the parts. */
    public DeviceInvalidations(RegisterFile registers, IommuOptions options, EffectSink effects, EventReports events) {
        this.registers = registers;
        this.effects = effects;
        this.events = events;
        this.isAnsweredAtOnce = options.deviceAnswers() == DeviceAnswers.IMMEDIATE;
    }

    /** Whether a command must stay in the ring until devices have answered. */
    public boolean holdsBack(long quadword0) {
        return holdsBack(quadword0, HOST);
    }

    /**
     * Whether a command must stay in a ring until devices have answered what that ring has sent.
     *
     * @param owner whose ring: 0 for the host, else GuestID + 1
     */
    public boolean holdsBack(long quadword0, int owner) {
        if (size == 0) {
            return false;
        }
        return switch (CommandDescriptor.opcode(quadword0)) {
            case CommandDescriptor.COMPLETION_WAIT -> countOf(owner) != 0;
            case CommandDescriptor.INVALIDATE_IOTLB_PAGES -> !hasRoom(quadword0, owner);
            default -> false;
        };
    }

    private int countOf(int owner) {
        int count = 0;
        for (int i = 0; i < size; i++) {
            count += owners[i] == owner ? 1 : 0;
        }
        return count;
    }

    private boolean hasRoom(long quadword0, int owner) {
        if (owner != HOST && (size >= MOST - HOST_RESERVE || countOf(owner) >= MOST_OF_GUEST)) {
            return false;
        }
        int queue = CommandDescriptor.queue(quadword0);
        int inQueue = 0;
        for (int i = 0; i < size; i++) {
            inQueue += queues[i] == queue && owners[i] == owner ? 1 : 0;
        }
        return size < MOST
                && inQueue < Math.max(CommandDescriptor.mostPending(quadword0), 1)
                && freeTag(CommandDescriptor.requester(quadword0)) != NO_TAG;
    }

    /**
     * Sends the request of an INVALIDATE_IOTLB_PAGES that is not held back.
     *
     * @param quadword0 of the command
     * @param quadword1 of the command
     * @param commandAddress where it stands, for the event of a time-out
     * @param owner whose ring: 0 for the host, else GuestID + 1
     */
    public void send(long quadword0, long quadword1, long commandAddress, int owner) {
        int requester = CommandDescriptor.requester(quadword0);
        int queue = CommandDescriptor.queue(quadword0);
        int tag = freeTag(requester);
        effects.deviceInvalidation(
                requester,
                CommandDescriptor.devicePasid(quadword0, quadword1),
                CommandDescriptor.rangeFirst(quadword1),
                CommandDescriptor.rangeSize(quadword1),
                CommandDescriptor.invalidationType(quadword1),
                queue,
                CommandDescriptor.mostPending(quadword0),
                tag);
        boolean isSilent = isSilent(requester);
        if (isSilent && hasTimeOut()) {
            timedOut(requester, tag, commandAddress);
        } else if (isSilent || !isAnsweredAtOnce) {
            requesters[size] = requester;
            queues[size] = queue;
            tags[size] = tag;
            owners[size] = owner;
            commands[size] = commandAddress;
            size++;
        } else {
            effects.deviceInvalidationEnded(requester, tag, false);
        }
    }

    /**
     * A device answers.
     *
     * @param requester DeviceID, 16 bits
     * @param tagVector bit n: the request with tag n
     */
    public void answer(int requester, int tagVector) {
        end(requester, tagVector, false);
    }

    /**
     * The time of InvTimeOut is over for requests of a device; nothing happens with InvTimeOut=0.
     *
     * @param requester DeviceID, 16 bits
     * @param tagVector bit n: the request with tag n
     */
    public void timeOut(int requester, int tagVector) {
        if (hasTimeOut()) {
            end(requester, tagVector, true);
        }
    }

    /**
     * A device answers no more: what is on its way, and all that follows until reset, times out, or waits for ever with
     * InvTimeOut=0.
     *
     * @param requester DeviceID, 16 bits
     */
    public void stopAnswering(int requester) {
        silent[requester / Long.SIZE] |= 1L << requester;
        timeOut(requester, -1);
    }

    private void end(int requester, int tagVector, boolean isLate) {
        int kept = 0;
        int before = size;
        for (int i = 0; i < before; i++) {
            boolean isMeant = requesters[i] == requester && (tagVector >>> tags[i] & 1) != 0;
            if (isMeant && isLate) {
                timedOut(requester, tags[i], commands[i]);
            } else if (isMeant) {
                effects.deviceInvalidationEnded(requester, tags[i], false);
            } else {
                requesters[kept] = requesters[i];
                queues[kept] = queues[i];
                tags[kept] = tags[i];
                owners[kept] = owners[i];
                commands[kept] = commands[i];
                kept++;
            }
        }
        size = kept;
    }

    private void timedOut(int requester, int tag, long commandAddress) {
        events.deviceTimeout(requester, commandAddress);
        effects.deviceInvalidationEnded(requester, tag, true);
    }

    private boolean hasTimeOut() {
        return ControlDescriptor.invalidationTimeOut(registers.get(RegisterDescriptor.CONTROL)) != 0;
    }

    private boolean isSilent(int requester) {
        return (silent[requester / Long.SIZE] >>> requester & 1) != 0;
    }

    /** The lowest tag that no request to this device has, or {@link #NO_TAG}. */
    private int freeTag(int requester) {
        int used = 0;
        for (int i = 0; i < size; i++) {
            used |= requesters[i] == requester ? 1 << tags[i] : 0;
        }
        return used == -1 ? NO_TAG : Integer.numberOfTrailingZeros(~used);
    }

    /** Forgets everything. */
    public void reset() {
        size = 0;
        Arrays.fill(silent, 0);
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(size);
        for (int i = 0; i < size; i++) {
            sink.addLong(requesters[i]);
            sink.addLong(queues[i]);
            sink.addLong(tags[i] | (long) owners[i] << OWNER_SHIFT);
            sink.addLong(commands[i]);
        }
        for (int i = 0; i < silent.length; i++) {
            if (silent[i] != 0) {
                sink.addLong(i);
                sink.addLong(silent[i]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        reset();
        size = source.nextBelow(MOST + 1);
        for (int i = 0; i < size; i++) {
            requesters[i] = source.nextBelow(DEVICES);
            queues[i] = source.nextBelow(QUEUES);
            int tagAndOwner = source.nextBelow(OWNERS * TAGS);
            tags[i] = tagAndOwner & TAGS - 1;
            owners[i] = tagAndOwner >>> OWNER_SHIFT;
            commands[i] = source.next();
        }
        for (int word = source.nextIndex(silent.length); word >= 0; word = source.nextIndex(silent.length)) {
            silent[word] = source.next();
        }
    }
}
