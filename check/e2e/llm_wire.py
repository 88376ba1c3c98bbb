"""What the real OpenAI and Anthropic clients make of what we write.

    python llm_wire.py SAMPLES    (a folder that dev.marea.wire.llm.WireSamples wrote)

A loopback server answers with the samples; the clients parse them with their own code.
"""

import http.server
import json
import pathlib
import struct
import sys
import threading

import anthropic
import openai

SAMPLES = pathlib.Path(sys.argv[1])
answer = {}


class Server(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.reply()

    def do_GET(self):
        self.reply()

    def reply(self):
        body = (SAMPLES / answer["file"]).read_bytes()
        self.send_response(answer.get("status", 200))
        kind = "text/event-stream" if answer["file"].endswith(".sse") else "application/json"
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
ai = openai.OpenAI(base_url=base + "/v1", api_key="x", max_retries=0)
claude = anthropic.Anthropic(base_url=base, api_key="x", max_retries=0)
USER = [{"role": "user", "content": "hi"}]


def serves(file, status=200):
    answer.clear()
    answer.update(file=file, status=status)


def chat_whole():
    serves("chat.json")
    got = ai.chat.completions.create(model="m", messages=USER)
    message = got.choices[0].message
    assert message.content == "Hi ä😀" and message.reasoning_content == "Let me see.", message
    assert [(c.function.name, json.loads(c.function.arguments)) for c in message.tool_calls] == [("weather", {"city": "Rome"}), ("now", {})]
    assert got.usage.prompt_tokens_details.cached_tokens == 4 and got.usage.total_tokens == 20
    assert got.choices[0].logprobs.content[0].top_logprobs[1].logprob == -9999.0
    assert got.choices[0].finish_reason == "tool_calls"


def chat_stream():
    serves("chat.sse")
    with ai.chat.completions.stream(model="m", messages=USER, stream_options={"include_usage": True}) as stream:
        for _ in stream:
            pass
        got = stream.get_final_completion()
    message = got.choices[0].message
    assert message.content == "Hi ä😀", message
    assert [(c.id, c.function.name, c.function.arguments) for c in message.tool_calls] == [("call_a", "weather", '{"city": "Rome"}'), ("call_b", "now", "{}")]
    assert got.usage.completion_tokens == 8


def chat_broken():
    serves("chat_broken.sse")
    try:
        for _ in ai.chat.completions.create(model="m", messages=USER, stream=True):
            pass
    except openai.APIError as error:
        assert "the engine died" in str(error), error
        return
    raise AssertionError("a broken stream looked like a short answer")


def plain():
    serves("completion.json")
    got = ai.completions.create(model="m", prompt="x")
    assert got.choices[0].text == "Hi" and got.choices[0].logprobs.token_logprobs == [-0.5]
    serves("embeddings.json")
    assert ai.embeddings.create(model="m", input="x").data[0].embedding == [1.0, -0.5]
    serves("models.json")
    assert [m.id for m in ai.models.list()] == ["m"]
    serves("error.json", 400)
    try:
        ai.chat.completions.create(model="m", messages=USER)
        raise AssertionError("no error")
    except openai.BadRequestError as error:
        assert error.param == "messages[0].role", error


def responses():
    serves("responses.json")
    got = ai.responses.create(model="m", input="hi")
    assert got.output_text == "Hi ä😀" and got.usage.output_tokens_details.reasoning_tokens == 2
    assert [i.type for i in got.output] == ["reasoning", "message", "function_call", "function_call"]
    serves("responses.sse")
    kinds = []
    with ai.responses.stream(model="m", input="hi") as stream:
        for event in stream:
            kinds.append(event.type)
        got = stream.get_final_response()
    assert got.output_text == "Hi ä😀" and got.status == "completed", got
    assert [i.arguments for i in got.output if i.type == "function_call"] == ['{"city": "Rome"}', "{}"]
    wanted = ["response.created", "response.in_progress", "response.output_item.added", "response.reasoning_text.delta"]
    assert kinds[:4] == wanted and kinds[-1] == "response.completed", kinds
    serves("responses_broken.sse")
    last = [event for event in ai.responses.create(model="m", input="hi", stream=True)][-1]
    assert last.type == "response.failed" and last.response.error.message == "the engine died", last


def messages():
    serves("messages.json")
    got = claude.messages.create(model="m", max_tokens=9, messages=USER)
    assert [b.type for b in got.content] == ["thinking", "text", "tool_use", "tool_use"], got
    assert got.stop_reason == "tool_use" and got.content[2].input == {"city": "Rome"}
    assert got.usage.input_tokens == 8 and got.usage.cache_read_input_tokens == 4
    serves("messages.sse")
    with claude.messages.stream(model="m", max_tokens=9, messages=USER) as stream:
        assert "".join(stream.text_stream) == "Hi ä😀"
        got = stream.get_final_message()
    assert [b.type for b in got.content] == ["thinking", "text", "tool_use", "tool_use"], got
    assert got.content[0].thinking == "Let me see." and got.content[2].input == {"city": "Rome"}
    assert got.usage.output_tokens == 8 and got.stop_reason == "tool_use"
    serves("messages_broken.sse")
    try:
        with claude.messages.stream(model="m", max_tokens=9, messages=USER) as stream:
            stream.until_done()
        raise AssertionError("a broken stream looked like a short answer")
    except anthropic.APIStatusError as error:
        assert "the engine died" in str(error), error
    serves("error_anthropic.json", 404)
    try:
        claude.messages.create(model="m", max_tokens=9, messages=USER)
        raise AssertionError("no error")
    except anthropic.NotFoundError as error:
        assert error.body["error"]["type"] == "not_found_error"


failed = 0
for check in (chat_whole, chat_stream, chat_broken, plain, responses, messages):
    try:
        check()
        print("ok  ", check.__name__)
    except Exception as problem:
        failed += 1
        print("FAIL", check.__name__, type(problem).__name__, problem)
sys.exit(1 if failed else 0)
