package org.iorewind.replay.checkpoint;

import org.iorewind.model.StateHasher;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.SessionInfo;

/**
 * What a checkpoint fits: the recording, the version of the model whose state it is, and the options that it ran with.
 *
 * @param idHigh high half of the session id
 * @param idLow low half of the session id
 * @param modelVersion {@link #MODEL_VERSION} of the program that took it
 * @param optionsHash of everything that the user can choose and that the state depends on
 */
public record CheckpointKey(long idHigh, long idLow, int modelVersion, long optionsHash) {
    /**
     * Version of the state of model and replay: raise it when a state is saved in another way, or when the same events lead
     * to another state. A test compares a known state and reminds of it.
     */
    public static final int MODEL_VERSION = 1;

    /** The key of what this program would take of a recording. */
    public static CheckpointKey of(SessionInfo session, ReplayOptions options) {
        StateHasher hasher = new StateHasher();
        add(hasher, options.profile().isEmpty() ? session.profile() : options.profile());
        hasher.addLong(options.divergenceLimit());
        for (String text : options.model().texts()) {
            add(hasher, text);
        }
        return new CheckpointKey(session.idHigh(), session.idLow(), MODEL_VERSION, hasher.value());
    }

    private static void add(StateHasher hasher, String text) {
        hasher.addLong(text.length());
        text.chars().forEach(hasher::addLong);
    }
}
