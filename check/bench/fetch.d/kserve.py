"""KServe's storage initializer, its own code: URI into DIR."""
import sys, time
from kserve_storage import Storage
began = time.monotonic()
Storage.download(sys.argv[1], sys.argv[2])
print(int((time.monotonic() - began) * 1000))
