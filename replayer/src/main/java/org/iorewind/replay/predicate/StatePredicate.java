package org.iorewind.replay.predicate;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iorewind.replay.Playback;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/**
 * A predicate over an event and the state behind it, in CEL. Beside the names that {@link EventFilter} knows:
 *
 * <pre>
 *   faults  divergences  events            counted up to this event, this one included
 *   effects.commands …                     what this event did
 *   register('CONTROL')  register(0x18)    a register of the host
 *   dte('00:03.0').mode                    device table entry in memory
 *   pte('00:03.0', 0x1000).present         what the tables in memory say about an address
 *   irte('00:03.0', 5).vector              an entry of the device's interrupt table in memory
 *   iotlb.contains('00:03.0', 0x1000)      whether a translation is cached
 *   commands.head  eventLog.tail  pprLog   rings of the host
 *   guest(3).cmd.head                      rings of a guest of hardware vIOMMU
 *   memory(0x1000)                         a quadword; what is not known is 0
 * </pre>
 *
 * <p>{@code register}, {@code dte}, {@code pte}, {@code irte}, {@code iotlb.contains} and {@code guest} take the number of the IOMMU before
 * all else if it is not 0. Where an event lacks a field that the predicate needs, it does not hold.
 *
 * <p>Not thread-safe: {@link #copy} for another thread.
 */
public final class StatePredicate implements MomentTest {
    /** Of an input: what only who has looked ahead can tell. */
    static final String UNOBSERVED = "unobserved";

    /** What only who follows a replay from its start can tell. */
    static final String COUNTS = "counts";

    private static final CelType FIELDS = MapType.create(SimpleType.STRING, SimpleType.DYN);

    private final String expression;
    private final CelRuntime.Program program;
    private final @Nullable EventCounts counts;
    private final Map<String, Object> countFields;
    private final boolean isMonotone;
    private final boolean isAboutFaults;
    private final EventValues values = new EventValues();
    private final CelVariableResolver resolver = this::value;
    private @Nullable EventView event;
    private @Nullable Playback playback;
    private @Nullable StateView view;
    private @Nullable Effects effects;
    private Map<String, Object> effectFields = Map.of();
    private long unobserved;

    /**
     * Compiles.
     *
     * @param counts of a filter, which knows what is ahead as well; null for a moment by itself
     */
    private StatePredicate(String expression, CelType result, @Nullable EventCounts counts)
            throws CelValidationException, CelEvaluationException {
        this.expression = expression;
        this.counts = counts;
        countFields = counts == null ? Map.of() : StateView.counts(counts);
        List<Function> functions = functions();
        CelCompilerBuilder compiler = CelCompilerFactory.standardCelCompilerBuilder()
                .setResultType(result)
                .addVar("faults", SimpleType.INT)
                .addVar("divergences", SimpleType.INT)
                .addVar("events", SimpleType.INT)
                .addVar("effects", FIELDS)
                .addVar("commands", FIELDS)
                .addVar("eventLog", FIELDS)
                .addVar("pprLog", FIELDS);
        if (counts != null) {
            compiler.addVar(UNOBSERVED, SimpleType.INT).addVar(COUNTS, FIELDS);
        }
        EventValues.declare(compiler);
        for (String name : List.of("register", "memory", "dte", "pte", "irte", "iotlb.contains", "guest")) {
            List<CelOverloadDecl> overloads = new ArrayList<>();
            for (Function function : functions) {
                if (function.name.equals(name)) {
                    overloads.add(CelOverloadDecl.newGlobalOverload(
                            function.binding.getOverloadId(), function.result, function.parameters));
                }
            }
            compiler.addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(name, overloads));
        }
        CelAbstractSyntaxTree ast = compiler.build().compile(expression).getAst();
        ExpressionCheck check = new ExpressionCheck(ast, counts == null ? List.of() : counts.names());
        check.check();
        isMonotone = check.isMonotone();
        isAboutFaults = check.isAboutFaults();
        program = CelRuntimeFactory.standardCelRuntimeBuilder()
                .addFunctionBindings(functions.stream().map(Function::binding).toList())
                .build()
                .createProgram(ast);
    }

    /**
     * Compiles an expression.
     *
     * @param expression in CEL; must yield a boolean
     * @throws FilterException if it is not valid; the message points at the place
     */
    public static StatePredicate compile(String expression) {
        return compiled(expression, null);
    }

    /** The same for who has followed a replay from its start, and looked ahead: it may ask for {@link #COUNTS} and {@link #UNOBSERVED}. */
    static StatePredicate forFilter(String expression, EventCounts counts) {
        return compiled(expression, counts);
    }

    private static StatePredicate compiled(String expression, @Nullable EventCounts counts) {
        try {
            return new StatePredicate(expression, SimpleType.BOOL, counts);
        } catch (CelValidationException | CelEvaluationException | IllegalArgumentException e) {
            throw new FilterException(
                    "expected a predicate such as faults > 0 or dte('00:03.0').mode == 0, found " + expression + "\n"
                            + e.getMessage() + ExpressionNames.question(expression),
                    e);
        }
    }

    /** An expression with another result than yes or no. */
    static StatePredicate of(String expression, CelType result) throws CelValidationException, CelEvaluationException {
        return new StatePredicate(expression, result, null);
    }

    /** The same for another thread. */
    public StatePredicate copy() {
        return compiled(expression, counts);
    }

    /** As it was written. */
    public String expression() {
        return expression;
    }

    /** Whether it can be seen from the expression that it stays true once it is: it only says that counters have grown. */
    public boolean isMonotone() {
        return isMonotone;
    }

    /** Whether it asks for nothing but the number of faults: then its event is the request that was refused. */
    public boolean isAboutFaults() {
        return isAboutFaults;
    }

    /** How many predictions of the input that is asked about next nobody observed. */
    void unobserved(long count) {
        unobserved = count;
    }

    @Override
    public boolean holds(EventView seen, Playback replay, Effects done) {
        try {
            return Boolean.TRUE.equals(value(seen, replay, done));
        } catch (CelEvaluationException e) {
            // a field that this kind of event does not have, or a comparison of unlike things
            return false;
        }
    }

    /** What it yields; the fields of no event are none. */
    Object value(@Nullable EventView seen, Playback replay, Effects done) throws CelEvaluationException {
        event = seen;
        if (playback != replay) {
            playback = replay;
            view = new StateView(replay.machine());
        }
        if (effects != done) {
            effects = done;
            effectFields = StateView.effects(done);
        }
        return program.eval(resolver);
    }

    private Optional<Object> value(String name) {
        EventView seen = event;
        Playback replay = known(playback);
        return switch (name) {
            case "faults" -> Optional.of(replay.faults());
            case "divergences" -> Optional.of(replay.divergences());
            case "events" -> Optional.of(replay.events());
            case "effects" -> Optional.of(effectFields);
            case UNOBSERVED -> Optional.of(unobserved);
            case COUNTS -> Optional.of(countFields);
            case "commands" -> Optional.of(view().commands());
            case "eventLog" -> Optional.of(view().eventLog());
            case "pprLog" -> Optional.of(view().pprLog());
            default -> seen == null ? Optional.empty() : values.value(seen, name);
        };
    }

    private StateView view() {
        return known(view);
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("asked outside of a test");
        }
        return value;
    }

    /** One overload of a function of the language. */
    private record Function(String name, CelType result, List<CelType> parameters, CelFunctionBinding binding) {}

    private interface Body {
        Object of(int iommu, Object[] arguments);
    }

    /** The runtime wants functions that depend on nothing; these depend on the moment that is asked about, one at a time. */
    @SuppressWarnings("Immutable")
    private List<Function> functions() {
        List<Function> all = new ArrayList<>();
        add(
                all,
                "register",
                SimpleType.INT,
                List.of(SimpleType.STRING),
                (iommu, arguments) -> view().register(iommu, StateView.offset((String) arguments[0])));
        add(
                all,
                "register",
                SimpleType.INT,
                List.of(SimpleType.INT),
                (iommu, arguments) -> view().register(iommu, (int) (long) (Long) arguments[0]));
        add(
                all,
                "dte",
                FIELDS,
                List.of(SimpleType.STRING),
                (iommu, arguments) -> view().deviceEntry(iommu, (String) arguments[0]));
        add(
                all,
                "pte",
                FIELDS,
                List.of(SimpleType.STRING, SimpleType.INT),
                (iommu, arguments) -> view().pageEntry(iommu, (String) arguments[0], (Long) arguments[1]));
        add(
                all,
                "irte",
                FIELDS,
                List.of(SimpleType.STRING, SimpleType.INT),
                (iommu, arguments) -> view().interruptEntry(iommu, (String) arguments[0], (Long) arguments[1]));
        add(
                all,
                "iotlb.contains",
                SimpleType.BOOL,
                List.of(SimpleType.STRING, SimpleType.INT),
                (iommu, arguments) -> view().isCached(iommu, (String) arguments[0], (Long) arguments[1]));
        add(
                all,
                "guest",
                FIELDS,
                List.of(SimpleType.INT),
                (iommu, arguments) -> view().guest(iommu, (Long) arguments[0]));
        CelFunctionOverload.Unary<Long> memory = address -> view().memory(address);
        all.add(new Function(
                "memory",
                SimpleType.INT,
                List.of(SimpleType.INT),
                CelFunctionBinding.from("memory_int", Long.class, memory)));
        return all;
    }

    /** The function about IOMMU 0, and the one that takes the number of an IOMMU first. */
    @SuppressWarnings("Immutable")
    private static void add(List<Function> all, String name, CelType result, List<CelType> parameters, Body body) {
        String id = name.replace('.', '_');
        List<Class<?>> classes = new ArrayList<>();
        for (CelType parameter : parameters) {
            id += "_" + parameter.name();
            classes.add(parameter.equals(SimpleType.INT) ? Long.class : String.class);
        }
        CelFunctionOverload first = arguments -> body.of(0, arguments);
        all.add(new Function(name, result, parameters, CelFunctionBinding.from(id, classes, first)));
        List<CelType> withNumber = new ArrayList<>(List.of(SimpleType.INT));
        withNumber.addAll(parameters);
        List<Class<?>> classesWithNumber = new ArrayList<>(List.of(Long.class));
        classesWithNumber.addAll(classes);
        CelFunctionOverload numbered = arguments -> {
            long number = (Long) arguments[0];
            Object[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
            return body.of(number < 0 || number > 0xFF ? 0xFF : (int) number, rest);
        };
        all.add(new Function(
                name, result, withNumber, CelFunctionBinding.from("iommu_" + id, classesWithNumber, numbered)));
    }
}
