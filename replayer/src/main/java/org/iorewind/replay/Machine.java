package org.iorewind.replay;

import java.util.Objects;
import java.util.function.IntFunction;
import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.DeviceAnswers;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.EventRouting;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.Profile;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryWindow;
import org.iorewind.model.memory.SparseMemory;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.sbe.StartState;
import org.jspecify.annotations.Nullable;

/**
 * What is being replayed: memory and the IOMMUs that see it, or a part of it. IOMMU 0 is there from the start; others join by
 * {@code IommuStart}. Not thread-safe.
 */
public final class Machine implements Stateful {
    static final int MOST_IOMMUS = 256;

    private final SessionInfo session;
    private final String profileLabel;
    private final String source;
    private final IntFunction<? extends EffectSink> listeners;
    private final SparseMemory memory = SparseMemory.recordedOnly();
    private final ModelOptions changes;
    private final @Nullable IommuInfo[] infos = new IommuInfo[MOST_IOMMUS];
    private final @Nullable Iommu[] iommus = new Iommu[MOST_IOMMUS];

    private Machine(
            SessionInfo session,
            String profileLabel,
            ModelOptions changes,
            String source,
            IntFunction<? extends EffectSink> listeners) {
        this.session = session;
        this.profileLabel = profileLabel;
        this.changes = changes;
        this.source = source;
        this.listeners = listeners;
    }

    /**
     * A machine in the state that the session starts from.
     *
     * @param session what the trace says of itself
     * @param profileLabel the profile to run under, or empty for the trace's own
     * @param source name of the trace, for messages
     * @param listeners gives for the number of an IOMMU that is started who hears what it does
     * @throws UnsupportedTraceException if there is no such profile
     */
    public static Machine start(
            SessionInfo session, String profileLabel, String source, IntFunction<? extends EffectSink> listeners) {
        return start(session, profileLabel, ModelOptions.NONE, source, listeners);
    }

    /**
     * The same with other options of the model than the recording asks for.
     *
     * @param session what the trace says of itself
     * @param profileLabel the profile to run under, or empty for the trace's own
     * @param changes made to the options of every IOMMU
     * @param source name of the trace, for messages
     * @param listeners gives for the number of an IOMMU that is started who hears what it does
     * @throws UnsupportedTraceException if there is no such profile
     */
    public static Machine start(
            SessionInfo session,
            String profileLabel,
            ModelOptions changes,
            String source,
            IntFunction<? extends EffectSink> listeners) {
        Machine machine = new Machine(session, profileLabel, changes, source, listeners);
        machine.startFirst();
        return machine;
    }

    /** IOMMU 0 as the session's start describes it. */
    private void startFirst() {
        IommuOptions.Builder options = options(session.profile());
        if (session.extendedFeatures() != 0) {
            options.extendedFeatures(session.extendedFeatures());
            options.extendedFeatures2(session.extendedFeatures2());
        }
        start(
                0,
                options,
                (session.deviceOptions() & SessionInfo.DMA_REMAPPING_OFF) != 0,
                (session.deviceOptions() & SessionInfo.INTERRUPT_REMAPPING_OFF) != 0,
                (session.deviceOptions() & SessionInfo.INVALIDATION_RESPONSES_RECORDED) != 0,
                memory);
        infos[0] = null;
    }

    /**
     * Puts an IOMMU into the machine, in its state after reset; one that had the number before is gone.
     *
     * @param number 0 to 255
     * @param info what it is
     * @throws UnsupportedTraceException if there is no such profile
     */
    void start(int number, IommuInfo info) {
        IommuOptions.Builder options = options(info.profile())
                .extendedFeatures(info.extendedFeatures())
                .extendedFeatures2(info.extendedFeatures2())
                .notPresentCached(info.has(IommuInfo.NOT_PRESENT_CACHED));
        if (info.has(IommuInfo.EVENTS_TO_HOST_FIRST)) {
            options.eventRouting(EventRouting.HOST_THEN_INJECT);
        }
        start(
                number,
                options,
                info.has(IommuInfo.DMA_REMAPPING_OFF),
                info.has(IommuInfo.INTERRUPT_REMAPPING_OFF),
                info.has(IommuInfo.INVALIDATION_RESPONSES_RECORDED),
                info.memoryBytes() == 0 ? memory : new MemoryWindow(memory, info.memoryBase(), info.memoryBytes()));
        infos[number] = info;
    }

    private void start(
            int number,
            IommuOptions.Builder options,
            boolean dmaRemappingOff,
            boolean interruptRemappingOff,
            boolean responsesRecorded,
            MemoryPort seen) {
        if (dmaRemappingOff) {
            options.dmaRemappingOff();
        }
        options.interruptRemapping(!interruptRemappingOff);
        changes.applyTo(options);
        if (responsesRecorded) {
            options.deviceAnswers(DeviceAnswers.AS_INPUT);
        }
        iommus[number] = new Iommu(options.build(), seen, listeners.apply(number));
    }

    private IommuOptions.Builder options(String recorded) {
        String label = profileLabel.isEmpty() ? recorded : profileLabel;
        Profile profile = Profile.named(label)
                .orElseThrow(() -> new UnsupportedTraceException(
                        source, "profile", "one of " + Profile.labels(), label, "name one with --profile"));
        return IommuOptions.of(profile).toBuilder();
    }

    /** Where in {@link #memory()} lies what an IOMMU sees at an address; there must be such an IOMMU. */
    public long systemAddress(int number, long address) {
        @Nullable IommuInfo info = infos[number];
        return info == null || info.memoryBytes() == 0 ? address : info.memoryBase() + address;
    }

    /** What the trace says of itself. */
    public SessionInfo session() {
        return session;
    }

    /** Memory as far as the recording knows it, with the IOMMUs' own stores. */
    public SparseMemory memory() {
        return memory;
    }

    /** The IOMMU with number 0. */
    public Iommu iommu() {
        return iommu(0);
    }

    /** Whether there is an IOMMU with this number, 0 to 255. */
    public boolean hasIommu(int number) {
        return iommus[number] != null;
    }

    /** The IOMMU with this number, 0 to 255, or null if there is none. */
    @Nullable
    Iommu iommuOrNull(int number) {
        return iommus[number];
    }

    /**
     * The IOMMU with this number.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Iommu iommu(int number) {
        @Nullable Iommu iommu = iommus[number];
        if (iommu == null) {
            throw new IllegalArgumentException("no such IOMMU: number=" + number);
        }
        return iommu;
    }

    /** Label of the profile that IOMMU 0 runs under. */
    public String profile() {
        return iommu().options().profile().label();
    }

    /** Whether the caches' content is known: not when the recorder joined a running system. */
    public boolean cachesKnown() {
        return session.startState() == StartState.RESET;
    }

    /** Hash of registers and caches of all IOMMUs, and of memory. */
    public long stateHash() {
        StateHasher hasher = new StateHasher();
        iommu().saveTo(hasher);
        for (int number = 1; number < MOST_IOMMUS; number++) {
            @Nullable Iommu iommu = iommus[number];
            if (iommu != null) {
                hasher.addLong(number);
                iommu.saveTo(hasher);
            }
        }
        memory.hashInto(hasher);
        return hasher.value();
    }

    /** Gives which IOMMUs there are and their state; {@link #memory()} is kept apart, by a snapshot. */
    @Override
    public void saveTo(StateSink sink) {
        for (int number = 0; number < MOST_IOMMUS; number++) {
            @Nullable Iommu iommu = iommus[number];
            if (iommu != null) {
                sink.addLong(number);
                if (number == 0) {
                    sink.addLong(infos[0] == null ? 0 : 1);
                }
                saveInfo(infos[number], sink);
                iommu.saveTo(sink);
            }
        }
        sink.addLong(StateSink.END);
    }

    private static void saveInfo(@Nullable IommuInfo info, StateSink sink) {
        if (info != null) {
            sink.addLong(info.extendedFeatures());
            sink.addLong(info.extendedFeatures2());
            sink.addLong(info.options());
            sink.addLong(info.memoryBase());
            sink.addLong(info.memoryBytes());
            StateTexts.add(sink, info.profile());
        }
    }

    /**
     * Takes over IOMMUs and their state; those that are of another kind, or were not there, are started.
     */
    @Override
    public void restoreFrom(StateImage.Reader source) {
        int next = 0;
        for (int number = source.nextBelow(1); number >= 0; number = source.nextIndex(MOST_IOMMUS)) {
            for (; next < number; next++) {
                iommus[next] = null;
            }
            next = number + 1;
            boolean isOfSession = number == 0 && source.nextBelow(2) == 0;
            @Nullable IommuInfo info = isOfSession ? null : nextInfo(source);
            if (iommus[number] == null || !Objects.equals(info, infos[number])) {
                startAgain(number, info);
            }
            iommu(number).restoreFrom(source);
        }
        for (; next < MOST_IOMMUS; next++) {
            iommus[next] = null;
        }
    }

    private void startAgain(int number, @Nullable IommuInfo info) {
        if (info == null) {
            startFirst();
        } else {
            start(number, info);
        }
    }

    private static IommuInfo nextInfo(StateImage.Reader source) {
        return new IommuInfo(
                source.next(),
                source.next(),
                (int) source.next(),
                source.next(),
                source.next(),
                StateTexts.next(source));
    }
}
