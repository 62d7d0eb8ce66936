package org.iorewind.samples.workload;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.iorewind.model.platform.guest.DriverBug;

/**
 * Reads the JSON form of a workload, which {@code docs/scenarios.md} describes. Strict: a field that is not known, a value of
 * another kind and a number out of range are refused with their place. Bounded: {@value #MOST_BYTES} bytes.
 */
public final class WorkloadReader {
    /** Most bytes of a description. */
    public static final int MOST_BYTES = 1 << 20;

    static final String NAME = "workload";
    static final String STORY = "story";
    static final String TAGS = "tags";
    static final String GUESTS = "guests";
    static final String PHASES = "phases";
    static final List<String> PAGES = List.of("all", "small");
    static final String STRICT = "strict";

    private static final int MOST_VALUES = 20_000;
    private static final int MOST_TAGS = 16;
    private static final int MOST_BUGS = 16;

    private WorkloadReader() {}

    /**
     * Reads a description.
     *
     * @param bytes UTF-8
     * @throws WorkloadException if it is none
     */
    public static Workload read(byte[] bytes) {
        if (bytes.length > MOST_BYTES) {
            throw new WorkloadException("expected up to " + MOST_BYTES + " bytes, found " + bytes.length);
        }
        return workload(JsonNode.read(bytes, MOST_VALUES));
    }

    private static Workload workload(JsonNode document) {
        document.object(List.of(NAME, STORY, TAGS, GUESTS, PHASES));
        List<GuestPlan> guests = new ArrayList<>();
        for (JsonNode guest : document.needed(GUESTS).array(Workload.MOST_GUESTS)) {
            guests.add(guest(guest));
        }
        List<PhasePlan> phases = new ArrayList<>();
        for (JsonNode phase : document.needed(PHASES).array(Workload.MOST_PHASES)) {
            phases.add(phase(phase));
        }
        return new Workload(document.needed(NAME).text(), tags(document), story(document), guests, phases);
    }

    static List<String> tags(JsonNode document) {
        JsonNode tags = document.field(TAGS);
        return tags == null
                ? List.of()
                : tags.array(MOST_TAGS).stream().map(JsonNode::text).toList();
    }

    static String story(JsonNode document) {
        JsonNode story = document.field(STORY);
        return story == null ? "" : story.text();
    }

    private static GuestPlan guest(JsonNode guest) {
        guest.object(List.of("name", "flush", "pages", "bugs"));
        JsonNode flush = guest.field("flush");
        JsonNode pages = guest.field("pages");
        JsonNode bugs = guest.field("bugs");
        List<PlantedBug> planted = new ArrayList<>();
        if (bugs != null) {
            bugs.array(MOST_BUGS).forEach(bug -> planted.add(bug(bug)));
        }
        int queued = flush == null ? 0 : queued(flush);
        boolean huge = pages == null || pages.word(PAGES) == 0;
        return at(guest, () -> new GuestPlan(guest.needed("name").text(), queued, huge, planted));
    }

    private static int queued(JsonNode flush) {
        return flush.isText() ? flush.word(List.of(STRICT)) : within(flush, 1, GuestPlan.MOST_QUEUED);
    }

    private static PlantedBug bug(JsonNode bug) {
        bug.object(List.of("bug", "from", "to"));
        List<String> names =
                Arrays.stream(DriverBug.values()).map(DriverBug::name).toList();
        DriverBug which = DriverBug.values()[bug.needed("bug").word(names)];
        JsonNode from = bug.field("from");
        JsonNode to = bug.field("to");
        return at(
                bug,
                () -> new PlantedBug(
                        which, from == null ? 1 : from.number(), to == null ? Long.MAX_VALUE : to.number()));
    }

    private static PhasePlan phase(JsonNode phase) {
        phase.object(List.of("name", "work"));
        List<Work> work = new ArrayList<>();
        phase.needed("work").array(Workload.MOST_WORK).forEach(one -> work.add(work(one)));
        return at(phase, () -> new PhasePlan(phase.needed("name").text(), work));
    }

    private static Work work(JsonNode work) {
        work.object(List.of("guest", "do", "count", "rate", "bytes"));
        List<String> words = Arrays.stream(Action.values())
                .map(action -> action.name().toLowerCase(Locale.ROOT))
                .toList();
        Action action = Action.values()[work.needed("do").word(words)];
        JsonNode count = work.field("count");
        JsonNode rate = work.field("rate");
        JsonNode bytes = work.field("bytes");
        long[] range = {Work.PAGE, Work.USUAL_MOST};
        if (bytes != null) {
            List<JsonNode> ends = bytes.array(2);
            if (ends.size() != 2 || action != Action.PACKET) {
                throw new WorkloadException(
                        bytes.path() + ": expected [smallest, largest] buffer of a packet, found something else");
            }
            range[0] = ends.get(0).number();
            range[1] = ends.get(1).number();
        }
        int times = rate == null ? 1 : within(rate, 1, Work.HIGHEST_RATE);
        return at(
                work,
                () -> new Work(
                        work.needed("guest").text(),
                        action,
                        count == null ? 1 : count.number(),
                        times,
                        range[0],
                        range[1]));
    }

    private static int within(JsonNode node, int least, int most) {
        long number = node.number();
        if (number < least || number > most) {
            throw new WorkloadException(node.path() + ": expected " + least + " to " + most + ", found " + number);
        }
        return (int) number;
    }

    /** What is wrong with a part is told with its place. */
    static <T> T at(JsonNode node, Supplier<T> part) {
        try {
            return part.get();
        } catch (WorkloadException e) {
            String what = String.valueOf(e.getMessage());
            throw what.startsWith(node.path()) ? e : new WorkloadException(node.path() + ": " + what, e);
        }
    }
}
