package org.iorewind.replay.predicate;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/** Finds words that a field can never be: a filter that compares with one would find nothing, and not say why. */
final class ComparedWords {
    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_");
    private static final String IN = "@in";
    private static final int OPCODES = 16;
    /** Begins the number of a value that has no name in this schema. */
    private static final String NUMBER = "#";

    /**
     * A word that its field can never be.
     *
     * @param place of the word
     * @param words all that the field can be, in the order of the schema
     */
    record Impossible(CelExpr place, Set<String> words) {
        String word() {
            return place.constant().stringValue();
        }
    }

    private ComparedWords() {}

    /** The first impossible word in a call that compares a field with words, or null. */
    static @Nullable Impossible in(CelExpr.CelCall call) {
        if (call.args().size() != 2) {
            return null;
        }
        CelExpr left = call.args().get(0);
        CelExpr right = call.args().get(1);
        if (COMPARISONS.contains(call.function())) {
            return left.getKind() == Kind.CONSTANT ? among(right, List.of(left)) : among(left, List.of(right));
        }
        boolean isList = call.function().equals(IN) && right.getKind() == Kind.LIST;
        return isList ? among(left, right.list().elements()) : null;
    }

    private static @Nullable Impossible among(CelExpr field, List<CelExpr> candidates) {
        Set<String> words = wordsOf(nameOf(field));
        for (CelExpr candidate : candidates) {
            boolean isWord = candidate.getKind() == Kind.CONSTANT
                    && candidate.constant().getKind() == CelConstant.Kind.STRING_VALUE;
            if (isWord && !words.isEmpty()) {
                String word = candidate.constant().stringValue();
                if (!words.contains(word) && !word.startsWith(NUMBER)) {
                    return new Impossible(candidate, words);
                }
            }
        }
        return null;
    }

    private static String nameOf(CelExpr field) {
        return switch (field.getKind()) {
            case IDENT -> field.ident().name();
            case SELECT ->
                nameOf(field.select().operand()) + "." + field.select().field();
            default -> "";
        };
    }

    /** All that a field can be; empty if that is no small number of words. */
    private static Set<String> wordsOf(String field) {
        Set<String> words = new LinkedHashSet<>();
        switch (field) {
            case "kind" -> {
                for (EventKind kind : EventKind.values()) {
                    words.add(kind.label());
                }
            }
            case "eventClass" -> {
                for (EventClass each : EventClass.values()) {
                    words.add(each.label());
                }
            }
            case CommandFilter.KIND -> {
                for (int opcode = 0; opcode < OPCODES; opcode++) {
                    words.add(RingEntryNames.command(opcode));
                }
            }
            default -> {
                for (EventType type : EventTable.standard().types()) {
                    @Nullable EventField its = type.field(field);
                    if (its != null && its.form() != FieldForm.ENUM) {
                        return Set.of();
                    }
                    if (its != null) {
                        words.addAll(its.names().values());
                    }
                }
            }
        }
        return words;
    }
}
