package dev.marea.local.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.marea.local.objects.Refusal;
import dev.marea.local.objects.Resource;
import dev.marea.local.schema.Kind;
import dev.marea.local.schema.Schemas;
import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTest {
    private static final Kind POD = Schemas.of(List.of()).of(Resource.POD).orElseThrow();

    static Json json(String text) {
        try {
            return JsonReader.read(text.replace('\'', '"'));
        } catch (JsonReader.MalformedJson bad) {
            throw new IllegalArgumentException(text, bad);
        }
    }

    private static Json.Obj object(String text) {
        return (Json.Obj) json(text);
    }

    /** The examples of RFC 7386 whose target is an object. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':'b'} | {'a':'c'} | {'a':'c'}",
                "{'a':'b'} | {'b':'c'} | {'a':'b','b':'c'}",
                "{'a':'b'} | {'a':null} | {}",
                "{'a':'b','b':'c'} | {'a':null} | {'b':'c'}",
                "{'a':['b']} | {'a':'c'} | {'a':'c'}",
                "{'a':'c'} | {'a':['b']} | {'a':['b']}",
                "{'a':{'b':'c'}} | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
                "{'a':[{'b':'c'}]} | {'a':[1]} | {'a':[1]}",
                "{'e':null} | {'a':1} | {'e':null,'a':1}",
                "{} | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}"
            })
    void merges(String target, String patch, String result) {
        assertThat(MergePatch.apply(object(target), object(patch))).isEqualTo(json(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'a':1} | [{'op':'add','path':'/b','value':2}] | {'a':1,'b':2}",
                "{'a':[1,3]} | [{'op':'add','path':'/a/1','value':2}] | {'a':[1,2,3]}",
                "{'a':[1]} | [{'op':'add','path':'/a/-','value':2}] | {'a':[1,2]}",
                "{'a':[1,2]} | [{'op':'remove','path':'/a/0'}] | {'a':[2]}",
                "{'a':{'b':1}} | [{'op':'replace','path':'/a/b','value':null}] | {'a':{'b':null}}",
                "{'a':{'b':1},'c':{}} | [{'op':'move','from':'/a/b','path':'/c/d'}] | {'a':{},'c':{'d':1}}",
                "{'a':[1]} | [{'op':'copy','from':'/a','path':'/b'}] | {'a':[1],'b':[1]}",
                "{'a/b':{'m~n':1}} | [{'op':'replace','path':'/a~1b/m~0n','value':2}] | {'a/b':{'m~n':2}}",
                "{'a':1} | [{'op':'test','path':'/a','value':1},{'op':'remove','path':'/a'}] | {}"
            })
    void patches(String target, String patch, String result) throws Refusal {
        assertThat(JsonPatch.apply(object(target), json(patch))).isEqualTo(json(result));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'op':'test','path':'/a','value':2}] | 422 | testing value /a failed: test failed",
                "[{'op':'remove','path':'/x'}] | 422 | doc is missing path: \"/x\"",
                "[{'op':'replace','path':'/a/b','value':2}] | 422 | doc is missing path: \"/a/b\"",
                "[{'op':'add','path':'/l/7','value':2}] | 422 | doc is missing path: \"/l/7\"",
                "[{'op':'add','path':'/l/01','value':2}] | 422 | doc is missing path: \"/l/01\"",
                "[{'op':'move','from':'/l','path':'/l/0'}] | 422 | cannot move into itself",
                "[{'op':'add','path':'a','value':2}] | 422 | must start with \"/\"",
                "[{'op':'add','path':'/a'}] | 422 | has no \"value\"",
                "[{'op':'remove','path':''}] | 422 | the document itself stays",
                "[{'op':'jump','path':'/a'}] | 400 | unexpected kind",
                "{'op':'add'} | 400 | a list of operations"
            })
    void aPatchThatCannotBeDoneSaysWhy(String patch, int code, String why) {
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> JsonPatch.apply(object("{'a':1,'l':[1]}"), json(patch)))
                .withMessageContaining(why)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void tooManyOperationsAndCopiesThatDoubleAreRefused() {
        var many = new Json.Arr(Collections.nCopies(10_001, Json.Obj.EMPTY));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> JsonPatch.apply(Json.Obj.EMPTY, many))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(413));
        var doubling =
                new Json.Arr(
                        Collections.nCopies(60, json("{'op':'copy','from':'/a','path':'/a/-'}")));
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> JsonPatch.apply(object("{'a':[1,2,3]}"), doubling))
                .withMessageContaining("copy operations may copy");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // items merge by name, new ones come first as in the patch's order
                "{'containers':[{'name':'a','image':'1'}]} | {'containers':[{'name':'a','tty':true}]}"
                        + " | {'containers':[{'name':'a','image':'1','tty':true}]}",
                "{'containers':[{'name':'a'},{'name':'b'}]} | {'containers':[{'name':'a','$patch':'delete'}]}"
                        + " | {'containers':[{'name':'b'}]}",
                "{'containers':[{'name':'a'},{'name':'b'}]} | {'containers':[{'$patch':'replace'},{'name':'c'}]}"
                        + " | {'containers':[{'name':'c'}]}",
                "{'containers':[{'name':'a'},{'name':'b'}]}"
                        + " | {'$setElementOrder/containers':[{'name':'b'},{'name':'a'}]}"
                        + " | {'containers':[{'name':'b'},{'name':'a'}]}",
                "{'tolerations':[{'key':'a'}]} | {'tolerations':[{'key':'b'}]} | {'tolerations':[{'key':'b'}]}",
                "{'nodeSelector':{'a':'1'}} | {'nodeSelector':{'$patch':'replace','b':'2'}}"
                        + " | {'nodeSelector':{'b':'2'}}",
                "{'volumes':[{'name':'v','emptyDir':{}}]}"
                        + " | {'volumes':[{'$retainKeys':['name','configMap'],'name':'v','configMap':{'name':'c'}}]}"
                        + " | {'volumes':[{'name':'v','configMap':{'name':'c'}}]}",
                "{'hostname':'h'} | {'hostname':null} | {}",
                "{} | {'securityContext':{'runAsUser':null,'$patch':'merge'}} | {'securityContext':{}}"
            })
    void patchesAPodsSpecStrategically(String spec, String patch, String result) throws Refusal {
        var target = Json.Obj.of("spec", json(spec));
        var changed = StrategicPatch.apply(POD, target, Json.Obj.of("spec", json(patch)));
        assertThat(changed.object("spec")).isEqualTo(json(result));
    }

    @Test
    void finalizersAreTakenOutOneByOne() throws Refusal {
        var pod = object("{'metadata':{'finalizers':['a','b']}}");
        var patch =
                object(
                        "{'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'finalizers':['c']}}");
        assertThat(StrategicPatch.apply(POD, pod, patch))
                .isEqualTo(json("{'metadata':{'finalizers':['c','b']}}"));
    }

    @Test
    void aCustomKindTakesNoStrategicPatch() {
        var crd = Schemas.of(List.of()).of(Resource.CRD).orElseThrow();
        assertThatExceptionOfType(Refusal.class)
                .isThrownBy(() -> StrategicPatch.apply(crd, Json.Obj.EMPTY, Json.Obj.EMPTY))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(415));
    }
}
