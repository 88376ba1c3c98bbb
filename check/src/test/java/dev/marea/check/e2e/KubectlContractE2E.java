package dev.marea.check.e2e;

import dev.marea.check.contract.ApiUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * kubectl against the API under test, whichever that is: half of the contract that {@code
 * dev.marea.check.contract} judges by fabric8's client.
 */
final class KubectlContractE2E extends KubectlVerbs {
    private ApiUnderTest api;

    @BeforeAll
    void open() {
        api = ApiUnderTest.open();
    }

    @AfterAll
    void close() {
        api.close();
    }

    @Override
    Path kubeconfig() {
        return api.kubeconfig();
    }

    @Override
    String namespace() {
        return api.namespace();
    }
}
