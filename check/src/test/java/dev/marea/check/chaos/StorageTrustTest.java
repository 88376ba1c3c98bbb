package dev.marea.check.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Which test proves which row of the trust contract's table of fetches (B3, S01 to S18) and of its
 * fault matrix (F25 to F27). A row whose test is gone is a failure here.
 */
class StorageTrustTest {
    private static final Path ROOT = Path.of("..");

    /** Row, what it is about, test class and method. */
    private static final String ROWS =
            """
            S05 bodies too short, too long, cut     | FetchFaultsTest theFirstConnectionsMeetAFaultAndTheModelArrivesWhole
            S12 addresses and schemes of manifests  | InferenceServiceAdmissionTest whatBelongsToTheMachineIsItsOwnersOnly
            S12 odd spellings of hosts              | InferenceServiceAdmissionTest hostsAreKnownInTheirOddSpellings
            S12 paths that climb, users, controls   | StorageSchemeTest refuses
            S17 one digest for all replicas         | OperatorTest whatTheFirstReplicaResolvedIsToldToAllThatFollow
            S18 no signature                        | ModelSignatureTest aModelWithoutASignatureIsNotTrusted
            S18 a wrong file                        | ModelSignatureTest oneByteMoreOrLessIsAnotherModel
            S18 another set of files                | ModelSignatureTest aFileThatIsMissingIsNamed
            S18 an extra file                       | ModelSignatureTest aFileThatWasAddedIsNamed
            S18 a wrong key                         | ModelSignatureTest aSignatureOfSomebodyElseIsNone
            F27 hang, truncate, reset, slow         | FetchFaultsTest inAStormTheModelArrivesWholeAtLast
            """;

    @TestFactory
    Stream<DynamicTest> aRowHasItsTest() throws IOException {
        var sources = sources();
        return ROWS.lines()
                .map(line -> {
                    var parts = line.split("\\|", 2);
                    var test = parts[1].strip().split(" ", 2);
                    return DynamicTest.dynamicTest(
                            parts[0].strip(),
                            () ->
                                    assertThat(sources.getOrDefault(test[0] + ".java", ""))
                                            .as(test[0])
                                            .contains("void " + test[1] + "("));
                });
    }

    private static Map<String, String> sources() throws IOException {
        var sources = new HashMap<String, String>();
        try (var files = Files.walk(ROOT)) {
            for (var file : (Iterable<Path>) files::iterator) {
                var name = file.getFileName().toString();
                if (name.endsWith("Test.java")) {
                    sources.put(name, Files.readString(file));
                }
            }
        }
        return sources;
    }
}
