# SPDX-License-Identifier: LGPL-2.1-or-later
"""A headless Chromium that is spoken to over a pipe: JSON messages of its
DevTools protocol, each ended by NUL.

    with Chromium(scratch_folder) as browser:
        page = browser.open(path, width=360, height=800, dark=True)
        page.eval("document.title")
        page.screenshot("a.png")
        page.complaints        # console, exceptions, blocked loads
        page.requests          # addresses that were asked for
"""
import base64
import json
import os
import pathlib
import select
import shutil
import subprocess
import time

TIMEOUT = 60  # seconds for an answer: a busy machine starts slowly


def find():
    return shutil.which("chromium") or shutil.which("chromium-browser") or \
        shutil.which("google-chrome")


class Chromium:
    def __init__(self, scratch):
        self.serial = 0
        self.events = []
        self.rest = b""
        to_child, self.to = os.pipe()
        self.come, from_child = os.pipe()

        def pipes():
            # the protocol's: it reads 3 and writes 4
            a, b = os.dup(to_child), os.dup(from_child)
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [find(), "--headless=new", "--no-sandbox", "--disable-gpu",
             "--no-first-run", "--disable-extensions",
             "--disable-background-networking", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--remote-debugging-pipe",
             "--user-data-dir=%s/profile" % scratch],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=pipes, close_fds=False)
        os.close(to_child)
        os.close(from_child)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
        except (OSError, RuntimeError):
            pass
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def receive(self, until):
        while b"\0" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.come], [], [], left)[0]:
                raise RuntimeError("chromium does not answer")
            piece = os.read(self.come, 1 << 20)
            if not piece:
                raise RuntimeError("chromium is gone")
            self.rest += piece
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def call(self, method, session=None, **params):
        self.serial += 1
        message = {"id": self.serial, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self.to, data):]
        until = time.monotonic() + TIMEOUT
        while True:
            got = self.receive(until)
            if got.get("id") != self.serial:
                self.events.append(got)
            elif "error" in got:
                raise RuntimeError("%s: %s" % (method, got["error"]))
            else:
                return got["result"]

    def open(self, path, fragment="", **look):
        return Page(self, path, fragment, **look)


class Page:
    def __init__(self, browser, path, fragment="", width=1280, height=900,
                 dark=False, script=True):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")
        self.target = target["targetId"]
        self.session = browser.call("Target.attachToTarget", flatten=True,
                                    targetId=self.target)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width,
                  height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        if not script:
            self.call("Emulation.setScriptExecutionDisabled", value=True)
        url = pathlib.Path(path).resolve().as_uri() + fragment
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def mine(self, method):
        return [e["params"] for e in self.browser.events
                if e.get("sessionId") == self.session
                and e.get("method") == method]

    def wait(self, method):
        until = time.monotonic() + TIMEOUT
        while not self.mine(method):
            self.browser.events.append(self.browser.receive(until))

    def eval(self, expression):
        got = self.call("Runtime.evaluate", expression=expression,
                        returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in got:
            raise RuntimeError(got["exceptionDetails"]["text"])
        return got["result"].get("value")

    def until(self, expression):
        """Its value once that is true, or what it still is after a minute."""
        until = time.monotonic() + TIMEOUT
        while not (value := self.eval(expression)) and \
                time.monotonic() < until:
            time.sleep(0.02)
        return value

    def type(self, text):
        self.call("Input.insertText", text=text)

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      text="\r" if key == "Enter" and kind == "keyDown" else "",
                      windowsVirtualKeyCode={"Tab": 9, "Enter": 13}[key])

    def screenshot(self, path, whole=False):
        got = self.call("Page.captureScreenshot", format="png",
                        captureBeyondViewport=whole)
        with open(path, "wb") as f:
            f.write(base64.b64decode(got["data"]))

    @property
    def complaints(self):
        return [e["entry"]["text"] for e in self.mine("Log.entryAdded")] + \
            [str(e["args"]) for e in self.mine("Runtime.consoleAPICalled")] + \
            [e["exceptionDetails"]["text"]
             for e in self.mine("Runtime.exceptionThrown")]

    @property
    def requests(self):
        return [e["request"]["url"]
                for e in self.mine("Network.requestWillBeSent")]

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
