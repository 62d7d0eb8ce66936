package org.iorewind.cli.debug.verb;

import java.util.List;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugSession;

/**
 * A command of the debugger.
 *
 * @param name as {@code help} lists it
 * @param shortForms other names
 * @param usage what follows the name
 * @param purpose one line
 * @param details more lines, for {@code help NAME}
 * @param action what it does
 */
record Verb(String name, List<String> shortForms, String usage, String purpose, List<String> details, Action action) {
    /** What a verb does. */
    interface Action {
        /**
         * Does it.
         *
         * @param session to do it in
         * @param rest what follows the verb
         * @throws org.iorewind.cli.debug.session.DebugException if it cannot be done
         * @throws IllegalArgumentException if the rest is not understood
         */
        Answer run(DebugSession session, String rest);
    }

    static Verb of(String name, String shortForms, String usage, String purpose, Action action, String... details) {
        List<String> others = shortForms.isEmpty() ? List.of() : List.of(shortForms.split(" ", -1));
        return new Verb(name, others, usage, purpose, List.of(details), action);
    }

    /** Name and what follows it. */
    String synopsis() {
        return usage.isEmpty() ? name : name + " " + usage;
    }
}
