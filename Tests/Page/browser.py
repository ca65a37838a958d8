"""A headless Chromium, driven over two pipes by the DevTools protocol; standard library only."""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_program():
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """The browser with one tab. What its pages do wrong is gathered: errors, refusals of the policy, requests."""

    def __init__(self, program=None):
        self.profile = tempfile.mkdtemp(prefix="bench-page-")
        # The browser reads its descriptor 3 and writes its descriptor 4.
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        high = [fcntl.fcntl(number, fcntl.F_DUPFD, 10) for number in (theirs_in, theirs_out)]

        def wire():
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        command = [
            program or find_program(), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
            "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", f"--user-data-dir={self.profile}", "about:blank",
        ]
        self.process = subprocess.Popen(
            command, preexec_fn=wire, pass_fds=(3, 4), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        for number in (theirs_in, theirs_out, *high):
            os.close(number)
        self.reader, self.writer, self.rest, self.number, self.session = ours_in, ours_out, b"", 0, None
        self.events, self.faults, self.requests = [], [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def close(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    # What goes over the pipes.

    def call(self, method, **parameters):
        """The protocol's answer to a method."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writer, json.dumps(message).encode() + b"\0")
        wanted = self.number
        while True:
            answer = self._read(60)
            if answer is None:
                raise TimeoutError(f"{method}: the browser did not answer within a minute")
            if answer.get("id") == wanted:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self._note(answer)

    def _read(self, seconds):
        end = time.monotonic() + seconds
        while b"\0" not in self.rest:
            ready, _, _ = select.select([self.reader], [], [], max(0, end - time.monotonic()))
            if not ready:
                return None
            piece = os.read(self.reader, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has ended")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def _note(self, event):
        method, what = event.get("method"), event.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            details = what["exceptionDetails"]
            self.faults.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and what["entry"]["level"] == "error":
            self.faults.append(what["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and what["type"] == "error":
            self.faults.append(str(what["args"]))
        elif method == "Page.javascriptDialogOpening":
            self.faults.append(f"a dialog: {what['message']}")
            self.call("Page.handleJavaScriptDialog", accept=True)
        elif method == "Network.requestWillBeSent":
            self.requests.append(what["request"]["url"])

    def pump(self, seconds, until=None):
        """Takes in what happens for so long, or until an event of this name."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            event = self._read(max(0, end - time.monotonic()))
            if event is None:
                break
            self._note(event)
            if until and event.get("method") == until:
                return True
        return False

    # What a person does.

    def open(self, path, has_scripts=True):
        """Loads a file; the faults and requests so far are forgotten. Seconds until it was loaded."""
        self.faults, self.requests = [], []
        start = time.monotonic()
        self.call("Page.navigate", url="about:blank")
        self.pump(10, until="Page.loadEventFired")
        self.requests.clear()
        self.call("Page.navigate", url=Path(path).resolve().as_uri())
        if not self.pump(60, until="Page.loadEventFired"):
            raise TimeoutError(f"{path}: not loaded within a minute")
        seconds = time.monotonic() - start
        if has_scripts:
            self.settle()
        return seconds

    def settle(self):
        """Waits until what was changed has been drawn."""
        self.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(0))))")

    def run(self, expression):
        """The value of a JavaScript expression; promises are waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise RuntimeError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    def resize(self, width, height=900, is_phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=is_phone)
        self.settle()

    def media(self, scheme="light", kind="screen"):
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", media=kind, features=features)
        self.settle()

    def key(self, name, text=None, **more):
        codes = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39, " ": 32}
        down = {"key": name, "windowsVirtualKeyCode": codes.get(name, ord(name[0].upper())), **more}
        if text or name in ("Enter", " "):
            down["text"] = text or {"Enter": "\r", " ": " "}[name]
        self.call("Input.dispatchKeyEvent", type="keyDown", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", **down)
        self.settle()

    def mouse(self, kind, x, y, buttons=0):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left" if kind != "mouseMoved" else "none",
                  buttons=buttons, clickCount=1)

    def picture(self, path, whole=False):
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        Path(path).write_bytes(base64.b64decode(answer["data"]))

    def pdf(self):
        """The page on paper, as its style for print has it."""
        self.call("Emulation.setEmulatedMedia", media="")
        answer = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(answer["data"])
