"""Run the public client pynuki against a simulated bridge; see simulators/README.md.

Its one argument is the line that `python -m simulators nuki_bridge --json` prints.
"""

from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module
import json
import sys
from threading import Thread
import time
from typing import Any
from urllib.parse import urlsplit

PAUSE = 0.6
received: list[dict[str, Any]] = []


class Inbox(BaseHTTPRequestHandler):
    """Takes callbacks."""

    def do_POST(self) -> None:
        """Keep a callback."""
        received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()


def check(bridge: Any, url: str, mode: str) -> None:
    """List, lock, unlock and register a callback."""
    received.clear()
    time.sleep(PAUSE)
    devices = bridge.devices
    lock = bridge_lock(devices)
    time.sleep(PAUSE)
    added = bridge.callback_add(url)
    results = []
    for act in (lock.unlock, lock.lock):
        time.sleep(PAUSE)
        results.append(act(block=True))
    time.sleep(PAUSE)
    callbacks = bridge.callback_list()["callbacks"]
    time.sleep(PAUSE)
    bridge.callback_remove(next(entry["id"] for entry in callbacks if entry["url"] == url))
    print(f"{mode}: {[device.name for device in devices]}")
    print(f"{mode}: callback {added}, unlock and lock {results}")
    print(f"{mode}: received {[(body['stateName'], body['nukiId']) for body in received]}")
    if not added["success"] or not all(result["success"] for result in results):
        raise SystemExit("the bridge said no")
    if [body["state"] for body in received] != [3, 1]:
        raise SystemExit("the callbacks did not arrive")


def bridge_lock(devices: list[Any]) -> Any:
    """Return the first Smart Lock."""
    return next(device for device in devices if type(device).__name__ == "NukiLock")


def main() -> None:
    """Check both token modes that the client has."""
    facts = json.loads(sys.argv[1])
    address = urlsplit(facts["url"])
    server = HTTPServer(("127.0.0.1", 0), Inbox)
    Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/nuki"
    pynuki = import_module("pynuki")
    for secure in (False, True):
        time.sleep(PAUSE)
        token = facts["credentials"]["token"]
        bridge = pynuki.NukiBridge(
            address.hostname, port=address.port, token=token, secure=secure, timeout=10
        )
        check(bridge, url, "encrypted" if secure else "plain")
    server.shutdown()


if __name__ == "__main__":
    main()
