package org.iorewind.replay.predicate;

import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelUnknownSet;
import org.iorewind.replay.Playback;
import org.iorewind.replay.travel.Effects;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/**
 * An expression over an event and the state behind it, in CEL, with any result; its names are those of
 * {@link StatePredicate}. Not thread-safe.
 */
public final class StateExpression {
    private final StatePredicate program;

    private StateExpression(StatePredicate program) {
        this.program = program;
    }

    /**
     * Compiles an expression.
     *
     * @throws FilterException if it is not valid; the message points at the place
     */
    public static StateExpression compile(String expression) {
        try {
            return new StateExpression(StatePredicate.of(expression, SimpleType.DYN));
        } catch (CelValidationException | CelEvaluationException | IllegalArgumentException e) {
            throw new FilterException(
                    "expected an expression such as faults or pte('00:03.0', 0x1000).address, found " + expression
                            + "\n" + e.getMessage(),
                    e);
        }
    }

    /**
     * Its value: a Long, Double, Boolean, String, List or Map.
     *
     * @param event under the cursor, or null before the first; valid during the call
     * @param playback in the state behind it; to be read
     * @param effects of the event
     * @throws FilterException if it has none here: the event lacks a field, or things are compared that cannot be
     */
    public Object value(@Nullable EventView event, Playback playback, Effects effects) {
        try {
            Object value = program.value(event, playback, effects);
            if (value instanceof CelUnknownSet) {
                throw new FilterException(
                        "expected a value of " + program.expression()
                                + " here, found none: this event has no such field",
                        null);
            }
            return value;
        } catch (CelEvaluationException e) {
            throw new FilterException(
                    "expected a value of " + program.expression() + " here, found none\n" + e.getMessage(), e);
        }
    }
}
