"""Tokens through nginx, as ingress-nginx would configure it from the annotations of our Ingress.

A server sends tokens that bear the time at which they left; a client takes the time at which they arrive, once through nginx
and once directly, in turns. nginx's configuration is written from the golden file of our Ingress, so that what is measured
is what is applied; and once from no annotations at all, to show that they matter. A last stream is silent for longer than
nginx's own 60 s, and a body larger than its own 1 MiB is sent.
"""
import argparse, pathlib, re, shutil, socket, subprocess, sys, tempfile, threading, time

ROOT = pathlib.Path(__file__).resolve().parents[3]
GOLDEN = ROOT / "kubernetes/src/test/resources/dev/marea/kubernetes/objects/exposed-ingress.objects.yaml"
PREFIX = "nginx.ingress.kubernetes.io/"
GOAL_MS = 5.0


def annotations():
    found = re.findall(re.escape(PREFIX) + r"([a-z-]+): (.+)", GOLDEN.read_text())
    assert found, f"no annotations in {GOLDEN}"
    return {name: value.strip("'\"") for name, value in found}


def conf(notes, port, upstream, home):
    """The part of ingress-nginx's template that these annotations steer, with its defaults where they are silent."""
    get = lambda name, default: notes.get(name, default)
    return f"""
daemon off; pid {home}/pid; error_log {home}/error.log; worker_processes 1;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/f;
  uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  upstream up {{ server 127.0.0.1:{upstream}; keepalive 320; }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      client_max_body_size {get("proxy-body-size", "1m")};
      proxy_buffering {get("proxy-buffering", "on")};
      proxy_request_buffering {get("proxy-request-buffering", "on")};
      proxy_http_version {get("proxy-http-version", "1.1")};
      proxy_connect_timeout 5s;
      proxy_read_timeout {get("proxy-read-timeout", "60")}s;
      proxy_send_timeout {get("proxy-send-timeout", "60")}s;
      proxy_buffer_size 4k; proxy_buffers 4 4k;
      proxy_set_header Host $http_host; proxy_set_header Connection "";
      proxy_pass http://up;
    }}
  }}
}}
"""


class Model(threading.Thread):
    """Sends tokens at a pace, each in a chunk of its own."""

    def __init__(self):
        super().__init__(daemon=True)
        self.door = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.door.getsockname()[1]

    def run(self):
        while True:
            client, _ = self.door.accept()
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        with client:
            stream = client.makefile("rb")
            while line := stream.readline():
                path = line.split()[1].decode()
                length, last = 0, False
                while (header := stream.readline().strip()):
                    if header.lower().startswith(b"content-length:"):
                        length = int(header.split(b":")[1])
                    last |= header.lower() == b"connection: close"
                stream.read(length)
                self.answer(client, path)
                if last:
                    return

    def answer(self, client, path):
        _, kind, count, pause = path.split("/")
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(int(count)):
            text = b"data: %d\n\n" % time.monotonic_ns()
            client.sendall(b"%x\r\n%s\r\n" % (len(text), text))
            time.sleep(float(pause))
        client.sendall(b"0\r\n\r\n")


def delays(port, count, pause, body=b""):
    """Milliseconds that each token was under way."""
    taken = []
    with socket.create_connection(("127.0.0.1", port), timeout=120) as door:
        request = (b"POST /s/%d/%s HTTP/1.1\r\nHost: iris\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s"
                   % (count, str(pause).encode(), len(body), body))
        try:
            door.sendall(request)
            for line in door.makefile("rb"):
                now = time.monotonic_ns()
                if line.startswith(b"data: "):
                    taken.append((now - int(line[6:])) / 1e6)
        except ConnectionError:
            pass  # refused while we were sending
    return taken


def many(port, streams, count, pause):
    found, lock = [], threading.Lock()

    def one():
        mine = delays(port, count, pause)
        with lock:
            found.extend(mine)
            assert len(mine) == count, f"{len(mine)} of {count} tokens came"

    threads = [threading.Thread(target=one) for _ in range(streams)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return found


def rank(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as door:
        return door.getsockname()[1]


class Nginx:
    def __init__(self, notes, upstream):
        self.home, self.port = tempfile.mkdtemp(prefix="marea-nginx-"), free_port()
        path = pathlib.Path(self.home, "nginx.conf")
        path.write_text(conf(notes, self.port, upstream, self.home))
        self.process = subprocess.Popen(["nginx", "-p", self.home, "-e", f"{self.home}/error.log", "-c", str(path)])
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    sys.exit("nginx did not start: " + pathlib.Path(self.home, "error.log").read_text())
                time.sleep(0.05)

    def close(self):
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.home, ignore_errors=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--streams", type=int, default=16)
    options.add_argument("--tokens", type=int, default=200)
    options.add_argument("--pause", type=float, default=0.02)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--silence", type=float, default=65, help="seconds; nginx's own limit is 60")
    asked = options.parse_args()
    model = Model()
    model.start()
    ours, plain = Nginx(annotations(), model.port), Nginx({}, model.port)
    through, direct, unset = [], [], []
    for _ in range(asked.rounds):
        direct += many(model.port, asked.streams, asked.tokens, asked.pause)
        through += many(ours.port, asked.streams, asked.tokens, asked.pause)
        unset += many(plain.port, asked.streams, asked.tokens, asked.pause)
    for name, values in (("direct", direct), ("nginx, our annotations", through), ("nginx, none", unset)):
        print(f"{name:24} p50 {rank(values, .5):8.2f} ms  p99 {rank(values, .99):8.2f} ms  max {max(values):8.2f} ms  "
              f"({len(values)} tokens)")
    large = len(delays(ours.port, 1, 0, b"x" * (8 << 20)))
    print(f"a body of 8 MiB: {'passes' if large == 1 else 'REFUSED'}; without annotations: "
          f"{'passes' if len(delays(plain.port, 1, 0, b'x' * (8 << 20))) == 1 else 'refused'}")
    whole = True
    if asked.silence > 0:
        whole = len(delays(ours.port, 2, asked.silence)) == 2
        print(f"a stream silent for {asked.silence:.0f} s: {'whole' if whole else 'CUT'}")
    ours.close()
    plain.close()
    added = rank(through, .99) - rank(direct, .99)
    print(f"ratio nginx-token-delay-p99-ms through {rank(through, .99):.2f} (direct {rank(direct, .99):.2f}, added {added:.2f}) "
          f"goal {GOAL_MS}")
    sys.exit(0 if added <= GOAL_MS and large == 1 and whole else 1)


if __name__ == "__main__":
    main()
