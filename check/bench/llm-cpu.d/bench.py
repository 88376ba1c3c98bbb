"""Prefill and decode of two servers, in turns: what one machine does changes from minute to minute."""

import argparse
import http.client
import json
import pathlib
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

WORDS = "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which".split()
SLOTS, CONTEXT = 8, 1024


class Server:
    def __init__(self, name, command, port, health):
        self.name, self.port = name, port
        begun = time.monotonic()
        self.log = tempfile.NamedTemporaryFile("w+", prefix=f"{name}-", suffix=".log")
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        while True:
            if self.process.poll() is not None or time.monotonic() - begun > 120:
                self.process.kill()
                self.log.seek(0)
                sys.exit(f"{name} does not start: {self.log.read()[-2000:]}")
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", health)
                if connection.getresponse().status == 200:
                    break
            except OSError:
                pass
            time.sleep(0.02)
        self.started = time.monotonic() - begun

    def complete(self, prompt, tokens):
        """When each event with text came, and how many tokens the server says it read and made."""
        body = {"model": "m", "prompt": prompt, "max_tokens": tokens, "temperature": 0, "stream": True, "ignore_eos": True,
                "cache_prompt": True, "stream_options": {"include_usage": True}}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        begun = time.monotonic()
        connection.request("POST", "/v1/completions", json.dumps(body), {"content-type": "application/json"})
        response = connection.getresponse()
        if response.status != 200:
            sys.exit(f"{self.name}: {response.status} {response.read()[:500]}")
        times, usage, last = [], {}, b""
        for line in response:
            last = line.strip() or last
            if line.startswith(b"data: {"):
                event = json.loads(line[6:])
                usage = event.get("usage") or usage
                if event.get("choices"):
                    times.append(time.monotonic())
        if not usage:
            sys.exit(f"{self.name} did not end its answer well: {last[:500]}")
        return begun, times, usage

    def stop(self):
        self.process.terminate()
        self.process.wait(30)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def text(chance, words):
    return " ".join(chance.choice(WORDS) for _ in range(words))


def prefill(server, chance, words):
    begun, times, usage = server.complete(text(chance, words), 1)
    return usage["prompt_tokens"] / (times[0] - begun)


def decode(server, chance, streams, tokens):
    results = [None] * streams
    prompts = [text(chance, 12) for _ in range(streams)]

    def one(i):
        results[i] = server.complete(prompts[i], tokens)

    threads = [threading.Thread(target=one, args=(i,)) for i in range(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first = min(times[0] for _, times, _ in results)
    last = max(times[-1] for _, times, _ in results)
    made = sum(usage["completion_tokens"] for _, _, usage in results)
    return (made - streams) / (last - first)


def mixed(server, chance, count):
    """Time to first token of short prompts while long ones come in between: the 99th percentile."""
    waits, lock = [], threading.Lock()

    def one(words):
        begun, times, _ = server.complete(text(chance, words), 4)
        with lock:
            waits.append(times[0] - begun)

    threads = []
    for i in range(count):
        threads.append(threading.Thread(target=one, args=(500 if i % 5 == 0 else 20,)))
        threads[-1].start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    return sorted(waits)[max(0, int(len(waits) * 0.99) - 1)]


def cached(server, chance, words):
    """How much sooner a prompt that was read before gets its first token."""
    shared = text(chance, words)
    begun, times, _ = server.complete(shared + " one", 1)
    cold = times[0] - begun
    begun, times, _ = server.complete(shared + " two", 1)
    return cold / (times[0] - begun)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dist", type=pathlib.Path, required=True)
    parser.add_argument("--java", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--peer", type=pathlib.Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    dist = options.dist.resolve()
    jars = sorted(str(jar) for jar in (dist / "lib").glob("marea-server*.jar"))
    jars += [str(dist / jar) for jar in (dist / "server.classpath").read_text().strip().split(":")]
    port = free_port()
    ours = [options.java, "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
            "-cp", ":".join(jars), "dev.marea.server.door.Main", "--framework=gguf", "--model_name=m", f"--model_dir={options.model}",
            "--host=127.0.0.1", f"--http_port={port}", f"--threads={options.threads}", f"--max_num_seqs={SLOTS}",
            f"--max_model_len={CONTEXT}", f"--kv_cache_tokens={SLOTS * CONTEXT}"]
    servers = []
    rounds = 2 if options.quick else options.rounds
    tests = {
        "prefill-1": lambda s, c: prefill(s, c, 400),
        "decode-1": lambda s, c: decode(s, c, 1, 48),
        "decode-8": lambda s, c: decode(s, c, 8, 32),
        "first-token-p99-mixed-s": lambda s, c: mixed(s, c, 20),
        "prefix-hit-speedup": lambda s, c: cached(s, c, 400),
    }
    try:
        servers.append(Server("marea", ours, port, "/health"))
        if options.peer.exists():
            port = free_port()
            command = [str(options.peer), str(pathlib.Path(__file__).parent / "peer.py"), options.model, port, SLOTS, CONTEXT, options.threads]
            servers.append(Server("llama.cpp", [str(part) for part in command], port, "/health"))
        else:
            print(f"left out: llama.cpp's server, not at {options.peer}")
        for server in servers:
            server.complete("warm up", 4)
            print(f"{server.name}: ready {server.started:.2f} s after its start")
        for name, test in tests.items():
            seen = {server.name: [] for server in servers}
            for round_ in range(rounds):
                for server in servers if round_ % 2 == 0 else reversed(servers):
                    seen[server.name].append(test(server, random.Random(hash((name, round_, server.name)) & 0xFFFF)))
            medians = {key: statistics.median(values) for key, values in seen.items()}
            for key, values in seen.items():
                print(f"{name:24} {key:10} median {medians[key]:9.2f}  all {' '.join(f'{v:.2f}' for v in values)}")
            if len(servers) == 2:
                lower = name.endswith("-s")
                ratio = medians["marea"] / medians["llama.cpp"]
                print(f"ratio {name} ours/peer {ratio:.2f} goal {'<' if lower else '>='} 1.00")
    finally:
        for server in servers:
            server.stop()


if __name__ == "__main__":
    main()
