"""onnxruntime's own Python loop: runs a second, and seconds of CPU a run. onnx_loop.py MODEL SECONDS THREADS"""

import sys
import time

import numpy as np
import onnxruntime

model, seconds, threads = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = threads
options.inter_op_num_threads = 1
options.add_session_config_entry("session.intra_op.allow_spinning", "0")
session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
spec = session.get_inputs()[0]
picture = np.random.RandomState(0).normal(size=[d if isinstance(d, int) else 1 for d in spec.shape]).astype(np.float32)
for _ in range(50):
    session.run(None, {spec.name: picture})
runs, begun, cpu = 0, time.perf_counter(), time.process_time()
while time.perf_counter() - begun < seconds:
    session.run(None, {spec.name: picture})
    runs += 1
print(runs / (time.perf_counter() - begun), (time.process_time() - cpu) / runs)
