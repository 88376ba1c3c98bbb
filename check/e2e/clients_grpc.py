"""gRPC as clients that nobody here wrote speak it: tritonclient, KServe's SDK, grpcio's health and reflection, grpcurl.
What is not installed is skipped, so that each virtual environment proves what it has.

    clients_grpc.py HOST:PORT --iris NAME [--other NAME] [--grpcurl PATH]

iris is scikit-learn's; the other is any model of the same repository, to be unloaded and loaded. One line a check; exit
code 1 if one fails.
"""
import argparse
import asyncio
import importlib.util
import json
import queue
import subprocess
import sys
import threading
import traceback

import grpc
import numpy as np

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("target")
arguments.add_argument("--iris", required=True)
arguments.add_argument("--other", help="a model of the repository that may be unloaded for a moment")
arguments.add_argument("--grpcurl", help="the executable")
told = arguments.parse_args()
ROWS = np.array([[6.8, 2.8, 4.8, 1.4], [5.1, 3.5, 1.4, 0.2]])
CLASSES = [1, 0]
PATIENCE_S = 30
failed = 0


def has(module):
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def check(needs=None, given=True):
    def run(proof):
        global failed
        name = proof.__name__.replace("_", " ")
        if needs and not has(needs):
            print(f"skipped {name}: {needs} is not installed", flush=True)
        elif not given:
            print(f"skipped {name}: not asked for", flush=True)
        else:
            try:
                proof()
                print("passed  " + name, flush=True)
            except Exception:
                failed += 1
                print("FAILED  " + name, flush=True)
                traceback.print_exc(limit=-3)
        return proof

    return run


def refused(call, code):
    """Whatever library raises it, an error of gRPC says its code."""
    try:
        answer = call()
    except Exception as error:
        assert code in str(error), error
        return str(error)
    raise AssertionError(f"{code} was expected, the answer was {answer}")


# --- tritonclient

def triton():
    import tritonclient.grpc

    return tritonclient.grpc.InferenceServerClient(told.target)


def rows(values=ROWS, datatype="FP64"):
    import tritonclient.grpc
    from tritonclient.utils import triton_to_np_dtype

    tensor = tritonclient.grpc.InferInput("input-0", list(values.shape), datatype)
    tensor.set_data_from_numpy(values.astype(triton_to_np_dtype(datatype)))
    return tensor


def classes(result):
    return result.as_numpy(result.get_response().outputs[0].name).tolist()


@check("tritonclient")
def triton_asks_for_health():
    client = triton()
    assert client.is_server_live() and client.is_server_ready() and client.is_model_ready(told.iris)
    refused(lambda: client.is_model_ready("nobody"), "NOT_FOUND")


@check("tritonclient")
def triton_reads_metadata_and_configuration():
    client = triton()
    assert "model_repository" in client.get_server_metadata().extensions
    metadata = client.get_model_metadata(told.iris)
    assert metadata.name == told.iris and list(metadata.inputs[0].shape) == [-1, 4], metadata
    config = client.get_model_config(told.iris).config
    assert config.name == told.iris and list(config.input[0].dims)[-1] == 4, config


@check("tritonclient")
def triton_infers():
    result = triton().infer(told.iris, [rows()], request_id="seven", parameters={"mine": 7})
    assert classes(result) == CLASSES
    assert result.get_response().id == "seven"
    assert result.get_response().parameters["mine"].int64_param == 7


@check("tritonclient")
def triton_infers_in_float32_and_asks_for_one_output():
    import tritonclient.grpc

    name = triton().get_model_metadata(told.iris).outputs[0].name
    asked = [tritonclient.grpc.InferRequestedOutput(name)]
    assert classes(triton().infer(told.iris, [rows(datatype="FP32")], outputs=asked)) == CLASSES


@check("tritonclient")
def triton_asks_for_probabilities_and_for_the_most_probable_class():
    import tritonclient.grpc

    plain = tritonclient.grpc.InferRequestedOutput("predict_proba")
    answer = triton().infer(told.iris, [rows()], outputs=[plain]).as_numpy("predict_proba")
    assert answer.shape == (2, 3) and answer.argmax(axis=1).tolist() == CLASSES, answer
    top = tritonclient.grpc.InferRequestedOutput("predict_proba", class_count=1)
    answer = triton().infer(told.iris, [rows()], outputs=[top]).as_numpy("predict_proba")
    assert [int(text.decode().split(":")[1]) for text in answer.flatten()] == CLASSES, answer


@check("tritonclient")
def triton_compresses():
    many = np.tile(ROWS, (500, 1))
    result = triton().infer(told.iris, [rows(many)], compression_algorithm="gzip")
    assert classes(result) == CLASSES * 500
    refused(lambda: triton().infer(told.iris, [rows()], compression_algorithm="deflate"), "UNIMPLEMENTED")


@check("tritonclient")
def triton_infers_at_once():
    answers = queue.Queue()
    client = triton()
    for _ in range(50):
        client.async_infer(told.iris, [rows()], callback=lambda result, error: answers.put((result, error)))
    for _ in range(50):
        result, error = answers.get(timeout=PATIENCE_S)
        assert error is None and classes(result) == CLASSES, error


@check("tritonclient")
def triton_streams():
    answers = queue.Queue()
    client = triton()
    client.start_stream(callback=lambda result, error: answers.put((result, error)))
    for i in range(20):
        client.async_stream_infer(told.iris, [rows()], request_id=str(i), enable_empty_final_response=i % 2 == 0)
    client.async_stream_infer("nobody", [rows()], request_id="lost")
    client.async_stream_infer(told.iris, [rows()], request_id="last")
    for i in range(20):
        result, error = answers.get(timeout=PATIENCE_S)
        assert error is None and classes(result) == CLASSES, error
        assert result.get_response().id == str(i)
        assert result.get_response().parameters["triton_final_response"].bool_param
    result, error = answers.get(timeout=PATIENCE_S)
    assert "does not exist" in str(error)
    result, error = answers.get(timeout=PATIENCE_S)
    assert result.get_response().id == "last"
    client.stop_stream()


@check("tritonclient")
def triton_is_told_what_is_wrong():
    client = triton()
    refused(lambda: client.infer("nobody", [rows()]), "NOT_FOUND")
    refused(lambda: client.infer(told.iris, [rows()], model_version="99"), "NOT_FOUND")
    refused(lambda: client.infer(told.iris, [rows(np.ones((2, 3)))]), "INVALID_ARGUMENT")
    refused(lambda: client.get_system_shared_memory_status(), "UNIMPLEMENTED")
    assert classes(client.infer(told.iris, [rows()])) == CLASSES


@check("tritonclient")
def triton_reads_statistics_and_the_index():
    client = triton()
    before = client.get_inference_statistics(told.iris).model_stats[0].inference_stats.success.count
    client.infer(told.iris, [rows()])
    after = client.get_inference_statistics(told.iris).model_stats[0].inference_stats.success.count
    assert after > before, (before, after)
    assert told.iris in [model.name for model in client.get_model_repository_index().models]


@check("tritonclient", given=told.other is not None)
def triton_unloads_and_loads():
    client = triton()
    client.unload_model(told.other)
    assert not any(
        model.name == told.other and model.state == "READY" for model in client.get_model_repository_index().models
    )
    client.load_model(told.other)
    assert client.is_model_ready(told.other)
    refused(lambda: client.load_model("nobody"), "NOT_FOUND")


@check("tritonclient")
def triton_gives_up_in_time():
    refused(lambda: triton().infer(told.iris, [rows()], client_timeout=1e-6), "Deadline")
    assert classes(triton().infer(told.iris, [rows()], client_timeout=PATIENCE_S)) == CLASSES


@check("tritonclient")
def many_threads_share_a_connection():
    client = triton()
    wrong = []

    def ask():
        for _ in range(50):
            if classes(client.infer(told.iris, [rows()])) != CLASSES:
                wrong.append(1)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert not wrong and not any(thread.is_alive() for thread in threads)


# --- KServe's SDK

def kserve_asks(ask):
    from kserve import InferenceGRPCClient

    async def run():
        client = InferenceGRPCClient(told.target)
        try:
            return await ask(client)
        finally:
            await client.close()

    return asyncio.run(run())


def kserve_request(raw):
    from kserve import InferInput, InferRequest

    tensor = InferInput("input-0", list(ROWS.shape), "FP64", data=None if raw else ROWS.flatten().tolist())
    if raw:
        tensor.set_data_from_numpy(ROWS, binary_data=True)
    return InferRequest(told.iris, [tensor], request_id="seven")


@check("kserve")
def kserve_infers_with_numbers_and_with_bytes():
    for raw in (False, True):
        answer = kserve_asks(lambda client: client.infer(kserve_request(raw)))
        assert answer.outputs[0].as_numpy().tolist() == CLASSES, answer
        assert answer.id == "seven" and answer.model_name == told.iris


@check("kserve")
def kserve_asks_for_health():
    assert kserve_asks(lambda client: client.is_server_live())
    assert kserve_asks(lambda client: client.is_server_ready())
    assert kserve_asks(lambda client: client.is_model_ready(told.iris))


@check("kserve")
def kserve_loads_by_its_own_field():
    from kserve.protocol.grpc import grpc_predict_v2_pb2 as messages
    from kserve.protocol.grpc import grpc_predict_v2_pb2_grpc as stubs

    with grpc.insecure_channel(told.target) as channel:
        service = stubs.GRPCInferenceServiceStub(channel)
        answer = service.RepositoryModelLoad(messages.RepositoryModelLoadRequest(model_name=told.iris))
        assert answer.model_name == told.iris and answer.isLoaded, answer


# --- the standard services

@check("grpc_health")
def health_is_checked_and_watched():
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    with grpc.insecure_channel(told.target) as channel:
        health = health_pb2_grpc.HealthStub(channel)
        for service in ("", "inference.GRPCInferenceService", told.iris):
            asked = health_pb2.HealthCheckRequest(service=service)
            assert health.Check(asked).status == health_pb2.HealthCheckResponse.SERVING
        watching = health.Watch(health_pb2.HealthCheckRequest(service=told.iris))
        assert next(watching).status == health_pb2.HealthCheckResponse.SERVING
        watching.cancel()
        refused(lambda: health.Check(health_pb2.HealthCheckRequest(service="nobody")), "NOT_FOUND")


@check("grpc_reflection")
def reflection_describes_the_services():
    from google.protobuf.descriptor_pool import DescriptorPool
    from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

    with grpc.insecure_channel(told.target) as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert "inference.GRPCInferenceService" in database.get_services()
        service = DescriptorPool(database).FindServiceByName("inference.GRPCInferenceService")
        assert {"ModelInfer", "ModelStreamInfer", "RepositoryIndex"} <= set(service.methods_by_name)


@check(given=told.grpcurl is not None)
def grpcurl_lists_describes_and_calls():
    def run(*words):
        done = subprocess.run([told.grpcurl, "-plaintext", *words], capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "grpc.health.v1.Health" in run(told.target, "list").split()
    assert "raw_input_contents" in run(told.target, "describe", "inference.ModelInferRequest")
    tensor = {"name": "input-0", "datatype": "FP32", "shape": [2, 4]}
    tensor["contents"] = {"fp32_contents": ROWS.flatten().tolist()}
    question = json.dumps({"model_name": told.iris, "inputs": [tensor]})
    answer = json.loads(run("-d", question, told.target, "inference.GRPCInferenceService/ModelInfer"))
    assert list(answer["outputs"][0]["contents"].values()) == [[str(label) for label in CLASSES]], answer


sys.exit(1 if failed else 0)
