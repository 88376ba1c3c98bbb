"""What dd would do: COUNT files of BYTES bytes into DIR, a MiB at a time, on disk at the end."""
import os, sys, time
directory, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
block = os.urandom(1 << 20)
os.makedirs(directory, exist_ok=True)
began = time.monotonic()
for i in range(count):
    fd = os.open(f"{directory}/f{i}.bin", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    left = size
    while left > 0:
        left -= os.write(fd, block[:left] if left < len(block) else block)
    os.fsync(fd)
    os.close(fd)
print(int((time.monotonic() - began) * 1000))
