package org.iorewind.replay.predicate;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks of an expression that the compiler of the language cannot make: names of the fields of state values, devices and
 * registers that are written out, and words that a field can never be. And whether an expression, once true, stays true.
 */
final class ExpressionCheck {
    private static final Set<String> COUNTERS = Set.of("faults", "divergences", "events", "sequence");
    private static final Map<String, List<String>> FIELDS = Map.of(
            "dte", StateView.DEVICE_ENTRY,
            "pte", StateView.PAGE_ENTRY,
            "irte", StateView.INTERRUPT_ENTRY,
            "guest", StateView.GUEST,
            "commands", StateView.RING,
            "eventLog", StateView.RING,
            "pprLog", StateView.RING,
            "effects", StateView.EFFECTS);
    private static final Set<String> OF_DEVICES = Set.of("dte", "pte", "irte", "iotlb.contains");

    private final CelAbstractSyntaxTree ast;
    private final List<String> counts;

    /**
     * Of an expression.
     *
     * @param counts names of what it may ask for as {@code counts.…}
     */
    ExpressionCheck(CelAbstractSyntaxTree ast, List<String> counts) {
        this.ast = ast;
        this.counts = counts;
    }

    /**
     * Looks at the whole expression.
     *
     * @throws IllegalArgumentException if something in it can never be; the message says where
     */
    void check() {
        check(ast.getExpr());
    }

    private void check(CelExpr expression) {
        switch (expression.getKind()) {
            case SELECT -> {
                CelExpr operand = expression.select().operand();
                checkField(expression, operand);
                check(operand);
            }
            case CALL -> {
                checkArguments(expression.call());
                checkWords(expression.call());
                expression.call().target().ifPresent(this::check);
                expression.call().args().forEach(this::check);
            }
            case LIST -> expression.list().elements().forEach(this::check);
            case COMPREHENSION -> {
                check(expression.comprehension().iterRange());
                check(expression.comprehension().loopCondition());
                check(expression.comprehension().loopStep());
                check(expression.comprehension().result());
            }
            default -> {}
        }
    }

    private void checkField(CelExpr select, CelExpr operand) {
        List<String> fields = fieldsOf(operand);
        String field = select.select().field();
        if (fields != null && !fields.contains(field)) {
            throw new IllegalArgumentException(at(select) + "expected a field of this, found '" + field + "'"
                    + NearName.question(field, fields) + "\nThere are: " + String.join(", ", fields));
        }
    }

    private @Nullable List<String> fieldsOf(CelExpr operand) {
        return switch (operand.getKind()) {
            case CALL -> FIELDS.get(operand.call().function());
            case IDENT -> {
                String name = operand.ident().name();
                yield name.equals(StatePredicate.COUNTS) ? counts : FIELDS.get(name);
            }
            case SELECT -> {
                boolean isGuest = operand.select().operand().getKind() == Kind.CALL
                        && operand.select().operand().call().function().equals("guest");
                yield !isGuest ? null : operand.select().field().equals("status") ? List.of() : StateView.GUEST_RING;
            }
            default -> null;
        };
    }

    private void checkArguments(CelExpr.CelCall call) {
        for (CelExpr argument : call.args()) {
            if (argument.getKind() == Kind.CONSTANT && argument.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
                String text = argument.constant().stringValue();
                try {
                    if (OF_DEVICES.contains(call.function())) {
                        Requesters.parse(text);
                    } else if (call.function().equals("register")) {
                        StateView.offset(text);
                    }
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(at(argument) + e.getMessage(), e);
                }
            }
        }
    }

    private void checkWords(CelExpr.CelCall call) {
        ComparedWords.@Nullable Impossible found = ComparedWords.in(call);
        if (found != null) {
            throw new IllegalArgumentException(
                    at(found.place()) + "expected a word of this field, found '" + found.word() + "'"
                            + NearName.question(found.word(), found.words()) + "\nThere are: "
                            + String.join(", ", found.words()));
        }
    }

    private String at(CelExpr expression) {
        Integer position = ast.getSource().getPositionsMap().get(expression.id());
        return position == null ? "" : "at column " + (position + 1) + ": ";
    }

    /** Whether it only says that counters have grown so far. */
    boolean isMonotone() {
        return isMonotone(ast.getExpr());
    }

    private static boolean isMonotone(CelExpr expression) {
        if (expression.getKind() != Kind.CALL || expression.call().args().size() != 2) {
            return false;
        }
        CelExpr left = expression.call().args().get(0);
        CelExpr right = expression.call().args().get(1);
        return switch (expression.call().function()) {
            case "_&&_", "_||_" -> isMonotone(left) && isMonotone(right);
            case "_>_", "_>=_" -> isCounter(left) && right.getKind() == Kind.CONSTANT;
            case "_<_", "_<=_" -> left.getKind() == Kind.CONSTANT && isCounter(right);
            default -> false;
        };
    }

    /** Whether it asks for nothing but the number of faults. */
    boolean isAboutFaults() {
        return isMonotone() && isAboutFaults(ast.getExpr());
    }

    private static boolean isAboutFaults(CelExpr expression) {
        return switch (expression.getKind()) {
            case CALL -> expression.call().args().stream().allMatch(ExpressionCheck::isAboutFaults);
            case IDENT -> expression.ident().name().equals("faults");
            default -> true;
        };
    }

    private static boolean isCounter(CelExpr expression) {
        return expression.getKind() == Kind.IDENT
                && COUNTERS.contains(expression.ident().name());
    }
}
