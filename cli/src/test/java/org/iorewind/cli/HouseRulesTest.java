package org.iorewind.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;

/** The rules of the house that a compiler cannot check. */
@AnalyzeClasses(packages = "org.iorewind", importOptions = ImportOption.DoNotIncludeTests.class)
class HouseRulesTest {
    private static final String MODEL = "org.iorewind.model..";

    /** The one class of the core that may read a resource of the class path (the list of known deviations). */
    private static final String DEVIATIONS = "KnownDeviations";

    /** The one class that may find a class by its name: no compiler lets it see {@code sun.misc.Signal}. */
    private static final String SIGNALS = "EndSignals";

    /** What it takes to ask a QEMU on this machine through its monitor, which is a file. */
    private static final Set<String> LOCAL_SOCKETS =
            Set.of("java.net.UnixDomainSocketAddress", "java.net.StandardProtocolFamily");

    @ArchTest
    static final ArchRule modulesDependDownwardsOnly = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("model")
            .definedBy(MODEL)
            .layer("trace")
            .definedBy("org.iorewind.trace..")
            .layer("record")
            .definedBy("org.iorewind.record..")
            .layer("replay")
            .definedBy("org.iorewind.replay..")
            .layer("analyze")
            .definedBy("org.iorewind.analyze..")
            .layer("samples")
            .definedBy("org.iorewind.samples..")
            .layer("cli")
            .definedBy("org.iorewind.cli..")
            .whereLayer("model")
            .mayOnlyBeAccessedByLayers("replay", "analyze", "samples", "cli")
            .whereLayer("trace")
            .mayOnlyBeAccessedByLayers("record", "replay", "analyze", "samples", "cli")
            .whereLayer("record")
            .mayOnlyBeAccessedByLayers("samples", "cli")
            .whereLayer("replay")
            .mayOnlyBeAccessedByLayers("analyze", "samples", "cli")
            .whereLayer("analyze")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("samples")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer();

    @ArchTest
    static final ArchRule hardwareKnowsNothingOfSoftware = noClasses()
            .that()
            .resideInAPackage("org.iorewind.model.iommu..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.iorewind.model.platform..");

    @ArchTest
    static final ArchRule theCoreHasNoClockNoThreadAndNoChance = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.time..", "java.util.concurrent..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Thread.class, ThreadLocal.class, java.util.Random.class, java.security.SecureRandom.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "identityHashCode", Object.class)
            .orShould()
            .callMethod(Math.class, "random");

    @ArchTest
    static final ArchRule theCoreDoesNoInputAndOutput = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .and()
            .haveSimpleNameNotStartingWith(DEVIATIONS)
            .should()
            .dependOnClassesThat(residesIn("java.io.", "java.nio.file.", "java.nio.channels.", "java.net."))
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule theCoreHasNoFloatingPoint =
            noClasses().that().resideInAPackage(MODEL).should(useFloatingPoint());

    @ArchTest
    static final ArchRule theFormatKnowsNoVendor = noClasses()
            .that()
            .resideInAPackage("org.iorewind.trace..")
            .should()
            .haveSimpleNameContaining("Amd")
            .orShould()
            .haveSimpleNameContaining("Intel");

    @ArchTest
    static final ArchRule nothingTalksToANetwork = noClasses()
            .should()
            .dependOnClassesThat(residesIn("java.net.", "javax.net.", "java.rmi.", "com.sun.net.")
                    .and(DescribedPredicate.not(DescribedPredicate.describe(
                            "are of sockets in the file system", type -> LOCAL_SOCKETS.contains(type.getName())))));

    @ArchTest
    static final ArchRule nothingIsSerializedByJava = noClasses()
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(
                    java.io.ObjectInputStream.class, java.io.ObjectOutputStream.class, java.io.Externalizable.class);

    @ArchTest
    static final ArchRule nothingIsFoundByName = noClasses()
            .that()
            .doNotHaveSimpleName(SIGNALS)
            .should()
            .callMethod(Class.class, "forName", String.class)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.reflect..");

    @ArchTest
    static final ArchRule noPackageIsADrawer = noClasses()
            .should()
            .resideInAnyPackage("..util..", "..utils..", "..common..", "..impl..", "..misc..", "..helper..");

    private static DescribedPredicate<JavaClass> residesIn(String... prefixes) {
        return DescribedPredicate.describe(
                "reside in " + String.join(", ", prefixes),
                type -> Stream.of(prefixes).anyMatch(type.getName()::startsWith)
                        // Only a name in a signature or a throws clause of the language's own interfaces.
                        && !Set.of("java.io.Serializable", "java.io.UncheckedIOException")
                                .contains(type.getName()));
    }

    private static ArchCondition<JavaClass> useFloatingPoint() {
        return new ArchCondition<>("use floating point") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaField field : type.getFields()) {
                    report(isFloating(field.getRawType()), field.getFullName(), events, type);
                }
                for (JavaMethod method : type.getMethods()) {
                    boolean floating = isFloating(method.getRawReturnType())
                            || method.getRawParameterTypes().stream().anyMatch(HouseRulesTest::isFloating);
                    report(floating, method.getFullName(), events, type);
                }
                type.getMethodCallsFromSelf().stream()
                        .filter(call -> isFloating(call.getTarget().getRawReturnType()))
                        .forEach(call -> report(true, call.getDescription(), events, type));
            }
        };
    }

    private static void report(boolean found, String place, ConditionEvents events, JavaClass type) {
        events.add(
                new SimpleConditionEvent(type, found, place + (found ? " uses" : " does not use") + " floating point"));
    }

    private static boolean isFloating(JavaClass type) {
        return Set.of("float", "double", "java.lang.Float", "java.lang.Double").contains(type.getName());
    }
}
