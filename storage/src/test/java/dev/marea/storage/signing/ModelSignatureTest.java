package dev.marea.storage.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** S18: signatures that the model-signing tool has made, and what may be wrong with one. */
class ModelSignatureTest {
    @TempDir Path model;

    @BeforeEach
    void theModelThatWasSigned() throws IOException {
        write("config.json", "{\"layers\": 2}\n");
        write("weights/0.bin", "weights of layer 0\n");
        write("weights/1.bin", "weights of layer 1\n");
        sign("p256");
    }

    private void write(String path, String content) throws IOException {
        var file = model.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private void sign(String key) throws IOException {
        Files.write(model.resolve(ModelSignature.FILE), resource(key + ".sig"));
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = ModelSignatureTest.class.getResourceAsStream(name)) {
            return java.util.Objects.requireNonNull(in, name).readAllBytes();
        }
    }

    private static Signers signers(String... names) throws IOException {
        var pem = new StringBuilder("# who signs our models\n");
        for (var name : names) {
            pem.append(new String(resource(name + ".pub"), StandardCharsets.US_ASCII));
        }
        return Signers.of(pem.toString());
    }

    private void refused(Signers signers, String why) {
        assertThatThrownBy(() -> new ModelSignature(signers).require(model))
                .isInstanceOf(UntrustedModel.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p256", "p384", "p521"})
    void whatTheToolSignedIsTrusted(String key) throws Exception {
        sign(key);
        new ModelSignature(signers(key)).require(model);
        new ModelSignature(signers("p521", "p384", "p256")).require(model);
    }

    @ParameterizedTest
    @CsvSource({"p256, p384", "p384, p256", "p521, p256"})
    void aSignatureOfSomebodyElseIsNone(String key, String trusted) throws Exception {
        sign(key);
        refused(signers(trusted), "none of the 1 signers that are trusted has signed it");
    }

    @Test
    void whereNobodyIsTrustedNothingIs() {
        refused(new Signers(List.of()), "none of the 0 signers");
    }

    @Test
    void aModelWithoutASignatureIsNotTrusted() throws Exception {
        Files.delete(model.resolve(ModelSignature.FILE));
        refused(signers("p256"), "there is no file model.sig");
    }

    @Test
    void oneByteMoreOrLessIsAnotherModel() throws Exception {
        write("weights/1.bin", "weights of layer 1");
        refused(signers("p256"), "weights/1.bin is not what was signed");
    }

    @Test
    void aFileThatIsMissingIsNamed() throws Exception {
        Files.delete(model.resolve("weights/0.bin"));
        refused(signers("p256"), "weights/0.bin was signed and is not there");
    }

    @Test
    void aFileThatWasAddedIsNamed() throws Exception {
        write("weights/2.bin", "");
        refused(signers("p256"), "weights/2.bin is there and was not signed");
        write("code/run.py", "");
        refused(signers("p256"), "code/run.py, weights/2.bin is there and was not signed");
    }

    @Test
    void whatTheSignerLeftOutDoesNotMatter() throws Exception {
        write(".gitattributes", "*.bin filter=lfs\n");
        write(".github/workflows/a.yml", "on: push\n");
        new ModelSignature(signers("p256")).require(model);
        write(".gitattributes.exe", "");
        refused(signers("p256"), ".gitattributes.exe is there and was not signed");
    }

    @Test
    void aLinkIsNoFile() throws Exception {
        Files.delete(model.resolve("weights/1.bin"));
        Files.createSymbolicLink(model.resolve("weights/1.bin"), Path.of("/etc/hostname"));
        refused(signers("p256"), "weights/1.bin is neither a file nor a directory");
    }

    @Test
    void digestsThatAreKnownNeedNoSecondReading() throws Exception {
        var digests =
                Map.of(
                        "config.json",
                        "09d343c37de0bba143b7ff45f82c0ab9308531dcc78b56b8eb40c5938c4be418",
                        "weights/0.bin",
                        "4eb6aecc0bae1d506d57a2ad85a9176c89e09f1cb4d83693672eab1b2e4cb12a",
                        "weights/1.bin",
                        "1b6acca56d773e8243c0609b8cab68d482d1285734d7593e381ee14542bfa3cf",
                        ModelSignature.FILE,
                        "00");
        Files.delete(model.resolve("weights/0.bin"));
        new ModelSignature(signers("p256")).require(model, digests);
    }

    /** Every part of the file is either read or signed. */
    @Test
    void noByteOfTheEnvelopeMayChange() throws Exception {
        var bundle = JsonReader.read(resource("p256.sig"));
        changed(bundle, "payload", "none of the 1 signers");
        changed(bundle, "payloadType", "none of the 1 signers");
        var cut = new String(resource("p256.sig"), StandardCharsets.UTF_8).substring(0, 500);
        write(ModelSignature.FILE, cut);
        refused(signers("p256"), "its signature file is no JSON");
        write(ModelSignature.FILE, "{}");
        refused(signers("p256"), "its signature file has 0 signatures");
    }

    private void changed(Json bundle, String field, String why) throws IOException {
        var text = bundle.text("dsseEnvelope", field).orElseThrow();
        var other = text.substring(0, 8) + (text.charAt(8) == 'A' ? 'B' : 'A') + text.substring(9);
        var tree = ((Json.Obj) bundle).withAt(List.of("dsseEnvelope", field), Json.of(other));
        write(ModelSignature.FILE, JsonWriter.text(tree));
        refused(signers("p256"), why);
    }

    /** Signed by a key that is trusted, and still not what it must be. */
    @Test
    void aStatementThatSaysSomethingElseVouchesForNothing() throws Exception {
        var keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        var trusted = new Signers(List.of(keys.getPublic()));
        resigned(keys, s -> s);
        assertThatCode(() -> new ModelSignature(trusted).require(model)).doesNotThrowAnyException();
        resigned(keys, s -> s.replace("signature/v1.0", "signature/v9"));
        refused(trusted, "only https://model_signing/signature/v1.0 is known");
        resigned(keys, s -> s.replace("70bfab58", "00000000"));
        refused(trusted, "about another list of files");
        resigned(keys, s -> s.replace("\"files\"", "\"shards\""));
        refused(trusted, "digested by sha256 of shards");
        resigned(keys, s -> s.replace("weights/1.bin", "weights/0.bin"));
        refused(trusted, "names weights/0.bin twice");
    }

    private void resigned(KeyPair keys, UnaryOperator<String> edit) throws Exception {
        var bundle = (Json.Obj) JsonReader.read(resource("p256.sig"));
        var payload = bundle.text("dsseEnvelope", "payload").orElseThrow();
        var said =
                edit.apply(new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8));
        var type = bundle.text("dsseEnvelope", "payloadType").orElseThrow();
        var signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update(
                "DSSEv1 %d %s %d %s"
                        .formatted(type.length(), type, said.length(), said)
                        .getBytes(StandardCharsets.UTF_8));
        var base64 = Base64.getEncoder();
        var envelope =
                Json.Obj.of(
                        "payload",
                        base64.encodeToString(said.getBytes(StandardCharsets.UTF_8)),
                        "payloadType",
                        type,
                        "signatures",
                        List.of(Json.Obj.of("sig", base64.encodeToString(signer.sign()))));
        write(ModelSignature.FILE, JsonWriter.text(bundle.with("dsseEnvelope", envelope)));
    }

    @Test
    void aTenantMayAskForMoreAndNotForLess() {
        assertThat(SignaturePolicy.OFF.atLeast(SignaturePolicy.WARN))
                .isEqualTo(SignaturePolicy.WARN);
        assertThat(SignaturePolicy.REQUIRE.atLeast(SignaturePolicy.WARN))
                .isEqualTo(SignaturePolicy.REQUIRE);
        assertThat(SignaturePolicy.of("require")).contains(SignaturePolicy.REQUIRE);
        assertThat(SignaturePolicy.of("Require")).isEmpty();
    }

    @Test
    void onlyPublicKeysAreSigners() throws Exception {
        assertThat(signers("p256", "p384").keys()).hasSize(2);
        assertThat(Signers.of("").keys()).isEmpty();
        for (var pem :
                List.of(
                        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")) {
            assertThatThrownBy(() -> Signers.of(pem)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
