#!/usr/bin/env python3
"""Records the pictures that README shows: a report's page in a headless Chromium, and the live display in tmux.

Nothing is drawn by hand: the display is what a terminal of 96 columns holds while a study trains, the first time that
--ended trials have ended and all workers are amid a trial.
"""

import argparse
import html
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser

COLORS = {"31": "#ff7b72", "32": "#3fb950", "33": "#d29922", "34": "#58a6ff", "35": "#bc8cff", "36": "#39c5cf",
          "90": "#8b949e"}
PAGE = """<!doctype html><meta charset="utf-8"><style>
body {{ margin: 0; background: #0d1117; color: #e6edf3; }}
pre {{ margin: 0; padding: 16px 20px; font: 15px/1.35 "DejaVu Sans Mono", monospace; width: max-content; }}
</style><pre>{}</pre>"""


def as_html(screen):
    """A screen with its escape codes for colours as HTML."""
    parts = []
    is_open = False
    for text in re.split(r"(\x1b\[[0-9;]*m)", screen):
        code = re.fullmatch(r"\x1b\[([0-9;]*)m", text)
        if not code:
            parts.append(html.escape(text))
            continue
        if is_open:
            parts.append("</span>")
        codes = code[1].split(";")
        color = next((COLORS[name] for name in codes if name in COLORS), None)
        style = (f"color: {color};" if color else "") + ("font-weight: bold;" if "1" in codes else "")
        is_open = bool(style)
        if is_open:
            parts.append(f'<span style="{style}">')
    return "".join(parts) + ("</span>" if is_open else "")


def live_display(bench, arguments, folder):
    """The screen of a terminal in which a study trains."""
    socket = ["tmux", "-L", f"bench-{os.getpid()}"]
    command = shlex.join([str(bench), "run", arguments.grid, "--db", str(folder / "store.db"), *arguments.settings])
    subprocess.run([*socket, "new-session", "-d", "-s", "live", "-x", "96", "-y", "30", command], check=True,
                   env={**os.environ, "LANG": "C.UTF-8"})
    try:
        end = time.monotonic() + 1200
        while time.monotonic() < end:
            time.sleep(0.5)
            screen = subprocess.run([*socket, "capture-pane", "-t", "live", "-pe"], capture_output=True, text=True).stdout
            ended = re.search(r"(\d+)/\d+ trials", screen)
            is_amid = not re.search(r"loss –", screen)
            if ended and int(ended[1]) >= arguments.ended and is_amid:
                return screen.rstrip() + "\n"
    finally:
        subprocess.run([*socket, "kill-server"], capture_output=True)
    sys.exit("the display never came so far: is the study over sooner?")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", required=True, type=Path)
    parser.add_argument("--report", required=True, type=Path, help="a report's folder")
    parser.add_argument("--grid", required=True, help="the study that trains in the terminal")
    parser.add_argument("--ended", type=int, default=10)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("settings", nargs="*", help="options of bench run, behind --")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-pictures-") as folder, Browser() as browser:
        browser.resize(1280, 860)
        browser.open(arguments.report / "index.html")
        browser.picture(arguments.out / "page.png")
        screen = Path(folder) / "screen.html"
        screen.write_text(PAGE.format(as_html(live_display(arguments.bench.resolve(), arguments, Path(folder)))))
        browser.open(screen, has_scripts=False)
        width, height = (int(browser.run(f"document.querySelector('pre').offset{side}")) for side in ("Width", "Height"))
        browser.resize(width, height)
        browser.picture(arguments.out / "live-display.png")
    for name in ("page.png", "live-display.png"):
        print(arguments.out / name)


if __name__ == "__main__":
    main()
