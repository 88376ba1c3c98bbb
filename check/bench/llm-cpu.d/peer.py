"""llama.cpp's own server from the xllamacpp wheel: peer.py MODEL PORT SLOTS CONTEXT_A_SLOT THREADS"""

import sys
import time

import xllamacpp

model, port, slots, context, threads = sys.argv[1], *map(int, sys.argv[2:6])
params = xllamacpp.CommonParams()
params.model.path, params.port = model, port
if hasattr(params, "hostnames"):
    params.hostnames = ["127.0.0.1"]
else:
    params.hostname = "127.0.0.1"
params.n_parallel, params.n_ctx = slots, slots * context
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
server = xllamacpp.Server(params)
while True:
    time.sleep(3600)
