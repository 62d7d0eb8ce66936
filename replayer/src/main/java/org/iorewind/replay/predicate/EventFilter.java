package org.iorewind.replay.predicate;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/**
 * A predicate over one event, in CEL.
 *
 * <p>Names: {@code sequence} and {@code timeNs} (integers), {@code seconds} (number), {@code kind} (such as
 * {@code 'DmaRequest'}), {@code eventClass} ({@code 'input'}, {@code 'observation'}, {@code 'marker'},
 * {@code 'book-keeping'}), and every field of the event by the schema's name. Requesters are text ({@code '00:06.0'}),
 * enumerations are text ({@code 'FAULT'}), other numbers are integers (write {@code 0x100000}); unsigned 64-bit values
 * with the top bit set compare as negative ones. An event that lacks a field named in the predicate does not match,
 * unless the rest of the expression decides without it. A comparison with a word that its field can never be is refused.
 *
 * <p>Not thread-safe.
 */
public final class EventFilter {
    private final CelRuntime.Program program;
    private final EventValues values = new EventValues();
    private final CelVariableResolver fields = this::value;
    private @Nullable EventView current;

    private EventFilter(CelRuntime.Program program) {
        this.program = program;
    }

    /**
     * Compiles an expression.
     *
     * @param expression in CEL; must yield a boolean
     * @throws FilterException if it is not valid; the message points at the place
     */
    public static EventFilter compile(String expression) {
        CelCompilerBuilder compiler =
                CelCompilerFactory.standardCelCompilerBuilder().setResultType(SimpleType.BOOL);
        EventValues.declare(compiler);
        try {
            CelAbstractSyntaxTree ast = compiler.build().compile(expression).getAst();
            new ExpressionCheck(ast, List.of()).check();
            return new EventFilter(
                    CelRuntimeFactory.standardCelRuntimeBuilder().build().createProgram(ast));
        } catch (CelValidationException | CelEvaluationException | IllegalArgumentException e) {
            throw new FilterException(
                    "expected a filter such as kind == 'Translation' && requester == '00:06.0', found " + expression
                            + "\n" + e.getMessage() + ExpressionNames.question(expression) + "\nFields: "
                            + String.join(", ", EventValues.fields()),
                    e);
        }
    }

    /** Whether the event matches. */
    public boolean test(EventView event) {
        current = event;
        try {
            return Boolean.TRUE.equals(program.eval(fields));
        } catch (CelEvaluationException e) {
            // a field that this kind of event does not have, or a comparison of unlike things: no match
            return false;
        } finally {
            current = null;
        }
    }

    private Optional<Object> value(String name) {
        return values.value(Objects.requireNonNull(current), name);
    }
}
