package org.iorewind.replay.predicate;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/** Finds words that a field of an event can never be: a filter that compares with one would find nothing, and not say why. */
final class ComparedWords {
    private static final Set<String> COMPARISONS = Set.of("_==_", "_!=_");
    private static final String IN = "@in";
    /** Begins the number of a value that has no name in this schema. */
    private static final String NUMBER = "#";

    private ComparedWords() {}

    /**
     * Looks at a call.
     *
     * @return the constant that is no word of its field, or null
     */
    static @Nullable CelExpr impossible(CelExpr.CelCall call) {
        if (call.args().size() != 2) {
            return null;
        }
        CelExpr left = call.args().get(0);
        CelExpr right = call.args().get(1);
        if (COMPARISONS.contains(call.function())) {
            return right.getKind() == Kind.IDENT ? impossible(right, left) : impossible(left, right);
        }
        if (call.function().equals(IN) && right.getKind() == Kind.LIST) {
            for (CelExpr element : right.list().elements()) {
                @Nullable CelExpr found = impossible(left, element);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static @Nullable CelExpr impossible(CelExpr name, CelExpr word) {
        boolean isWord = word.getKind() == Kind.CONSTANT && word.constant().getKind() == CelConstant.Kind.STRING_VALUE;
        if (name.getKind() != Kind.IDENT || !isWord) {
            return null;
        }
        String text = word.constant().stringValue();
        Collection<String> words = words(name.ident().name());
        return words.isEmpty() || words.contains(text) || text.startsWith(NUMBER) ? null : word;
    }

    /** What the field of a call's comparison can be. */
    static Collection<String> words(CelExpr.CelCall call) {
        for (CelExpr argument : call.args()) {
            if (argument.getKind() == Kind.IDENT) {
                return words(argument.ident().name());
            }
        }
        return List.of();
    }

    /** All that a field of an event can be, in the order of the schema; empty if that is no small number of words. */
    private static Collection<String> words(String field) {
        List<String> words = new ArrayList<>();
        if (field.equals("kind")) {
            for (EventKind kind : EventKind.values()) {
                words.add(kind.label());
            }
        } else if (field.equals("eventClass")) {
            for (EventClass each : EventClass.values()) {
                words.add(each.label());
            }
        } else {
            Set<String> all = new TreeSet<>();
            for (EventType type : EventTable.standard().types()) {
                @Nullable EventField its = type.field(field);
                if (its != null && its.form() != FieldForm.ENUM) {
                    return List.of();
                }
                if (its != null) {
                    all.addAll(its.names().values());
                }
            }
            words.addAll(all);
        }
        return words;
    }
}
