package dev.marea.wire.llm.anthropic;

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

class MessagesTest {
    private static Json json(String text) throws Exception {
        return JsonReader.read(text.replace('\'', '"'));
    }

    private static MessagesRequest read(String text) throws Exception {
        return MessagesRequest.read(json(text), RequestLimits.DEFAULT);
    }

    @Test
    void aConversationWithToolsBecomesAChat() throws Exception {
        var request =
                read(
                        "{'model':'m','max_tokens':9,'system':[{'type':'text','text':'Be kind.'}],'stop_sequences':['x'],'top_k':5,'strange':1,"
                                + "'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':[{'type':'thinking','thinking':'hm','signature':''},{'type':'text','text':'ok'},"
                                + "{'type':'tool_use','id':'t1','name':'f','input':{'a':1}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'t1','content':[{'type':'text','text':'42'}]},{'type':'text','text':'and?'}]}],"
                                + "'tools':[{'name':'f','description':'d','input_schema':{'type':'object'}}],'tool_choice':{'type':'any','disable_parallel_tool_use':true},'thinking':{'type':'enabled','budget_tokens':99}}");
        assertThat(request.chat().list("messages"))
                .containsExactly(
                        json("{'role':'system','content':'Be kind.'}"),
                        json("{'role':'user','content':'hi'}"),
                        json(
                                "{'role':'assistant','content':'ok','reasoning_content':'hm','tool_calls':[{'id':'t1','type':'function','function':{'name':'f','arguments':'{\\'a\\':1}'}}]}"),
                        json("{'role':'tool','tool_call_id':'t1','content':'42'}"),
                        json("{'role':'user','content':'and?'}"));
        assertThat(request.chat().without("messages").without("tools"))
                .isEqualTo(
                        json(
                                "{'model':'m','max_tokens':9,'top_k':5,'stop':['x'],'tool_choice':'required','parallel_tool_calls':false,'chat_template_kwargs':{'enable_thinking':true},'strange':1}"));
        ChatRequests.read(request.chat(), RequestLimits.DEFAULT);
    }

    @Test
    void imagesBecomeUrls() throws Exception {
        var request =
                read(
                        "{'model':'m','max_tokens':9,'messages':[{'role':'user','content':[{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA=='}},{'type':'text','text':'?'}]}]}");
        assertThat(
                        request.chat()
                                .list("messages")
                                .getFirst()
                                .list("content")
                                .getFirst()
                                .text("image_url", "url"))
                .hasValue("data:image/png;base64,AA==");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'m','messages':[{'role':'user','content':'x'}]} | max_tokens",
                "{'max_tokens':1,'messages':[{'role':'user','content':'x'}]} | model",
                "{'model':'m','max_tokens':1,'messages':[]} | messages",
                "{'model':'m','max_tokens':1,'messages':[{'role':'robot','content':'x'}]} | messages[0].role",
                "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':[{'type':'video'}]}]} | messages[0].content[0].type",
                "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':'x'}],'tools':[{'type':'web_search_20250305','name':'w'}]} | tools[0].type",
                "{'model':'m','max_tokens':1,'messages':[{'role':'user','content':'x'}],'temperature':7} | temperature",
                "{'model':'m','max_tokens':1,'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'a','name':'f'}]}]} | messages[0].content[0].input"
            })
    void aBadFieldIsNamed(String body, String field) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        InvalidRequest.class, bad -> assertThat(bad.field()).hasValue(field));
    }

    @Test
    void aStreamTellsOneBlockAfterTheOther() throws Exception {
        var stream = new MessagesStream("m");
        var reader = new SseReader(1 << 20);
        var told = new ArrayList<String>();
        for (var chunk : WireSamples.chunks()) {
            for (var bytes : stream.chunk(chunk)) {
                reader.feed(bytes).forEach(e -> told.add(e.name()));
            }
        }
        for (var bytes : stream.end()) {
            reader.feed(bytes).forEach(e -> told.add(e.name()));
        }
        assertThat(told)
                .containsExactly(
                        "message_start",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_delta",
                        "content_block_stop",
                        "content_block_start",
                        "content_block_delta",
                        "content_block_stop",
                        "message_delta",
                        "message_stop");
        assertThat(stream.end()).isEmpty();
        assertThat(stream.fail(AnthropicError.of(500, "late"))).isEmpty();
    }

    @Test
    void theWholeAnswerHasTheSameBlocks() throws Exception {
        var reply = MessagesReply.of(WireSamples.whole(), "m");
        assertThat(reply.list("content"))
                .extracting(block -> block.text("type").orElse(""))
                .containsExactly("thinking", "text", "tool_use", "tool_use");
        assertThat(reply.text("stop_reason")).hasValue("tool_use");
    }
}
