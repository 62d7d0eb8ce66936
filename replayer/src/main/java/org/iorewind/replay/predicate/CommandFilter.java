package org.iorewind.replay.predicate;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.List;
import java.util.Map;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.schema.EventTable;

/**
 * A predicate over a command of the host's ring, in CEL: {@code command.kind} ({@code 'INVALIDATE_IOMMU_PAGES'}),
 * {@code command.domain}, {@code command.device}, {@code command.address}, {@code command.qword0}, {@code command.qword1};
 * and {@code sequence}, the event whose register write lets it run. Not thread-safe.
 */
public final class CommandFilter {
    static final String KIND = "command.kind";

    private final CelRuntime.Program program;

    private CommandFilter(CelRuntime.Program program) {
        this.program = program;
    }

    /** Whether an expression is about commands and not about events. */
    public static boolean isMeant(String expression) {
        return expression.contains("command.");
    }

    /**
     * Compiles an expression.
     *
     * @throws FilterException if it is not valid; the message points at the place
     */
    public static CommandFilter compile(String expression) {
        try {
            CelAbstractSyntaxTree ast = CelCompilerFactory.standardCelCompilerBuilder()
                    .setResultType(SimpleType.BOOL)
                    .addVar("sequence", SimpleType.INT)
                    .addVar(KIND, SimpleType.STRING)
                    .addVar("command.device", SimpleType.STRING)
                    .addVar("command.domain", SimpleType.INT)
                    .addVar("command.address", SimpleType.INT)
                    .addVar("command.qword0", SimpleType.INT)
                    .addVar("command.qword1", SimpleType.INT)
                    .build()
                    .compile(expression)
                    .getAst();
            new ExpressionCheck(ast, List.of()).check();
            return new CommandFilter(
                    CelRuntimeFactory.standardCelRuntimeBuilder().build().createProgram(ast));
        } catch (CelValidationException | CelEvaluationException | IllegalArgumentException e) {
            throw new FilterException(
                    "expected a filter such as command.kind == 'INVALIDATE_IOMMU_PAGES', found " + expression + "\n"
                            + e.getMessage(),
                    e);
        }
    }

    /**
     * Whether the command matches.
     *
     * @param sequence of the event whose register write lets it run
     * @param qword0 its first 64 bits
     * @param qword1 its last 64 bits
     */
    public boolean test(long sequence, long qword0, long qword1) {
        try {
            return Boolean.TRUE.equals(program.eval(Map.of(
                    "sequence",
                    sequence,
                    KIND,
                    RingEntryNames.command(CommandDescriptor.opcode(qword0)),
                    "command.device",
                    EventTable.bdf(CommandDescriptor.requester(qword0)),
                    "command.domain",
                    (long) CommandDescriptor.domain(qword0),
                    "command.address",
                    CommandDescriptor.address(qword1),
                    "command.qword0",
                    qword0,
                    "command.qword1",
                    qword1)));
        } catch (CelEvaluationException e) {
            return false;
        }
    }
}
