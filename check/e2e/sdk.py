"""Proof 6: KServe's own Python SDK, unmodified: create, wait, get, patch, watch, delete."""
import sys
import threading
import time

from kserve import KServeClient, V1beta1InferenceService, V1beta1InferenceServiceSpec, V1beta1ModelFormat
from kserve import V1beta1ModelSpec, V1beta1PredictorSpec, constants
from kubernetes import client as k8s
import requests

kubeconfig, storage_uri, storage_uri_2, gateway = sys.argv[1:5]
NAME, NAMESPACE = "sdk-iris", "default"
ROWS = {"instances": [[6.8, 2.8, 4.8, 1.4], [5.1, 3.5, 1.4, 0.2]]}


def service(uri):
    return V1beta1InferenceService(
        api_version=constants.KSERVE_V1BETA1,
        kind=constants.KSERVE_KIND_INFERENCESERVICE,
        metadata=k8s.V1ObjectMeta(name=NAME, namespace=NAMESPACE),
        spec=V1beta1InferenceServiceSpec(
            predictor=V1beta1PredictorSpec(
                min_replicas=1,
                model=V1beta1ModelSpec(model_format=V1beta1ModelFormat(name="sklearn"), storage_uri=uri),
            )
        ),
    )


def step(name, passed):
    print(("passed " if passed else "FAILED ") + name, flush=True)
    if not passed:
        sys.exit(1)


kserve = KServeClient(config_file=kubeconfig)
created = kserve.create(service(storage_uri))
step("create", created["metadata"]["name"] == NAME)
kserve.wait_isvc_ready(NAME, namespace=NAMESPACE, timeout_seconds=60, polling_interval=1)
step("wait_isvc_ready", kserve.is_isvc_ready(NAME, namespace=NAMESPACE))
got = kserve.get(NAME, namespace=NAMESPACE)
step("get has url, conditions and traffic", got["status"]["url"].startswith("http://sdk-iris-default.localhost")
     and got["status"]["components"]["predictor"]["traffic"][0]["percent"] == 100)
answer = requests.post(f"{gateway}/serving/{NAMESPACE}/{NAME}/v1/models/{NAME}:predict", json=ROWS, timeout=30)
step("predict", answer.status_code == 200 and len(answer.json()["predictions"]) == 2)

watched = threading.Thread(target=lambda: kserve.get(NAME, namespace=NAMESPACE, watch=True, timeout_seconds=30), daemon=True)
watched.start()
patched = kserve.patch(NAME, service(storage_uri_2), namespace=NAMESPACE)
step("patch makes a generation", patched["metadata"]["generation"] == 2)
kserve.wait_isvc_ready(NAME, namespace=NAMESPACE, timeout_seconds=60, polling_interval=1, expected_generation=2)
step("wait_isvc_ready for generation 2", True)
watched.join(40)
step("watch ends by itself when ready", not watched.is_alive())

kserve.delete(NAME, namespace=NAMESPACE)
for _ in range(100):
    try:
        kserve.get(NAME, namespace=NAMESPACE)
    except RuntimeError:
        break
    time.sleep(0.1)
else:
    step("delete", False)
step("delete", True)
