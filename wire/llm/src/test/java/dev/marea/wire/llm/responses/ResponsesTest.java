package dev.marea.wire.llm.responses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.marea.wire.json.Json;
import dev.marea.wire.json.JsonReader;
import dev.marea.wire.llm.WireSamples;
import dev.marea.wire.llm.openai.ChatRequests;
import dev.marea.wire.llm.request.InvalidRequest;
import dev.marea.wire.llm.request.RequestLimits;
import dev.marea.wire.llm.sse.SseReader;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponsesTest {
    private static Json json(String text) throws Exception {
        return JsonReader.read(text.replace('\'', '"'));
    }

    private static ResponsesRequest read(String text) throws Exception {
        return ResponsesRequest.read(json(text), RequestLimits.DEFAULT);
    }

    @Test
    void itemsBecomeMessages() throws Exception {
        var request =
                read(
                        "{'model':'m','instructions':'Be kind.','input':[{'role':'user','content':[{'type':'input_text','text':'hi'}]},"
                                + "{'type':'reasoning','id':'r','summary':[],'content':[{'type':'reasoning_text','text':'hm'}]},"
                                + "{'type':'message','role':'assistant','content':[{'type':'output_text','text':'ok','annotations':[]}]},"
                                + "{'type':'function_call','call_id':'c1','name':'f','arguments':'{}'},{'type':'function_call','call_id':'c2','name':'g','arguments':'{}'},"
                                + "{'type':'function_call_output','call_id':'c1','output':'1'},{'type':'function_call_output','call_id':'c2','output':'2'}],"
                                + "'max_output_tokens':5,'tools':[{'type':'function','name':'f','parameters':{'type':'object'},'strict':true}],'tool_choice':{'type':'function','name':'f'},"
                                + "'text':{'format':{'type':'json_schema','name':'n','schema':{'type':'object'}}},'reasoning':{'effort':'low'},'store':true,'strange':1}");
        assertThat(request.chat().list("messages"))
                .containsExactly(
                        json("{'role':'system','content':'Be kind.'}"),
                        json("{'role':'user','content':'hi'}"),
                        json(
                                "{'role':'assistant','content':'ok','reasoning_content':'hm','tool_calls':[{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}},{'id':'c2','type':'function','function':{'name':'g','arguments':'{}'}}]}"),
                        json("{'role':'tool','tool_call_id':'c1','content':'1'}"),
                        json("{'role':'tool','tool_call_id':'c2','content':'2'}"));
        assertThat(request.chat().text("response_format", "json_schema", "name")).hasValue("n");
        assertThat(request.chat().integer("max_tokens")).hasValue(5);
        assertThat(request.chat().integer("strange")).hasValue(1);
        assertThat(request.chat().has("store")).isFalse();
        ChatRequests.read(request.chat(), RequestLimits.DEFAULT);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m'} | input",
                "{'model':'m','input':[]} | input",
                "{'model':'m','input':'x','previous_response_id':'r'} | previous_response_id",
                "{'model':'m','input':'x','background':true} | background",
                "{'model':'m','input':[{'type':'file_search_call'}]} | input[0].type",
                "{'model':'m','input':'x','tools':[{'type':'web_search'}]} | tools[0].type",
                "{'model':'m','input':'x','text':{'format':{'type':'xml'}}} | text.format.type"
            })
    void aBadFieldIsNamed(String body, String field) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        InvalidRequest.class, bad -> assertThat(bad.field()).hasValue(field));
    }

    @Test
    void eventsComeInOrderAndAreNumbered() throws Exception {
        var stream = new ResponsesStream(WireSamples.responsesRequest(), "7", 1);
        var reader = new SseReader(1 << 20);
        var told = new ArrayList<String>();
        var numbers = new ArrayList<Long>();
        var all = new ArrayList<byte[]>(stream.start());
        for (var chunk : WireSamples.chunks()) {
            all.addAll(stream.chunk(chunk));
        }
        all.addAll(stream.end());
        for (var bytes : all) {
            for (var event : reader.feed(bytes)) {
                told.add(event.name().replace("response.", ""));
                numbers.add(JsonReader.read(event.data()).integer("sequence_number").orElse(-1));
            }
        }
        assertThat(told)
                .containsExactly(
                        "created",
                        "in_progress",
                        "output_item.added",
                        "reasoning_text.delta",
                        "reasoning_text.delta",
                        "reasoning_text.done",
                        "output_item.done",
                        "output_item.added",
                        "content_part.added",
                        "output_text.delta",
                        "output_text.delta",
                        "output_text.done",
                        "content_part.done",
                        "output_item.done",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.delta",
                        "function_call_arguments.done",
                        "output_item.done",
                        "output_item.added",
                        "function_call_arguments.delta",
                        "function_call_arguments.done",
                        "output_item.done",
                        "completed");
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).isEqualTo(i);
        }
        assertThat(stream.end()).isEmpty();
    }

    @Test
    void anAnswerThatWasCutByItsLengthIsIncomplete() throws Exception {
        var chat =
                json(
                        "{'id':'chatcmpl-1','choices':[{'message':{'content':'a'},'finish_reason':'length'}],'usage':{'prompt_tokens':1,'completion_tokens':2}}");
        var reply = ResponsesReply.of(chat, WireSamples.responsesRequest());
        assertThat(reply.text("status")).hasValue("incomplete");
        assertThat(reply.text("incomplete_details", "reason")).hasValue("max_output_tokens");
        assertThat(reply.integer("usage", "total_tokens")).hasValue(3);
    }
}
