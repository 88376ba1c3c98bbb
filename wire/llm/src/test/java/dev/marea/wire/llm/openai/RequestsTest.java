package dev.marea.wire.llm.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestsTest {
    private static final RequestLimits LIMITS = RequestLimits.DEFAULT;

    private static ChatRequest chat(String more) throws Exception {
        return ChatRequests.read(
                json("{'model':'m','messages':[{'role':'user','content':'hi'}]" + more + "}"),
                LIMITS);
    }

    private static Json json(String text) throws Exception {
        return JsonReader.read(text.replace('\'', '"'));
    }

    @Test
    void aChatIsReadAndWhatNobodyKnowsIsKept() throws Exception {
        var request =
                chat(
                        ",'max_tokens':5,'max_completion_tokens':7,'stop':'x','n':2,'seed':-1,'logprobs':true,'top_logprobs':3,"
                                + "'stream':true,'stream_options':{'include_usage':true},'temperature':0,'vllm_xargs':{'a':1},'priority':null,"
                                + "'chat_template_kwargs':{'enable_thinking':false},'reasoning_effort':'low','user':'u'");
        assertThat(request.sampling().tokensMax()).hasValue(7);
        assertThat(request.sampling().stop()).containsExactly("x");
        assertThat(request.sampling().temperature()).hasValue(0);
        assertThat(request.choices()).isEqualTo(2);
        assertThat(request.logprobs()).isEqualTo(OptionalInt.of(3));
        assertThat(request.streaming()).isEqualTo(new Streaming(true, true, false));
        assertThat(request.templateArguments())
                .isEqualTo(json("{'enable_thinking':false,'reasoning_effort':'low'}"));
        assertThat(request.rest())
                .isEqualTo(json("{'vllm_xargs':{'a':1},'priority':null,'user':'u'}"));
    }

    @Test
    void toolsAreReadWithTheirChoice() throws Exception {
        var tools =
                ",'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object'}}},{'type':'function','function':{'name':'g'}}]";
        assertThat(chat(tools).tools().choice()).isEqualTo(new ToolChoice.Auto());
        assertThat(chat(tools + ",'tool_choice':'required','parallel_tool_calls':false").tools())
                .satisfies(use -> assertThat(use.parallel()).isFalse())
                .satisfies(use ->
                        assertThat(use.callable())
                                .extracting(Tool::name)
                                .containsExactly("f", "g"));
        var named =
                chat(tools + ",'tool_choice':{'type':'function','function':{'name':'g'}}").tools();
        assertThat(named.callable()).extracting(Tool::name).containsExactly("g");
        assertThat(chat(tools + ",'tool_choice':'none'").tools().callable()).isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'n':1000000 | n | from 1 to 128",
                "'max_tokens':2147483648 | max_tokens | from 1 to",
                "'max_tokens':0 | max_tokens | from 1 to",
                "'max_tokens':1.5 | max_tokens | whole number",
                "'logprobs':true,'top_logprobs':1000000 | top_logprobs | from 0 to 20",
                "'top_logprobs':2 | top_logprobs | needs logprobs",
                "'best_of':20 | best_of | not served",
                "'stop':['a','b','c','d','e','f','g','h','i','j','k','l','m','n','o','p','q'] | stop | at most 16",
                "'stop':[''] | stop | empty string",
                "'stop':[1] | stop[0] | must be a string",
                "'stream_options':{} | stream_options | stream: true",
                "'stream':'yes' | stream | true or false",
                "'tools':[] | tools | must not be empty",
                "'tools':[{'type':'function','function':{'name':'a b'}}] | tools[0].function.name | letters",
                "'tools':[{'type':'web'}] | tools[0].type | only function tools",
                "'tool_choice':'required' | tool_choice | needs tools",
                "'tools':[{'function':{'name':'a'}}],'tool_choice':{'function':{'name':'b'}} | tool_choice.function.name | not among",
                "'tools':[{'function':{'name':'a'}}],'tool_choice':'maybe' | tool_choice | none, auto",
                "'temperature':-1 | temperature | from 0",
                "'temperature':'hot' | temperature | must be a number",
                "'logit_bias':{'x':1} | logit_bias | token numbers",
                "'logit_bias':{'5':1000} | logit_bias.5 | from -100",
                "'response_format':{'type':'xml'} | response_format.type | json_object",
                "'response_format':{'type':'json_schema'} | response_format.json_schema | is required",
                "'chat_template':'x' | chat_template | administrator",
                "'chat_template_kwargs':{'chat_template':'x'} | chat_template_kwargs.chat_template | may not set",
                "'prompt_logprobs':1,'stream':true | prompt_logprobs | stream",
                "'seed':99999999999999999999 | seed | from"
            })
    void aBadFieldIsNamedWithItsLimit(String more, String field, String message) {
        assertThatThrownBy(() -> chat("," + more))
                .isInstanceOfSatisfying(
                        InvalidRequest.class, bad -> assertThat(bad.field()).hasValue(field))
                .hasMessageContaining(message);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | messages",
                "[] | ``",
                "{'messages':[]} | messages",
                "{'messages':{}} | messages",
                "{'messages':[1]} | messages[0]",
                "{'messages':[{'content':'x'}]} | messages[0].role",
                "{'messages':[{'role':'user'}]} | messages[0].content",
                "{'messages':[{'role':'user','content':5}]} | messages[0].content",
                "{'messages':[{'role':'user','content':[{'type':'text'}]}]} | messages[0].content[0].text",
                "{'messages':[{'role':'assistant'}]} | messages[0].content",
                "{'messages':[{'role':'assistant','tool_calls':[{}]}]} | messages[0].tool_calls[0].function"
            })
    void badMessagesAreNamedByTheirPath(String body, String field) {
        assertThatThrownBy(() -> ChatRequests.read(json(body), LIMITS))
                .isInstanceOfSatisfying(
                        InvalidRequest.class,
                        bad -> assertThat(bad.field().orElse("")).isEqualTo(field));
    }

    @Test
    void hugeListsAreRefusedByTheirLimits() {
        var stops = new ArrayList<String>();
        for (int i = 0; i < 100_000; i++) {
            stops.add("s" + i);
        }
        var body = Json.Obj.of("messages", List.of(Json.Obj.of("role", "user", "content", "x")));
        assertThatThrownBy(() -> ChatRequests.read(body.with("stop", Json.of(stops)), LIMITS))
                .hasMessageContaining("100000 items");
        assertThatThrownBy(() ->
                        ChatRequests.read(
                                body.with("cache_salt", Json.of("x".repeat(10 << 20))), LIMITS))
                .hasMessageContaining("at most 1024");
    }

    @Test
    void completionsTakeTextsAndTokensInAllFourForms() throws Exception {
        assertThat(prompt("'a'")).isEqualTo(new Input.Texts(List.of("a")));
        assertThat(prompt("['a','b']")).isEqualTo(new Input.Texts(List.of("a", "b")));
        assertThat(prompt("[1,2]")).isEqualTo(new Input.Tokens(List.of(List.of(1, 2))));
        assertThat(prompt("[[1],[2]]"))
                .isEqualTo(new Input.Tokens(List.of(List.of(1), List.of(2))));
        for (var bad : List.of("''", "[]", "[[]]", "[1,'a']", "['a',1]", "{}", "[-1]")) {
            assertThatThrownBy(() -> prompt(bad)).as(bad).isInstanceOf(InvalidRequest.class);
        }
    }

    private static Input prompt(String prompt) throws Exception {
        return CompletionRequests.read(json("{'prompt':" + prompt + "}"), LIMITS).prompts();
    }

    @Test
    void embeddingsRerankScoreAndTokensAreRead() throws Exception {
        var embedding =
                VectorRequests.embeddings(
                        json("{'model':'e','input':'x','encoding_format':'base64','dimensions':8}"),
                        LIMITS);
        assertThat(embedding.base64()).isTrue();
        assertThat(
                        VectorReplies.embeddings(embedding, List.of(new float[] {1, -0.5f}), 3)
                                .toString())
                .contains("\"embedding\":\"AACAPwAAAL8=\"");
        var rerank =
                VectorRequests.rerank(
                        json("{'query':'q','documents':['a',{'text':'b'}],'top_n':1}"), LIMITS);
        assertThat(VectorReplies.rerank(rerank, "id", new double[] {0.1, 0.9}, 3).list("results"))
                .containsExactly(json("{'index':1,'relevance_score':0.9,'document':{'text':'b'}}"));
        var score = VectorRequests.score(json("{'text_1':'a','text_2':['b','c']}"), LIMITS);
        assertThat(score.pairs())
                .containsExactly(new ScoreRequest.Pair("a", "b"), new ScoreRequest.Pair("a", "c"));
        assertThat(TokenRequests.tokenize(json("{'prompt':'a'}"), LIMITS).addSpecialTokens())
                .isTrue();
        assertThat(TokenRequests.detokenize(json("{'tokens':[1,2]}")).tokens())
                .containsExactly(1, 2);
    }

    @Test
    void anErrorHasTheFourFieldsThatClientsRead() {
        var error =
                ApiError.badRequest(InvalidRequest.contextExceeded("messages", 5_000, 16, 4_096));
        assertThat(error.json().object("error").fields().keySet())
                .containsExactly("message", "type", "param", "code");
        assertThat(error.json().text("error", "code")).hasValue("context_length_exceeded");
        assertThat(ApiError.noSuchModel("x").json().text("error", "message"))
                .hasValue("The model `x` does not exist.");
        assertThat(ApiError.of(503, "wait").json().integer("error", "code")).hasValue(503);
    }
}
