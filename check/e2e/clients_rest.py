"""REST as clients that nobody here wrote speak it: requests, tritonclient, MLServer's types and codecs, CloudEvents' and
KServe's SDK. What is not installed is skipped, so that each virtual environment proves what it has.

    clients_rest.py BASE_URL --iris NAME
    clients_rest.py BASE_URL --frame NAME --rows inputs.json --expected expected.json

iris is scikit-learn's; the frame is a model of named columns, with its rows and the real library's answers as
examples/models has them. One line a check; exit code 1 if one fails.
"""
import argparse
import asyncio
import gzip
import importlib.util
import json
import sys
import traceback

import numpy as np
import requests

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("base")
arguments.add_argument("--iris")
arguments.add_argument("--frame")
arguments.add_argument("--rows", help="the inputs of examples/models, by column")
arguments.add_argument("--expected", help="the answers of the real library")
told = arguments.parse_args()
BASE = told.base.rstrip("/")
ROWS = [[6.8, 2.8, 4.8, 1.4], [5.1, 3.5, 1.4, 0.2]]
CLASSES = [1, 0]
failed = 0


def has(*modules):
    for module in modules:
        try:
            if importlib.util.find_spec(module) is None:
                return False
        except ModuleNotFoundError:
            return False
    return True


def check(needs=()):
    def run(proof):
        global failed
        name = proof.__name__.replace("_", " ")
        if needs and not has(*needs):
            print(f"skipped {name}: {needs[0]} is not installed", flush=True)
            return proof
        try:
            proof()
            print("passed  " + name, flush=True)
        except Exception:
            failed += 1
            print("FAILED  " + name, flush=True)
            traceback.print_exc(limit=-3)
        return proof

    return run


def same(actual, expected):
    actual = np.asarray(actual).reshape(-1).tolist()
    assert actual == list(expected), f"{actual} is not {expected}"


def get(path, **kwargs):
    return requests.get(BASE + path, timeout=30, **kwargs)


def post(path, body=None, **kwargs):
    return requests.post(BASE + path, json=body, timeout=30, **kwargs)


def plain_iris(name):
    @check()
    def requests_v1_rows():
        same(post(f"/v1/models/{name}:predict", {"instances": ROWS}).json()["predictions"], CLASSES)
        same(post(f"/v1/models/{name}:predict", {"inputs": ROWS}).json()["predictions"], CLASSES)

    @check()
    def requests_v1_of_a_version():
        version = get(f"/v2/models/{name}").json()["versions"][-1]
        answer = post(f"/v1/models/{name}/versions/{version}:predict", {"instances": ROWS})
        same(answer.json()["predictions"], CLASSES)

    @check()
    def requests_v1_probabilities_by_signature_name():
        rows = post(f"/v1/models/{name}:predict", {"instances": ROWS, "signature_name": "predict_proba"}).json()
        assert [np.argmax(row) for row in rows["predictions"]] == CLASSES, rows

    @check()
    def requests_v2_nested_and_flat():
        for data in (ROWS, sum(ROWS, [])):
            answer = post(f"/v2/models/{name}/infer", {
                "id": "7", "inputs": [{"name": "x", "shape": [2, 4], "datatype": "FP32", "data": data}],
                "parameters": {"mine": "back"}}).json()
            same(answer["outputs"][0]["data"], CLASSES)
            assert answer["id"] == "7" and answer["parameters"] == {"mine": "back"}, answer

    @check()
    def requests_gzip_both_ways():
        body = gzip.compress(json.dumps({"instances": ROWS * 2000}).encode())
        answer = requests.post(f"{BASE}/v1/models/{name}:predict", data=body, timeout=30,
                               headers={"content-encoding": "gzip", "content-type": "application/json"})
        same(answer.json()["predictions"], CLASSES * 2000)
        assert answer.headers["content-encoding"] == "gzip"

    @check()
    def requests_health_metadata_and_documentation():
        assert get("/").json() == {"status": "alive"}
        assert get("/v2/health/live").status_code == get("/v2/health/ready").status_code == 200
        assert name in get("/v1/models").json()["models"]
        assert get(f"/v1/models/{name}").json() == {"name": name, "ready": True}
        description = get("/openapi.json").json()
        assert description["openapi"].startswith("3.1") and "/v2/models/{model}/infer" in description["paths"]
        page = get("/docs")
        assert name in page.text and "default-src 'none'" in page.headers["content-security-policy"]
        assert get("/metrics").text.startswith("#")

    @check()
    def requests_statistics_configuration_and_repository():
        stats = get(f"/v2/models/{name}/stats").json()["model_stats"]
        assert stats[0]["inference_stats"]["success"]["count"] > 0, stats
        assert get(f"/v2/models/{name}/config").json()["name"] == name
        assert any(model["name"] == name for model in post("/v2/repository/index", {"ready": True}).json())

    @check()
    def requests_errors_say_why():
        assert post("/v1/models/nobody:predict", {}).json() == {"error": "Model with name nobody does not exist."}
        answer = post(f"/v1/models/{name}:predict", {})
        assert answer.status_code == 400 and "instances" in answer.json()["error"]
        answer = requests.post(f"{BASE}/v1/models/{name}:predict", data=b"{", timeout=30)
        assert answer.status_code == 400 and "byte" in answer.json()["error"], answer.text

    @check()
    def requests_event_stream():
        answer = post(f"/v2/models/{name}/infer_stream",
                      {"inputs": [{"name": "x", "shape": [2, 4], "datatype": "FP32", "data": ROWS}]}, stream=True)
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = [line for line in answer.iter_lines(decode_unicode=True) if line]
        same(json.loads(events[0].removeprefix("data: "))["outputs"][0]["data"], CLASSES)


def triton_iris(name):
    needs = ("tritonclient.http", "geventhttpclient")

    def client():
        import tritonclient.http as triton
        return triton, triton.InferenceServerClient(BASE.removeprefix("http://"))

    def inputs(triton, binary, datatype="FP32", dtype=np.float32):
        tensor = triton.InferInput("input-0", [2, 4], datatype)
        tensor.set_data_from_numpy(np.array(ROWS, dtype), binary_data=binary)
        return [tensor]

    @check(needs)
    def tritonclient_health_and_metadata():
        _, server = client()
        assert server.is_server_live() and server.is_server_ready() and server.is_model_ready(name)
        version = server.get_model_metadata(name)["versions"][-1]
        assert server.is_model_ready(name, version)
        assert server.get_model_metadata(name, version)["inputs"][0]["name"] == "input-0"
        assert "binary_tensor_data" in server.get_server_metadata()["extensions"]
        assert not server.is_model_ready("nobody")

    @check(needs)
    def tritonclient_infer_json_and_binary_both_ways():
        triton, server = client()
        for sent in (False, True):
            for answered in (False, True):
                wanted = [triton.InferRequestedOutput("output-0", binary_data=answered)]
                result = server.infer(name, inputs(triton, sent), outputs=wanted, request_id="9")
                same(result.as_numpy("output-0"), CLASSES)
                assert result.get_response()["id"] == "9"

    @check(needs)
    def tritonclient_infer_of_a_version_without_named_outputs():
        triton, server = client()
        version = server.get_model_metadata(name)["versions"][-1]
        same(server.infer(name, inputs(triton, True), model_version=version).as_numpy("output-0"), CLASSES)

    @check(needs)
    def tritonclient_every_number_type():
        triton, server = client()
        for datatype, dtype in (("FP64", np.float64), ("FP32", np.float32), ("FP16", np.float16)):
            same(server.infer(name, inputs(triton, True, datatype, dtype)).as_numpy("output-0"), CLASSES)

    @check(needs)
    def tritonclient_highest_classes():
        triton, server = client()
        for binary in (False, True):
            wanted = [triton.InferRequestedOutput("predict_proba", binary_data=binary, class_count=1)]
            top = server.infer(name, inputs(triton, True), outputs=wanted).as_numpy("predict_proba")
            texts = [x.decode() if isinstance(x, bytes) else x for x in top.reshape(-1)]
            assert [int(text.split(":")[1]) for text in texts] == CLASSES, texts

    @check(needs)
    def tritonclient_compression_of_every_kind():
        triton, server = client()
        for coding in ("gzip", "deflate"):
            result = server.infer(name, inputs(triton, True), request_compression_algorithm=coding,
                                  response_compression_algorithm=coding)
            same(result.as_numpy("output-0"), CLASSES)

    @check(needs)
    def tritonclient_parameters_priority_and_timeout():
        triton, server = client()
        result = server.infer(name, inputs(triton, True), priority=1, timeout=5_000_000, parameters={"mine": 3})
        assert result.get_response()["parameters"] == {"mine": 3}, result.get_response()

    @check(needs)
    def tritonclient_asynchronous():
        triton, server = client()
        asked = [server.async_infer(name, inputs(triton, True)) for _ in range(8)]
        for one in asked:
            same(one.get_result().as_numpy("output-0"), CLASSES)

    @check(needs)
    def tritonclient_statistics_configuration_repository():
        _, server = client()
        assert server.get_inference_statistics(name)["model_stats"][0]["name"] == name
        assert server.get_inference_statistics()["model_stats"]
        assert server.get_model_config(name)["name"] == name
        assert any(model["name"] == name for model in server.get_model_repository_index())
        server.load_model(name)
        assert server.is_model_ready(name)

    @check(needs)
    def tritonclient_is_told_what_is_wrong():
        triton, server = client()
        from tritonclient.utils import InferenceServerException
        wide = triton.InferInput("input-0", [1, 5], "FP32")
        wide.set_data_from_numpy(np.zeros((1, 5), np.float32))
        for model, sent, status, text in ((name, [wide], "400", "4"), ("nobody", inputs(triton, True), "404", "nobody")):
            try:
                server.infer(model, sent)
            except InferenceServerException as error:
                assert error.status() == status and text in error.message(), error
            else:
                raise AssertionError("no error")


def mlserver_iris(name):
    needs = ("mlserver",)

    def ask(request):
        from mlserver.types import InferenceResponse
        answer = requests.post(f"{BASE}/v2/models/{name}/infer", data=request.model_dump_json(), timeout=30)
        assert answer.status_code == 200, answer.text
        return InferenceResponse.model_validate_json(answer.content)

    @check(needs)
    def mlserver_types_and_numpy_codec():
        from mlserver.codecs import NumpyCodec, NumpyRequestCodec
        from mlserver.types import InferenceRequest
        request = InferenceRequest(inputs=[NumpyCodec.encode_input("x", np.array(ROWS))])
        same(NumpyCodec.decode_output(ask(request).outputs[0]), CLASSES)
        same(NumpyRequestCodec.decode_response(ask(NumpyRequestCodec.encode_request(np.array(ROWS)))), CLASSES)

    @check(needs)
    def mlserver_pandas_codec_side_by_side():
        import pandas as pd
        from mlserver.codecs import PandasCodec
        frame = pd.DataFrame(ROWS, columns=["a", "b", "c", "d"])
        same(ask(PandasCodec.encode_request(frame, use_bytes=False)).outputs[0].data.root, CLASSES)

    @check(needs)
    def mlserver_output_by_the_name_of_a_method():
        from mlserver.codecs import NumpyCodec
        from mlserver.types import InferenceRequest, RequestOutput
        request = InferenceRequest(inputs=[NumpyCodec.encode_input("x", np.array(ROWS))],
                                   outputs=[RequestOutput(name="predict_proba")])
        answer = ask(request)
        assert answer.outputs[0].name == "predict_proba" and answer.outputs[0].shape == [2, 3], answer


def events_iris(name):
    needs = ("cloudevents",)

    def library():
        try:
            from cloudevents.v1.http import CloudEvent, from_http
            from cloudevents.v1.conversion import to_binary, to_structured
        except ImportError:
            from cloudevents.http import CloudEvent, from_http
            from cloudevents.conversion import to_binary, to_structured
        return CloudEvent, from_http, to_binary, to_structured

    def ask(path, packed, body, answers):
        CloudEvent, from_http, to_binary, to_structured = library()
        event = CloudEvent({"type": "a.request", "source": "somewhere", "id": "36077800-0c23-4f38-a0b4-01f4369f670a"}, body)
        headers, data = (to_structured if packed else to_binary)(event)
        answer = requests.post(BASE + path, headers=dict(headers), data=data, timeout=30)
        assert answer.status_code == 200, answer.text
        back = from_http(dict(answer.headers), answer.content)
        assert back["type"] == "io.kserve.inference.response", back
        assert back["source"] == "io.kserve.inference." + name, back
        assert ("ce-id" in answer.headers) != packed
        same(answers(back.data), CLASSES)

    @check(needs)
    def cloudevents_structured_and_binary_v1():
        for packed in (True, False):
            ask(f"/v1/models/{name}:predict", packed, {"instances": ROWS}, lambda data: data["predictions"])

    @check(needs)
    def cloudevents_structured_and_binary_v2():
        body = {"inputs": [{"name": "x", "shape": [2, 4], "datatype": "FP64", "data": ROWS}]}
        for packed in (True, False):
            ask(f"/v2/models/{name}/infer", packed, body, lambda data: data["outputs"][0]["data"])


def kserve_iris(name):
    needs = ("kserve",)

    def client(protocol):
        from kserve import InferenceRESTClient, RESTConfig
        return InferenceRESTClient(RESTConfig(protocol=protocol, timeout=30))

    def request(binary, datatype="FP32", dtype=np.float32):
        from kserve import InferInput, InferRequest
        tensor = InferInput("input-0", [2, 4], datatype)
        tensor.set_data_from_numpy(np.array(ROWS, dtype), binary_data=binary)
        return InferRequest(model_name=name, infer_inputs=[tensor])

    @check(needs)
    def kserve_client_v1():
        async def run():
            server = client("v1")
            assert await server.is_server_live(BASE) and await server.is_model_ready(BASE, name)
            same((await server.infer(BASE, {"instances": ROWS}, model_name=name))["predictions"], CLASSES)
        asyncio.run(run())

    @check(needs)
    def kserve_client_v2_json_and_binary():
        async def run():
            server = client("v2")
            assert await server.is_server_live(BASE) and await server.is_server_ready(BASE)
            assert await server.is_model_ready(BASE, name) and not await server.is_model_ready(BASE, "nobody")
            for binary in (False, True):
                answer = await server.infer(BASE, request(binary), model_name=name)
                same(answer.outputs[0].as_numpy(), CLASSES)
                assert answer.model_name == name and answer.id
            answer = await server.infer(BASE, request(True, "FP16", np.float16), model_name=name)
            same(answer.outputs[0].as_numpy(), CLASSES)
        asyncio.run(run())

    @check(needs)
    def kserve_client_v2_binary_answers():
        from kserve import InferInput, InferRequest
        from kserve.protocol.infer_type import RequestedOutput
        async def run():
            server = client("v2")
            tensor = InferInput("input-0", [2, 4], "FP32")
            tensor.set_data_from_numpy(np.array(ROWS, np.float32), binary_data=True)
            for asked in (
                InferRequest(model_name=name, infer_inputs=[tensor], parameters={"binary_data_output": True}),
                InferRequest(model_name=name, infer_inputs=[tensor],
                             request_outputs=[RequestedOutput("output-0", {"binary_data": True})]),
            ):
                headers = {}
                answer = await server.infer(BASE, asked, model_name=name, response_headers=headers)
                assert "inference-header-content-length" in headers, headers
                same(answer.outputs[0].as_numpy(), CLASSES)
        asyncio.run(run())


def frame(name):
    with open(told.rows) as rows, open(told.expected) as expected:
        columns = json.load(rows)["input"]
        answers = json.load(expected)["answers"]["predict"]
    records = [dict(zip(columns, row)) for row in zip(*columns.values())]

    def texts(values):
        return any(isinstance(value, str) for value in values)

    @check()
    def requests_v1_records():
        same(post(f"/v1/models/{name}:predict", {"instances": records}).json()["predictions"], answers)

    @check()
    def requests_v1_rows_by_position():
        rows = [list(record.values()) for record in records]
        same(post(f"/v1/models/{name}:predict", {"instances": rows}).json()["predictions"], answers)

    @check()
    def requests_v1_columns():
        same(post(f"/v1/models/{name}:predict", {"inputs": columns}).json()["predictions"], answers)

    @check()
    def requests_v1_as_pandas_writes_dictionaries():
        one = [{column: {"0": value} for column, value in record.items()} for record in records]
        same(post(f"/v1/models/{name}:predict", {"instances": one}).json()["predictions"], answers)

    @check()
    def requests_v1_a_column_that_lacks_is_named():
        record = dict(records[0])
        lost = record.popitem()[0]
        answer = post(f"/v1/models/{name}:predict", {"instances": [dict(record, **{lost + "_": 1})]})
        assert answer.status_code == 400 and lost in answer.json()["error"], answer.text

    @check(("mlserver",))
    def mlserver_pandas_codec():
        import pandas as pd
        from mlserver.codecs import PandasCodec
        # Its codec cannot encode a text that is missing, nor the text type that pandas has of its own since version 3.
        whole = [row for row, record in enumerate(records)
                 if all(record[column] is not None for column in columns if texts(columns[column]))]
        table = pd.DataFrame({column: pd.Series([values[row] for row in whole], dtype=object if texts(values) else None)
                              for column, values in columns.items()})
        request = PandasCodec.encode_request(table, use_bytes=False)
        answer = requests.post(f"{BASE}/v2/models/{name}/infer", data=request.model_dump_json(), timeout=30)
        assert answer.status_code == 200, answer.text
        same(answer.json()["outputs"][0]["data"], [answers[row] for row in whole])

    @check(("kserve",))
    def kserve_client_v2_data_frame():
        from kserve import InferenceRESTClient, InferInput, InferRequest, RESTConfig
        inputs = []
        for column, values in columns.items():
            text = texts(values)
            flag = all(isinstance(value, bool) for value in values)
            datatype = "BYTES" if text else "BOOL" if flag else "FP64"
            inputs.append(InferInput(column, [len(values), 1], datatype, data=values))
        request = InferRequest(model_name=name, infer_inputs=inputs, parameters={"content_type": "pd"})
        async def run():
            server = InferenceRESTClient(RESTConfig(protocol="v2", timeout=30))
            same((await server.infer(BASE, request, model_name=name)).outputs[0].data, answers)
        asyncio.run(run())


if told.iris:
    plain_iris(told.iris)
    triton_iris(told.iris)
    mlserver_iris(told.iris)
    events_iris(told.iris)
    kserve_iris(told.iris)
if told.frame:
    frame(told.frame)
sys.exit(1 if failed else 0)
