package dev.marea.app.fetch;

import dev.marea.storage.Fetched;
import dev.marea.storage.signing.ModelSignature;
import dev.marea.storage.signing.SignaturePolicy;
import dev.marea.storage.signing.Signers;
import dev.marea.storage.signing.UntrustedModel;
import dev.marea.storage.store.FetchFailure;
import dev.marea.wire.kserve.FetchTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Whether somebody must vouch for what was fetched, and who. */
record Trust(SignaturePolicy policy, String signers) {
    /** An unknown word means the strictest: a typing error must not open the door. */
    static Trust of(Map<String, String> environment) {
        var word = environment.getOrDefault(FetchTerms.SIGNATURES, SignaturePolicy.OFF.word());
        return new Trust(
                SignaturePolicy.of(word).orElse(SignaturePolicy.REQUIRE),
                environment.getOrDefault(FetchTerms.SIGNERS, ""));
    }

    /** Before the model is handed on; under {@code warn} doubt is only said. */
    void judge(String source, Path model, Fetched fetched, Consumer<String> log)
            throws IOException {
        if (policy == SignaturePolicy.OFF) {
            return;
        }
        try {
            verify(model, fetched.digests());
            log.accept(source + " is signed by a signer that is trusted");
        } catch (UntrustedModel | IllegalArgumentException doubt) {
            var why =
                    "%s is not trusted: %s; sign it, name its signer, or set the policy %s to off"
                            .formatted(
                                    source, doubt.getMessage(), FetchTerms.SIGNATURES_ANNOTATION);
            if (policy == SignaturePolicy.REQUIRE) {
                throw FetchFailure.lasting(why);
            }
            log.accept("warning: " + why);
        }
    }

    /** Of a local directory no digests were taken. */
    private void verify(Path model, Map<String, String> digests)
            throws IOException, UntrustedModel {
        var signature = new ModelSignature(Signers.of(signers));
        if (digests.isEmpty()) {
            signature.require(model);
        } else {
            signature.require(model, digests);
        }
    }
}
