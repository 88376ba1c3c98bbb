"""A model server that answers each request with the most requests it has seen at once."""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
now = most = 0


class Crowd(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer({"status": "alive"})

    def do_POST(self):
        global now, most
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.02)
        with lock:
            now -= 1
            seen = most
        self.answer({"predictions": [seen]})

    def answer(self, body):
        content = json.dumps(body).replace(": ", ":").encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Crowd).serve_forever()
