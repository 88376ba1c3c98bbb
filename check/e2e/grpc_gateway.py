"""gRPC through the gateway, by the service's host as authority:  grpc_gateway.py HOST:PORT AUTHORITY MODEL"""

import sys

import grpc
import numpy as np
import tritonclient.grpc as triton
from tritonclient.grpc import service_pb2, service_pb2_grpc

gateway, authority, model = sys.argv[1:4]
flowers = np.array([[6.8, 2.8, 4.8, 1.4], [5.1, 3.5, 1.4, 0.2]], np.float64)
expected = [1, 0]


def request():
    tensor = triton.InferInput("input-0", list(flowers.shape), "FP64")
    tensor.set_data_from_numpy(flowers)
    return tensor


def channel(host):
    return grpc.insecure_channel(gateway, options=[("grpc.default_authority", host)])


def infer_request():
    message = service_pb2.ModelInferRequest(model_name=model, id="7")
    tensor = message.inputs.add(name="input-0", datatype="FP64", shape=flowers.shape)
    tensor.contents.fp64_contents.extend(flowers.ravel().tolist())
    return message


def labels(answer):
    if answer.raw_output_contents:
        return np.frombuffer(answer.raw_output_contents[0], np.int64).tolist()
    return list(answer.outputs[0].contents.int64_contents)


with channel(authority) as way:
    stub = service_pb2_grpc.GRPCInferenceServiceStub(way)
    assert stub.ModelReady(service_pb2.ModelReadyRequest(name=model), timeout=20).ready
    answer = stub.ModelInfer(infer_request(), timeout=20)
    assert (answer.id, labels(answer)) == ("7", expected), answer
    print("passed unary")

    answers = list(stub.ModelStreamInfer(iter([infer_request() for _ in range(5)]), timeout=20))
    assert [labels(part.infer_response) for part in answers] == [expected] * 5, answers
    print("passed stream")

    for _ in range(200):
        stub.ModelInfer(infer_request(), timeout=20)
    print("passed two hundred on one connection")

with channel("nobody-default.example.com") as way:
    stub = service_pb2_grpc.GRPCInferenceServiceStub(way)
    try:
        stub.ModelInfer(infer_request(), timeout=20)
        raise SystemExit("an unknown service answered")
    except grpc.RpcError as refused:
        assert refused.code() in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNIMPLEMENTED, grpc.StatusCode.UNAVAILABLE), refused
        print("passed refused with", refused.code().name, refused.details())
