package dev.marea.wire.llm.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GrammarsTest {
    private static Arguments schema(String schema, List<String> good, List<String> bad) {
        return Arguments.of(schema.replace('\'', '"'), quoted(good), quoted(bad));
    }

    private static List<String> quoted(List<String> texts) {
        return texts.stream().map(t -> t.replace('\'', '"')).toList();
    }

    static Stream<Arguments> schemas() {
        return Stream.of(objects(), values(), references()).flatMap(s -> s);
    }

    private static Stream<Arguments> objects() {
        return Stream.of(
                schema(
                        "{'type':'object','properties':{'a':{'type':'integer'},'b':{'type':'string'}},'required':['a']}",
                        List.of("{'a':1}", "{'a': -12,'b':'x'}", "{\n  'a': 0, 'b': ''}"),
                        List.of(
                                "{}",
                                "{'b':'x'}",
                                "{'a':1.5}",
                                "{'a':01}",
                                "{'a':1,}",
                                "{'a':1,'c':2}",
                                "{'a':1",
                                "[1]")),
                schema(
                        "{'type':'object','properties':{'a':{'type':'null'},'b':{'type':'boolean'},'c':{'type':'number'}}}",
                        List.of(
                                "{}",
                                "{'a':null}",
                                "{'c':1e5}",
                                "{'a':null,'c':-0.5}",
                                "{'b':true,'c':2}",
                                "{'a':null,'b':false,'c':1}"),
                        List.of("{'b':1}", "{'c':1,'a':null}", "{,}", "{'a':null 'b':true}")),
                schema(
                        "{'type':'object','additionalProperties':{'type':'integer'}}",
                        List.of("{}", "{'x':1}", "{'x':1, 'y\\n':2}"),
                        List.of("{'x':'1'}", "{x:1}")),
                schema(
                        "{'type':'object'}",
                        List.of("{}", "{'x':[1,{'y':null}]}"),
                        List.of("[]", "{'x'}")),
                schema(
                        "{'type':'object','properties':{},'additionalProperties':false}",
                        List.of("{}"),
                        List.of("{'x':1}")),
                schema(
                        "{'allOf':[{'properties':{'a':{'type':'integer'}},'required':['a']},{'properties':{'b':{'type':'null'}}}],'type':'object'}",
                        List.of("{'a':1}", "{'a':1,'b':null}"),
                        List.of("{}", "{'b':null}")));
    }

    private static Stream<Arguments> values() {
        return Stream.of(
                schema(
                        "{'enum':['a','b\\\"c',1,null]}",
                        List.of("'a'", "'b\\'c'", "1", "null"),
                        List.of("'c'", "a", "2")),
                schema("{'const':{'k':[1]}}", List.of("{'k':[1]}"), List.of("{}")),
                schema("{'type':['string','null']}", List.of("'x'", "null"), List.of("1")),
                schema(
                        "{'anyOf':[{'type':'integer'},{'type':'array','items':{'type':'integer'}}]}",
                        List.of("1", "[1,2]", "[]"),
                        List.of("'x'", "['x']")),
                schema(
                        "{'type':'array','items':{'type':'boolean'},'minItems':1,'maxItems':2}",
                        List.of("[true]", "[true,false]"),
                        List.of("[]", "[true,true,true]")),
                schema(
                        "{'type':'array','minItems':3,'items':{'const':1}}",
                        List.of("[1,1,1]", "[1,1,1,1]"),
                        List.of("[1,1]")),
                schema(
                        "{'type':'array','prefixItems':[{'type':'integer'},{'type':'string'}]}",
                        List.of("[1,'x']"),
                        List.of("[1]", "['x',1]")),
                schema(
                        "{'type':'string','minLength':2,'maxLength':3}",
                        List.of("'ab'", "'a\\n'", "'äöü'"),
                        List.of("'a'", "'abcd'")),
                schema(
                        "{'type':'string'}",
                        List.of("'\\u00e9 \\\\ x'", "'😀'"),
                        List.of("'a\nb'", "'\\x'", "'", "''a'")),
                schema(
                        "{'type':'string','pattern':'^[a-c]+-\\\\d{2,3}(x|yz)?$'}",
                        List.of("'abc-12'", "'a-123yz'"),
                        List.of("'d-12'", "'a-1'", "'a-12q'")),
                schema(
                        "{'type':'string','pattern':'o\\\\.k'}",
                        List.of("'o.k'", "'it is o.k today'"),
                        List.of("'ok'")),
                schema(
                        "{'type':'string','pattern':'^\\\\(\\\\d{3}\\\\)$'}",
                        List.of("'(123)'"), List.of("'123'")),
                schema(
                        "{'type':'string','format':'date'}",
                        List.of("'2026-11-25'"),
                        List.of("'2026-13-25'", "'today'")),
                schema(
                        "{'type':'string','format':'date-time'}",
                        List.of("'2026-11-25T09:08:07Z'", "'2026-11-25T09:08:07.5+01:00'"),
                        List.of("'2026-11-25'")),
                schema(
                        "{'type':'string','format':'ipv4'}",
                        List.of("'1.2.3.4'", "'255.0.10.99'"),
                        List.of("'256.1.1.1'", "'1.2.3'")),
                schema(
                        "{'type':'integer','minimum':-5,'maximum':120}",
                        List.of("-5", "0", "7", "99", "120"),
                        List.of("-6", "121", "1000", "05", "1.5")),
                schema(
                        "{'type':'integer','exclusiveMinimum':0}",
                        List.of("1", "12345678901"),
                        List.of("0", "-1")),
                schema("{'type':'number','minimum':0}", List.of("0", "1.5e3"), List.of("-1")),
                schema("true", List.of("1", "{'a':[]}"), List.of("x")));
    }

    private static Stream<Arguments> references() {
        return Stream.of(
                schema(
                        "{'$defs':{'node':{'type':'object','properties':{'v':{'type':'integer'},'next':{'anyOf':[{'$ref':'#/$defs/node'},{'type':'null'}]}},'required':['v','next']}},'$ref':'#/$defs/node'}",
                        List.of("{'v':1,'next':null}", "{'v':1,'next':{'v':2,'next':null}}"),
                        List.of("{'v':1}", "{'v':1,'next':1}")),
                schema(
                        "{'type':'object','properties':{'a':{'$ref':'#/definitions/x'},'b':{'$ref':'#/definitions/x'}},'required':['a','b'],'definitions':{'x':{'enum':['p']}}}",
                        List.of("{'a':'p','b':'p'}"),
                        List.of("{'a':'p'}")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schemas")
    void theGrammarTakesWhatTheSchemaAllowsAndNothingElse(
            String schema, List<String> good, List<String> bad) throws Exception {
        var text = Grammars.of(JsonReader.read(schema));
        var grammar = new Gbnf(text);
        for (var one : good) {
            assertThat(grammar.matches(one)).as("%s is allowed by%n%s", one, text).isTrue();
        }
        for (var one : bad) {
            assertThat(grammar.matches(one)).as("%s is not allowed by%n%s", one, text).isFalse();
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'foo':'bar'} | foo | not supported",
                "{'type':'string','paterm':'x'} | paterm | did you mean",
                "{'type':'object','properties':{'a':{'type':'array','items':{'not':{}}}}} | properties.a.items.not | not supported",
                "{'type':'string','pattern':'foo**'} | pattern | nothing to repeat",
                "{'type':'string','pattern':'(a+)+$'} | pattern | endless repetition",
                "{'type':'string','pattern':'(?=a)b'} | pattern | look-around",
                "{'type':'string','pattern':'a{5000}'} | pattern | repetition",
                "{'type':'string','pattern':'(((a{900}){900}){900})'} | pattern | repetition",
                "{'type':'string','maxLength':10000000} | maxLength | from 0 to 2000",
                "{'type':'array','minItems':1000000000} | minItems | from 0 to 1000",
                "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}}} | $ref | back to itself",
                "{'$ref':'https://example.org/schema'} | $ref | into the schema",
                "{'$ref':'#/$defs/none'} | $ref | points at no schema",
                "{'type':'object','required':['x'],'properties':{'a':{}}} | required | not among",
                "{'type':'integer','minimum':5,'maximum':4} | maximum | between the bounds",
                "{'type':'number','maximum':4} | maximum | integers only",
                "{'type':'colour'} | type | no type",
                "{'enum':[]} | enum | 1 to",
                "[1] | `` | must be an object",
                "{'type':'string','format':'iban'} | format | not supported"
            })
    void whatCannotBeHeldIsRefusedWithThePath(String schema, String path, String message)
            throws Exception {
        var json = JsonReader.read(schema.replace('\'', '"'));
        assertThatThrownBy(() -> Grammars.of(json))
                .isInstanceOfSatisfying(
                        UnsupportedSchema.class, bad -> assertThat(bad.path()).isEqualTo(path))
                .hasMessageContaining(message);
    }

    @Test
    void aSchemaThatNestsTooDeepOrGrowsTooLargeIsRefused() {
        Json deep = Json.Obj.of("type", "string");
        for (int i = 0; i < 90; i++) {
            deep = Json.Obj.of("type", "array", "items", deep);
        }
        var tooDeep = deep;
        assertThatThrownBy(() -> Grammars.of(tooDeep)).hasMessageContaining("deeper than");
        var choices = new java.util.ArrayList<Json>();
        for (int i = 0; i < 2_000; i++) {
            choices.add(Json.Obj.of("type", "array", "items", Json.Obj.of("const", "x" + i)));
        }
        var wide = Json.Obj.of("anyOf", choices);
        assertThatThrownBy(() -> Grammars.of(wide)).hasMessageContaining("more than 4000");
    }

    @Test
    void choicesPatternsAndAnyObjectAreGrammarsToo() throws Exception {
        var choice = new Gbnf(Grammars.choice(List.of("yes", "no \"x\"\n")));
        assertThat(choice.matches("no \"x\"\n")).isTrue();
        assertThat(choice.matches("maybe")).isFalse();
        var regex = new Gbnf(Grammars.regex("[\\w-]+@[a-z]+\\.(com|org)"));
        assertThat(regex.matches("a-b@c.org")).isTrue();
        assertThat(regex.matches("a@c.net")).isFalse();
        var object = new Gbnf(Grammars.jsonObject());
        assertThat(object.matches("{\"a\": [1, {\"b\": null}], \"c\": \"x\"}")).isTrue();
        assertThat(object.matches("[]")).isFalse();
    }
}
