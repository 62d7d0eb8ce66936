package org.iorewind.samples.guide;

import java.util.List;

/**
 * What to look for in a sample, and how to find it.
 *
 * @param name of the sample
 * @param lookFor what there is to see, in a sentence or two
 * @param steps commands, to be typed in this order in the folder of the recording, which is called {@code NAME.iorw}
 */
public record Guide(String name, String lookFor, List<Step> steps) {
    /**
     * A command.
     *
     * @param command as it is typed
     * @param shows what stands in its output, literally: demanded by the story, not copied from the program
     */
    public record Step(String command, List<String> shows) {
        /** Copies the list. */
        public Step {
            shows = List.copyOf(shows);
        }
    }

    /** Copies the list. */
    public Guide {
        steps = List.copyOf(steps);
    }
}
