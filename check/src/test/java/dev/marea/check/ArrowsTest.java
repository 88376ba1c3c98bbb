package dev.marea.check;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/**
 * The arrows of the house, as in ARCHITECTURE.md. A red test here is a design question, not a
 * nuisance.
 */
@AnalyzeClasses(packages = "dev.marea", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    private static final String[] EDGES = {
        "dev.marea.storage..",
        "dev.marea.server..",
        "dev.marea.gateway..",
        "dev.marea.kubernetes..",
        "dev.marea.local.."
    };

    @ArchTest
    static final ArchRule storageSeesOnlyWireAndCore = edge("storage", "dev.marea.wire.http..");

    @ArchTest static final ArchRule serverSeesNoOtherEdge = edge("server");

    @ArchTest static final ArchRule gatewaySeesNoOtherEdge = edge("gateway");

    @ArchTest static final ArchRule kubernetesSeesNoOtherEdge = edge("kubernetes");

    @ArchTest static final ArchRule localSeesNoOtherEdge = edge("local");

    @ArchTest
    static final ArchRule wireSeesOnlyCore =
            noClasses()
                    .that()
                    .resideInAPackage("dev.marea.wire..")
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage(EDGES).or(resideInAPackage("dev.marea.app..")));

    @ArchTest
    static final ArchRule nobodySeesTheApp =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.marea.app..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("dev.marea.app..");

    @ArchTest
    static final ArchRule coreIsPure =
            noClasses()
                    .that()
                    .resideInAPackage("dev.marea.core..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "java.net..",
                            "java.nio..",
                            "java.io..",
                            "java.util.concurrent..",
                            "java.util.random..",
                            "org.slf4j..")
                    .orShould()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(System.class, "nanoTime")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class)
                    .orShould()
                    .callMethod(java.time.Instant.class, "now")
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule decisionsDoNotKnowEachOther =
            slices().matching("dev.marea.core.(plan|scale|route)..")
                    .should()
                    .notDependOnEachOther();

    @ArchTest
    static final ArchRule specKnowsNobody =
            noClasses()
                    .that()
                    .resideInAPackage("dev.marea.core.spec..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "dev.marea.core.plan..",
                            "dev.marea.core.scale..",
                            "dev.marea.core.route..");

    @ArchTest
    static final ArchRule noCircles = slices().matching("dev.marea.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nettyHasThreeEmbassies =
            embassy(
                    "io.netty..",
                    "dev.marea.wire.http..",
                    "dev.marea.gateway..",
                    "dev.marea.server..");

    @ArchTest
    static final ArchRule jacksonHasOneEmbassy =
            embassy(
                    "com.fasterxml.jackson..",
                    "dev.marea.wire..",
                    "dev.marea.server..",
                    // Untyped only: fabric8's own constructor wants an ObjectMapper.
                    "dev.marea.kubernetes.api..");

    @ArchTest
    static final ArchRule protobufHasTwoEmbassies =
            embassy("com.google.protobuf..", "dev.marea.wire.proto..", "dev.marea.server.grpc..");

    @ArchTest
    static final ArchRule fabric8HasOneEmbassy = embassy("io.fabric8..", "dev.marea.kubernetes..");

    @ArchTest
    static final ArchRule operatorSdkHasOneEmbassy =
            embassy("io.javaoperatorsdk..", "dev.marea.kubernetes..");

    @ArchTest
    static final ArchRule sqliteHasOneEmbassy = embassy("org.sqlite..", "dev.marea.local..");

    @ArchTest
    static final ArchRule onnxHasOneEmbassy =
            embassy("ai.onnxruntime..", "dev.marea.server.runtime..");

    @ArchTest
    static final ArchRule signaturesOfAwsHaveOneEmbassy =
            embassy("software.amazon.awssdk..", "dev.marea.storage.stores.s3..");

    @ArchTest
    static final ArchRule tokensOfGoogleHaveOneEmbassy =
            embassy("com.google.auth..", "dev.marea.storage.stores.gcs..");

    @ArchTest
    static final ArchRule tokensOfEntraHaveOneEmbassy =
            embassy("com.microsoft.aad..", "dev.marea.storage.stores.azure..");

    @ArchTest
    static final ArchRule onlyMainsReadTheEnvironment =
            noClasses()
                    .that()
                    .haveSimpleNameNotEndingWith("Main")
                    .should()
                    .callMethod(System.class, "getenv")
                    .orShould()
                    .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule classesAreFinalOrSealed =
            classes()
                    .that()
                    .areTopLevelClasses()
                    .and()
                    .areNotInterfaces()
                    .and()
                    .areNotEnums()
                    .and(notSealed())
                    .should()
                    .haveModifier(JavaModifier.FINAL);

    private static ArchRule edge(String room, String... more) {
        var others =
                java.util.Arrays.stream(EDGES)
                        .filter(e -> !e.equals("dev.marea." + room + ".."))
                        .toList();
        var forbidden = new java.util.ArrayList<>(others);
        forbidden.addAll(java.util.List.of(more));
        return noClasses()
                .that()
                .resideInAPackage("dev.marea." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(forbidden.toArray(String[]::new));
    }

    private static ArchRule embassy(String library, String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }

    private static DescribedPredicate<JavaClass> notSealed() {
        return DescribedPredicate.describe("not sealed", type -> !type.reflect().isSealed());
    }
}
