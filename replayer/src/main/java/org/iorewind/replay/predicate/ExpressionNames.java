package org.iorewind.replay.predicate;

import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.compiler.CelCompilerFactory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names of variables and functions that an expression has, before anybody knows what they are. */
final class ExpressionNames {
    /** Those that an event by itself has no answer to. */
    private static final Set<String> OF_A_REPLAY = Set.of(
            "faults",
            "divergences",
            "events",
            "effects",
            "commands",
            "eventLog",
            "pprLog",
            "register",
            "memory",
            "dte",
            "pte",
            "irte",
            "iotlb",
            "guest",
            StatePredicate.COUNTS,
            StatePredicate.UNOBSERVED);

    private final Set<String> names = new TreeSet<>();
    private final Set<String> variables = new TreeSet<>();

    private ExpressionNames() {}

    /** Of an expression; none if it is no expression. */
    static ExpressionNames of(String expression) {
        ExpressionNames found = new ExpressionNames();
        try {
            found.add(CelCompilerFactory.standardCelCompilerBuilder()
                    .build()
                    .parse(expression)
                    .getAst()
                    .getExpr());
        } catch (CelValidationException e) {
            // Whoever compiles it says what is wrong.
            found.names.clear();
            found.variables.clear();
        }
        return found;
    }

    /**
     * A question to put behind a message about an expression.
     *
     * @return for the first name that is none a line with the name that was most likely meant; empty if there is none
     */
    static String question(String expression) {
        Set<String> known = new TreeSet<>(OF_A_REPLAY);
        known.addAll(List.of("sequence", "seconds", "kind", "eventClass"));
        known.addAll(EventValues.fields());
        for (String name : of(expression).variables) {
            String question = known.contains(name) ? "" : NearName.question(name, known);
            if (!question.isEmpty()) {
                return "\n" + name + question;
            }
        }
        return "";
    }

    /** Whether one of them can only be answered while a replay runs along. */
    boolean askAReplay() {
        return names.stream().anyMatch(OF_A_REPLAY::contains);
    }

    boolean contain(String name) {
        return names.contains(name);
    }

    private void add(CelExpr expression) {
        switch (expression.getKind()) {
            case IDENT -> {
                names.add(expression.ident().name());
                variables.add(expression.ident().name());
            }
            case SELECT -> add(expression.select().operand());
            case CALL -> {
                names.add(expression.call().function());
                expression.call().target().ifPresent(this::add);
                expression.call().args().forEach(this::add);
            }
            case LIST -> expression.list().elements().forEach(this::add);
            case MAP ->
                expression.map().entries().forEach(entry -> {
                    add(entry.key());
                    add(entry.value());
                });
            case COMPREHENSION -> {
                add(expression.comprehension().iterRange());
                add(expression.comprehension().accuInit());
                add(expression.comprehension().loopCondition());
                add(expression.comprehension().loopStep());
                add(expression.comprehension().result());
            }
            default -> {}
        }
    }
}
