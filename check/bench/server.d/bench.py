"""Ours and its peers, alternating in one run; the last lines read `ratio NAME ours/peer VALUE goal VALUE`.

What counts is requests a second of the server's CPU time (its process and its children, from /proc): on a machine that
the load generator shares, requests a second alone would measure the generator. Requests/s, p99 and memory stand beside.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent.parent
PEERS = pathlib.Path(os.environ.get("PEERS", tempfile.gettempdir() + "/peers"))
KIT = pathlib.Path(os.environ.get("KIT", ROOT.parent / "shared" / "kit" / "peers"))
VENVS = {"kserve": "kserve", "mlserver": "mlserver", "pytriton": "pytriton", "bentoml": "bentoml", "ray-serve": "ray"}
TICK = os.sysconf("SC_CLK_TCK")
GOALS = {"kserve": 20, "mlserver": 10, "pytriton": 5}


def free_ports(count):
    """Neighbouring free ports: peers put gRPC and metrics on the next ones."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first = probe.getsockname()[1]
        if all(free(first + i) for i in range(count)):
            return first


def free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except (OSError, OverflowError):
            return False


class Server:
    """A running server: its group of processes, their CPU time and memory."""

    def __init__(self, name, command, port, env=None, log=None):
        self.name, self.port = name, port
        self.begun = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True,
                                        env={**os.environ, **(env or {})})

    def pids(self):
        """Everything in its session, and what left it by a session of its own but is still a child."""
        parents = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            parents[int(entry.parent.name)] = (int(fields[1]), int(fields[3]))
        mine = {pid for pid, (_, session) in parents.items() if session == self.process.pid} | {self.process.pid}
        while True:
            more = {pid for pid, (parent, _) in parents.items() if parent in mine} - mine
            if not more:
                return mine
            mine |= more

    def cpu(self):
        total = 0
        for pid in self.pids():
            try:
                fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
                total += int(fields[11]) + int(fields[12])
            except OSError:
                pass
        return total / TICK

    def memory(self):
        """Resident MiB; pages that processes share are counted once (PSS)."""
        total = 0
        for pid in self.pids():
            try:
                text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
                total += int(re.search(r"Pss:\s+(\d+)", text).group(1))
            except (OSError, AttributeError):
                pass
        return total / 1024

    def await_answer(self, path, body, headers=None, seconds=120):
        deadline = time.perf_counter() + seconds
        while True:
            try:
                return self.ask(path, body, headers)
            except (OSError, urllib.error.URLError) as failed:
                if self.process.poll() is not None or time.perf_counter() > deadline:
                    raise RuntimeError(f"{self.name} does not answer: {failed}") from failed
                time.sleep(0.005 if self.name == "ours" else 0.2)

    def ask(self, path, body, headers=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", body,
                                         {"Content-Type": "application/json", **(headers or {})})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.read()

    def stop(self):
        pids = self.pids()
        for sign in (signal.SIGTERM, signal.SIGKILL):
            for pid in pids:
                try:
                    os.kill(pid, sign)
                except OSError:
                    pass
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                pass


class Question:
    """One request in one protocol."""

    def __init__(self, path, body, headers=None):
        self.path, self.body, self.headers = path, body, headers or {}


def v1(rows, name):
    return Question(f"/v1/models/{name}:predict", json.dumps({"instances": rows}).encode())


def v2(rows, name, datatype="FP32", tensor="x"):
    flat = [value for row in rows for value in row]
    spec = {"name": tensor, "shape": [len(rows), len(rows[0])], "datatype": datatype}
    return Question(f"/v2/models/{name}/infer", json.dumps({"inputs": [{**spec, "data": flat}]}).encode())


def v2_binary(rows, name, shape=None, tensor="x", datatype="FP32"):
    flat = [value for row in rows for value in row]
    raw = struct.pack(f"<{len(flat)}{'f' if datatype == 'FP32' else 'd'}", *flat)
    spec = {"name": tensor, "shape": shape or [len(rows), len(rows[0])], "datatype": datatype,
            "parameters": {"binary_data_size": len(raw)}}
    head = json.dumps({"inputs": [spec], "parameters": {"binary_data_output": True}}).encode()
    return Question(f"/v2/models/{name}/infer", head + raw,
                    {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(head))})


def bento(rows, name):
    return Question("/predict", json.dumps({"instances": rows}).encode())


def ray(rows, name):
    return Question("/", json.dumps({"instances": rows}).encode())


def wrk(port, question, connections, seconds, scratch):
    script = scratch / "ask.lua"
    (scratch / "body").write_bytes(question.body)
    headers = {"Content-Type": "application/json", **question.headers}
    lines = "".join(f'wrk.headers["{key}"] = "{value}"\n' for key, value in headers.items())
    script.write_text(f'local f = io.open("{scratch}/body", "rb")\nwrk.body = f:read("*a")\nf:close()\nwrk.method = "POST"\n{lines}'
                      'function done(s, l, r) io.write(string.format("R %d %d %d %d\\n", s.requests, s.duration, l:percentile(99), '
                      's.errors.status + s.errors.connect + s.errors.read + s.errors.timeout)) end\n')
    text = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "-s", str(script),
                           f"http://127.0.0.1:{port}{question.path}"], capture_output=True, text=True, check=True).stdout
    requests, micros, p99, errors = map(int, re.search(r"^R (\d+) (\d+) (\d+) (\d+)$", text, re.M).groups())
    return requests, micros / 1e6, p99 / 1000, errors


def ghz(port, rows, name, connections, seconds, scratch, tensor="x"):
    flat = [value for row in rows for value in row]
    data = {"model_name": name, "inputs": [{"name": tensor, "datatype": "FP32", "shape": [len(rows), len(rows[0])],
                                            "contents": {"fp32_contents": flat}}]}
    (scratch / "ask.json").write_text(json.dumps(data))
    text = subprocess.run([str(PEERS / "bin" / "ghz"), "--insecure", "--proto", str(HERE / "v2.proto"), "--call", "inference.GRPCInferenceService.ModelInfer",
                           "-D", str(scratch / "ask.json"), "-c", str(connections), "--connections", str(min(connections, 8)), "-z", f"{seconds}s",
                           "--duration-stop", "wait", "-O", "json", f"127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout
    report = json.loads(text)
    p99 = next((d["latency"] / 1e6 for d in report.get("latencyDistribution") or [] if d["percentage"] == 99), float("nan"))
    errors = sum(count for status, count in (report.get("statusCodeDistribution") or {}).items() if status != "OK")
    return report["count"], report["total"] / 1e9, p99, errors


class Bench:
    def __init__(self, options):
        self.options = options
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix="marea-bench-"))
        self.log = open(self.scratch / "servers.log", "w", encoding="utf-8")
        self.ratios = []
        self.missing = [name for name, venv in VENVS.items() if not (PEERS / "venv" / venv).is_dir()]

    def ours(self, name, directory, port=None, env=None):
        port = port or free_ports(1)
        dist = pathlib.Path(self.options.dist).resolve()
        jars = [str(next((dist / "lib").glob("marea-server-*.jar")))]
        jars += [str(dist / jar) for jar in (dist / "server.classpath").read_text().strip().split(":")]
        # As the node starts it (Distribution): same flags, or the AOT cache is not taken.
        command = [self.options.java, f"-XX:AOTCache={dist / 'server.aot'}", "-Xlog:aot=off", "-Xlog:cds=off", "-XX:+UseSerialGC", "-Xms32m", "-XX:NewSize=24m",
                   "-XX:MaxNewSize=48m", "-XX:SurvivorRatio=2", "-XX:MinHeapFreeRatio=10", "-XX:MaxHeapFreeRatio=30",
                   "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx512m",
                   "-cp", ":".join(jars), "dev.marea.server.door.Main", f"--model_name={name}", f"--model_dir={directory}",
                   f"--http_port={port}", "--host=127.0.0.1"]
        return Server("ours", command, port, env, self.log)

    def peer(self, kind, model, name):
        port = free_ports(3)
        return Server(kind, [str(KIT / "serve"), kind, str(port), str(model), name], port, {"PEERS": str(PEERS)}, self.log)

    def mlserver(self, directory, runtime, name, file):
        port, run = free_ports(3), pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        (run / "m").mkdir()
        shutil.copy(file, run / "m")
        settings = {"name": name, "implementation": runtime, "parameters": {"uri": "./" + file.name}}
        (run / "m" / "model-settings.json").write_text(json.dumps(settings))
        (run / "settings.json").write_text(json.dumps({"http_port": port, "grpc_port": port + 1, "metrics_port": port + 2,
                                                       "parallel_workers": 0, "host": "127.0.0.1"}))
        return Server("mlserver", ["sh", "-c", f"cd '{run}' && exec '{PEERS}/venv/mlserver/bin/mlserver' start ."], port, None, self.log)

    def run(self):
        try:
            models = self.make_models()
            if self.missing:
                print("not installed, left out:", ", ".join(self.missing))
            self.start_up(models / "iris")
            self.hot_path(models / "iris")
            self.tabular("iris", models / "iris", "mlserver_sklearn.SKLearnModel", "model.joblib", everyone=True)
            self.tabular("xgboost", models / "xgboost", "mlserver_xgboost.XGBoostModel", "model.ubj")
            self.tabular("lightgbm", models / "lightgbm", "mlserver_lightgbm.LightGBMModel", "model.txt")
            self.onnx()
        finally:
            self.log.close()
        print()
        for line in self.ratios:
            print(line)

    def make_models(self):
        venv = next((v for v in ("mlserver", "kserve", "bentoml") if (PEERS / "venv" / v).is_dir()), None)
        if venv is None:
            sys.exit(f"no peers under {PEERS}: install some, for example: PEERS={PEERS} {KIT}/install mlserver kserve-server")
        python = PEERS / "venv" / venv / "bin" / "python"
        subprocess.run([python, HERE / "models.py", self.scratch / "models"], check=True)
        for directory in (self.scratch / "models").iterdir():
            rows = subprocess.run([python, "-c", f"import json, numpy as np; print(json.dumps(np.load('{directory}/rows.npy').tolist()))"],
                                  check=True, capture_output=True, text=True).stdout
            (directory / "rows.json").write_text(rows)
            (directory / "rows.npy").unlink()
        return self.scratch / "models"

    def wanted(self, name):
        return not self.options.only or self.options.only in name

    def start_up(self, directory):
        if not self.wanted("start"):
            return
        alone = self.alone(directory, "model.joblib")
        question, times = v1([[5.1, 3.5, 1.4, 0.2]], "iris"), []
        for _ in range(3 if self.options.quick else 7):
            server = self.ours("iris", alone)
            server.await_answer(question.path, question.body)
            times.append((time.perf_counter() - server.begun) * 1000)
            memory = server.memory()
            server.stop()
        print(f"start to first prediction: {statistics.median(times):.0f} ms (all: {', '.join(f'{t:.0f}' for t in times)}); memory then {memory:.0f} MiB")
        self.ratios.append(f"ratio start-to-first-prediction ms {statistics.median(times):.0f} goal 400")

    def hot_path(self, directory):
        """Reading, predicting and writing one row without a socket, in one process."""
        classes = ROOT / "server" / "door" / "target" / "test-classes"
        if not self.wanted("start") or not (classes / "dev/marea/server/rest/HotPath.class").exists():
            return
        text = subprocess.run([self.options.java, "-cp", f"{classes}:{pathlib.Path(self.options.dist).resolve()}/lib/*", "-XX:+UseSerialGC",
                               "dev.marea.server.rest.HotPath", directory / "model.joblib"], check=True, capture_output=True, text=True).stdout
        print(f"iris, 1 row, V1 JSON: read, predict and write cost {text.strip()} us of CPU")
        self.ratios.append(f"ratio parse-predict-write us {text.strip()} goal 15")

    def alone(self, directory, file):
        """Our server takes a directory with one model file."""
        target = pathlib.Path(tempfile.mkdtemp(dir=self.scratch))
        shutil.copy(directory / file, target)
        return target

    def tabular(self, name, directory, mlserver, file, everyone=False):
        if not directory.is_dir() or not self.wanted(name):
            return
        rows = json.loads((directory / "rows.json").read_text())
        ours = self.ours(name, self.alone(directory, file))
        servers = [ours]
        try:
            question = v1(rows[:1], name)
            ours.await_answer(question.path, question.body)
            peers = []
            if "mlserver" not in self.missing:
                peers.append(("mlserver", lambda: self.mlserver(directory, mlserver, name, directory / file), v2))
            if "kserve" not in self.missing:
                peers.append(("kserve", lambda: self.peer("kserve", directory / "model.joblib", name), v1))
            if everyone:
                peers += [(kind, lambda kind=kind: self.peer(kind, directory / "model.joblib", name), ask)
                          for kind, ask in (("pytriton", v2), ("bentoml", bento), ("ray-serve", ray)) if kind not in self.missing]
            for kind, start, ask in peers:
                peer = start()
                servers.append(peer)
                question = ask(rows[:1], name)
                peer.await_answer(question.path, question.body)
                self.against(name, ours, peer, rows, ask)
                print(f"  memory: ours {ours.memory():.0f} MiB, {kind} {peer.memory():.0f} MiB")
                servers.pop().stop()
            self.phases(name, ours)
            self.ratios.append(f"ratio memory-{name} MiB {ours.memory():.0f} goal 150")
        finally:
            for server in servers:
                server.stop()

    def against(self, name, ours, peer, rows, ask):
        full = not self.options.quick
        ours_ask = v1 if ask in (bento, ray) else ask  # those have an interface of their own
        for count, connections in [(1, 1), (1, 64), (100, 1), (100, 64)] if full else [(1, 64)]:
            self.case(f"{name} {peer.name} {count}-row c={connections} JSON", ours, peer,
                      lambda server: self.load(server, (ours_ask if server is ours else ask)(rows[:count], name), connections),
                      GOALS.get(peer.name) if count == 1 else None)
        binary = peer.name == "pytriton"
        if binary and full:
            for count, connections in [(1, 64), (100, 64)]:
                self.case(f"{name} {peer.name} {count}-row c={connections} binary", ours, peer,
                          lambda server: self.load(server, v2_binary(rows[:count], name), connections),
                          GOALS.get(peer.name) if count == 1 else None)
        if peer.name in ("mlserver", "kserve", "pytriton") and (PEERS / "bin" / "ghz").exists():
            for count, connections in [(1, 1), (1, 64)] if full else [(1, 64)]:
                self.case(f"{name} {peer.name} {count}-row c={connections} gRPC", ours, peer,
                          lambda server: self.grpc(server, rows[:count], name, connections),
                          GOALS.get(peer.name) if count == 1 else None)

    def load(self, server, question, connections):
        return wrk(server.port, question, connections, self.options.seconds, self.scratch)

    def grpc(self, server, rows, name, connections):
        port = server.port if server.name == "ours" else server.port + 1
        return ghz(port, rows, name, connections, self.options.seconds, self.scratch)

    def case(self, name, ours, peer, load, goal):
        rounds = {"ours": [], "peer": []}
        for _ in range(2):  # warm: the JVM compiles what is hot
            load(ours)
        for _ in range(1 if self.options.quick else 3):
            for side, server in (("peer", peer), ("ours", ours)):
                before = server.cpu()
                requests, seconds, p99, errors = load(server)
                spent = server.cpu() - before
                rounds[side].append((requests / max(spent, 1 / TICK), requests / seconds, p99, errors))
        best = {side: sorted(results)[len(results) // 2] for side, results in rounds.items()}
        for side, who in (("ours", "ours"), ("peer", peer.name)):
            per_cpu, rate, p99, errors = best[side]
            note = f"  {errors} ERRORS" if errors else ""
            print(f"{name:44} {who:10} {rate:9.0f}/s  p99 {p99:8.2f} ms  {1e6 / per_cpu:8.1f} us CPU a request{note}", flush=True)
        if best["ours"][3] or best["peer"][3]:
            self.ratios.append(f"ratio {name.replace(' ', '-')} void: there were errors")
            return
        ratio = best["ours"][0] / best["peer"][0]
        self.ratios.append(f"ratio {name.replace(' ', '-')} ours/peer {ratio:.1f}" + (f" goal {goal}" if goal else ""))

    def phases(self, name, ours):
        """What reading, predicting and writing cost, by the server's own clock."""
        question = v1(json.loads((self.scratch / "models" / name / "rows.json").read_text())[:1], name)
        before = self.sums(ours)
        wrk(ours.port, question, 1, self.options.seconds, self.scratch)
        after = self.sums(ours)
        count = after["count"] - before["count"]
        if count > 0:
            parts = {p: (after[p] - before[p]) / count * 1e6 for p in ("preprocess", "predict", "postprocess")}
            total = sum(parts.values())
            print(f"  {name}, 1 row, V1 JSON, over one connection, the socket's write in postprocess: "
                  + ", ".join(f"{p} {v:.1f} us" for p, v in parts.items()) + f"; together {total:.1f} us")

    @staticmethod
    def sums(server):
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics") as answer:
            text = answer.read().decode()
        found = {"count": 0.0}
        for phase in ("preprocess", "predict", "postprocess"):
            found[phase] = sum(float(v) for v in re.findall(rf"^request_{phase}_seconds_sum\S* (\S+)$", text, re.M))
        found["count"] = sum(float(v) for v in re.findall(r"^request_predict_seconds_count\S* (\S+)$", text, re.M))
        return found

    def onnx(self):
        """A small residual network by our server, beside onnxruntime's own Python loop without any server."""
        python = os.environ.get("ONNX_PYTHON")
        if not self.wanted("onnx"):
            return
        if not python:
            print("onnx: set ONNX_PYTHON to a Python that has onnxruntime; left out")
            return
        make = ("import pathlib, sys; sys.path.insert(0, sys.argv[1]); import make_onnx; make_onnx.HERE = pathlib.Path(sys.argv[2]); "
                "make_onnx.residual('network', 112, 32)")
        subprocess.run([python, "-c", make, ROOT / "examples" / "models", self.scratch], check=True)
        model = self.scratch / "network" / "model.onnx"
        ours = self.ours("residual", self.alone(model.parent, "model.onnx"))
        try:
            picture = [[(i % 255) / 255 for i in range(3 * 112 * 112)]]
            question = v2_binary(picture, "residual", [1, 3, 112, 112], "image")
            ours.await_answer(question.path, question.body, question.headers)
            wrk(ours.port, question, 2, 2, self.scratch)
            results = []
            for _ in range(1 if self.options.quick else 3):
                text = subprocess.run([python, HERE / "onnx_loop.py", model, str(self.options.seconds), str(os.cpu_count())], check=True,
                                      capture_output=True, text=True).stdout
                loop_rate, loop_cpu = map(float, text.split())
                before = ours.cpu()
                requests, seconds, p99, errors = wrk(ours.port, question, 1, self.options.seconds, self.scratch)
                results.append((loop_cpu / ((ours.cpu() - before) / requests), requests / seconds, loop_rate, p99, errors))
            ratio, rate, loop_rate, p99, errors = sorted(results)[len(results) // 2]
            print(f"onnx residual, 1 picture: ours over HTTP {rate:.0f}/s p99 {p99:.2f} ms {errors} errors; Python loop {loop_rate:.0f}/s; "
                  f"per second of CPU {ratio:.2f}")
            self.ratios.append(f"ratio onnx-per-cpu ours/peer {ratio:.2f} goal 1.0")
        finally:
            ours.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dist", required=True)
    parser.add_argument("--java", required=True)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one case a peer, one round")
    parser.add_argument("--only", help="only cases whose name has this text: start, iris, xgboost, lightgbm, onnx")
    Bench(parser.parse_args()).run()


if __name__ == "__main__":
    main()
