#!/usr/bin/env python3
"""Opens reports' pages in a headless Chromium and holds them against what they promise.

Trains small studies with the built program, one of them with as many trials as --trials says and one with names that
would be code anywhere else, writes their reports, and looks: no script error, no request, nothing wider than the
window, no text over another, contrast, paper, the table of trials, the chart, the comparison, keys, and a page that
renews itself while a study runs. Prints what was measured; the exit code is 1 where something is not as it should be.
"""

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from browser import Browser, find_program

HERE = Path(__file__).parent
HOSTILE = "</script><script>alert(1)</script><b onclick=alert(2)>{{{name}}}</b>"


def grid(name, axes, seeds, iterations=40, **more):
    return {
        "name": name, "title": f"A study for the page: {name}",
        "dataset": {"name": "digits", "train": 200, "test": 100},
        "model": {"family": "mlp", "hidden": [8]}, "optimizer": {"name": "sgd", "lr": 0.1},
        "training": {"batch_size": 20, "iterations": iterations, "evaluate_every": max(1, iterations // 8)},
        "seeds": list(range(seeds)), "axes": axes, **more,
    }


def studies(trials):
    """The grids by name: one with a few configurations, one with long names, one with many trials."""
    rates = [round(0.001 * (n + 1), 4) for n in range(max(1, trials // 50))]
    tiny = {"dataset": {"name": "digits", "train": 20, "test": 10}, "model": {"family": "mlp", "hidden": []},
            "training": {"batch_size": 20, "iterations": 2}}
    return {
        "few": grid("few", {"model.activation": ["relu", "tanh", "sigmoid"]}, 6, tags=["page"], notes="A note."),
        "axes": grid("axes", {"optimizer.lr": [0.3, 0.1, 0.03, 1e6], "model.hidden": [[16], [16, 32]],
                              "model.activation": ["relu", "tanh"]}, 4),
        "hostile": grid("hostile", {}, 2, variants={
            HOSTILE: {"model.hidden": [4]}, "x" * 200: {"model.hidden": [5]},
            "'\"`${x}` & <i>": {"model.hidden": [6]}}),
        "many": {**grid("many", {"optimizer.lr": rates, "optimizer.momentum": [0, 0.5, 0.8, 0.9, 0.95]}, 10), **tiny},
    }


class Checks:
    """What was looked at: a line each."""

    def __init__(self):
        self.failed = 0

    def __call__(self, what, found, expected=None, most=None, least=None):
        is_right = (found == expected if expected is not None
                    else (most is None or found <= most) and (least is None or found >= least))
        self.failed += not is_right
        bound = ("" if is_right and expected is not None else f"  expected {expected!r}" if expected is not None
                 else f"  at most {most}" if most is not None else f"  at least {least}")
        text = f"{found:.3f}" if isinstance(found, float) else repr(found)
        print(f"{'ok  ' if is_right else 'FAIL'} {what}: {text[:200]}{bound}", flush=True)


def load(browser, page):
    seconds = browser.open(page)
    browser.run((HERE / "measures.js").read_text())
    return seconds


def check_layout(browser, check, page, name, pictures=None):
    """Nothing too wide, nothing over another, nothing cut, at every width; contrast, light and dark."""
    for width, height in ((390, 844), (800, 900), (1280, 800), (1920, 1080)):
        for scheme in ("light", "dark"):
            if scheme == "dark" and width not in (390, 1280) and not pictures:
                continue
            browser.media(scheme)
            browser.resize(width, height, is_phone=width < 500)
            load(browser, page)
            where = f"{name} at {width}, {scheme}"
            if scheme == "light":
                check(f"{where}: wider than the window", browser.run("measure.tooWide()"), [])
                check(f"{where}: the page scrolls sideways by",
                      browser.run("document.documentElement.scrollWidth - innerWidth"), most=0)
                check(f"{where}: texts over each other", browser.run("measure.overprints()"), [])
                check(f"{where}: cells cut", browser.run("measure.cut()"), [])
            if width in (390, 1280):
                contrast = browser.run("measure.leastContrast()")
                check(f"{where}: least contrast, of {contrast['text']!r}", contrast["ratio"], least=4.5)
            if pictures:
                browser.picture(pictures / f"{name}-{width}-{scheme}.png")
                if scheme == "light" or width == 1280:
                    browser.picture(pictures / f"{name}-{width}-{scheme}-whole.png", whole=True)
            check(f"{where}: faults", browser.faults, [])
            check(f"{where}: requests", [url for url in browser.requests if not url.endswith("/index.html")], [])
    browser.media("light")
    browser.resize(1280, 800)


def check_measures(browser, check, page):
    """What the measures are for, planted: a measure that finds nothing of it would be none."""
    load(browser, page)

    def plant(html):
        browser.run(f"document.querySelector('main').insertAdjacentHTML('afterbegin', {json.dumps(html)})")

    plant("<div class='planted' id='a'>one text</div><div class='planted' id='b'>another text</div>")
    browser.run("Object.assign(document.getElementById('b').style, { marginTop: '-1.2em', color: '#999' })")
    check("planted: texts over each other", browser.run("measure.overprints()"), ["one text | another text"])
    check("planted: a contrast of 2.8", browser.run("measure.leastContrast().ratio"), most=3.0)
    plant("<div id='c'>wide</div>")
    browser.run("document.getElementById('c').style.width = '3000px'")
    check("planted: wider than the window", len(browser.run("measure.tooWide()")), least=1)
    browser.run("Object.assign(document.getElementById('trial-table').style, { tableLayout: 'fixed', width: '200px' })")
    check("planted: a cell cut", len(browser.run("measure.cut()")), least=1)
    browser.run("setTimeout(() => { throw new Error('planted') })")
    browser.run("fetch('https://planted.example/').catch(() => 0)")
    browser.pump(0.3)
    faults = " ".join(browser.faults)
    check("planted: an error of a script", "Error: planted" in faults, True)
    check("planted: a request is refused by the policy", "planted.example" in faults, True)


def check_first_screen(browser, check, page, name):
    load(browser, page)
    check(f"{name}: the sentence ends above", browser.run("measure.bottom('.lead')"), most=400)
    check(f"{name}: the ranking's head ends above", browser.run("measure.bottom('.standing thead')"), most=800)
    check(f"{name}: the chart ends above", browser.run("measure.bottom('#curves .plot svg')"), most=800)


def check_paper(browser, check, page, name, pictures=None):
    load(browser, page)
    browser.run("measure.choose('Seed', '0')")
    browser.media("light", kind="print")
    # A4 across without its margins: 275 mm at 96 pixels an inch.
    browser.resize(1039, 700)
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    every = browser.run("measure.count('#columns input') + 1")
    check(f"{name} on paper: columns of the trials", browser.run("measure.titles().length"), every)
    check(f"{name} on paper: wider than the sheet", browser.run("measure.tooWide(1039)"), [])
    check(f"{name} on paper: cells cut", browser.run("measure.cut()"), [])
    check(f"{name} on paper: texts over each other", browser.run("measure.overprints()"), [])
    check(f"{name} on paper: boxes that scroll",
          browser.run("measure.every('.scroll:not(:has(svg))').filter((box) => measure.visible(box)"
                      " && box.scrollWidth > box.clientWidth + 1).length"), 0)
    browser.run("window.dispatchEvent(new Event('afterprint'))")
    browser.media("light")
    browser.resize(1280, 800)
    paper = browser.pdf()
    check(f"{name} on paper: pages of the PDF", len(re.findall(rb"/Type\s*/Page\b", paper)), least=1)
    if pictures:
        (pictures / f"{name}.pdf").write_bytes(paper)


def check_trials(browser, check, page):
    """Filter, find, columns and comparison, on three learning rates and one that diverges, two nets, four seeds."""
    load(browser, page)
    find = "measure.set(document.getElementById('find'), %s)"
    count = lambda text: browser.run(find % json.dumps(text))
    total = browser.run("document.getElementById('count').textContent")
    check("all trials", total.split(",")[0], "64 trials")
    check("find a word and a seed", count("tanh seed 2"), "8 trials of 64")
    check("find a number of a setting, not of a loss", count("0.3"), "16 trials of 64")
    check("find a number in a list", count("relu 32"), "16 trials of 64")
    check("find what is nowhere", count("nothing"), "0 trials of 64")
    count("")
    check("filter by an axis", browser.run("measure.choose('activation', 'tanh')"), "32 trials of 64")
    check("and by another", browser.run("measure.choose('learning rate', '0.1')"), "8 trials of 64")
    check("and by a seed", browser.run("measure.choose('Seed', '3')"), "2 trials of 64")
    browser.run("document.getElementById('all').click(), new Promise((done) => setTimeout(done, 50))")
    check("show all", browser.run("document.getElementById('count').textContent"), "64 trials")
    accuracy = "'Test accuracy (%)'"
    browser.run(f"measure.sortTime({accuracy})")
    values = [float(text) for text in browser.run(f"measure.column({accuracy})") if text not in ("–", "NaN")]
    check("the first click sorts the best first", values, sorted(values, reverse=True))
    check("and says so", browser.run(f"measure.heading({accuracy}).getAttribute('aria-sort')"), "descending")
    before = browser.run("measure.titles().length")
    browser.run("document.querySelector('#columns input').click()")
    check("a column less", browser.run("measure.titles().length"), before - 1)
    check("name and heading stay while the table scrolls", browser.run("measure.stays()"), [True, True])
    browser.run("measure.every('#trial-table tbody input').slice(0, 3).forEach((box) => box.click())")
    browser.run("measure.button('Compare').click()")
    browser.settle()
    table = browser.run("measure.compared()")
    check("compared trials", browser.run("measure.count('#comparison thead th') - 1"), 3)
    check("what differs is marked", all((row[0] == "differs") == (len(set(row[2:])) > 1) for row in table), True)
    check("rows of the comparison", len(table), least=8)
    browser.run("document.querySelector('#comparison .bar input').click()")
    differing = sum(row[0] == "differs" for row in table)
    check("only what differs", browser.run("measure.count('#comparison tbody tr')"), differing)
    check("the comparison's curves", browser.run("measure.count('#comparison .plot .line')"), 3)
    check("faults", browser.faults, [])


def check_chart(browser, check, page):
    load(browser, page)
    check("lines at first: those that the report names", browser.run("measure.lines()"), 6)
    browser.run("document.querySelector('.legend input').click()")
    check("one hidden", browser.run("measure.lines()"), 5)
    browser.run("document.querySelector('.legend input').click()")
    browser.run("measure.button('All').click()")
    check("all shown", browser.run("measure.lines()"), least=12)
    browser.run("measure.button('Best').click()")
    path = "measure.path()"
    plain = browser.run(path)
    browser.run("measure.smooth(0.8)")
    check("smoothing bends the lines", browser.run(path) != plain, True)
    browser.run("measure.smooth(0)")
    browser.run("measure.switchLog()")
    check("linear and log differ", browser.run(path) != plain, True)
    browser.run("measure.switchLog()")
    check("and back", browser.run(path) == plain, True)
    box = browser.run("measure.plotBox()")
    x = lambda share: box[0] + box[2] * share
    y = box[1] + box[3] * 0.4
    browser.mouse("mouseMoved", x(0.5), y)
    browser.settle()
    tip = browser.run("measure.tip()")
    check("values under the pointer", bool(re.match(r"iteration [\d,]+.*\d\d\.\d\d", tip)), True)
    browser.mouse("mousePressed", x(0.4), y, buttons=1)
    browser.mouse("mouseMoved", x(0.6), y + 2, buttons=1)
    browser.mouse("mouseReleased", x(0.6), y + 2)
    browser.settle()
    check("a drag zooms", browser.run(path) != plain, True)
    browser.run("measure.button('Whole').click()")
    check("and the whole comes back", browser.run(path) == plain, True)
    browser.run("measure.button('Training loss', document.getElementById('curves')).click()")
    check("the loss, with its axis", browser.run("measure.plot().textContent.includes('training loss')"), True)
    check("a diverged run does not press the others flat", max(browser.run("measure.plotNumbers()")), most=1e4)
    check("faults", browser.faults, [])


def check_keys(browser, check, page):
    """Everything by keyboard: the order of the stops, the chart's arrows, a sort, a choice."""
    load(browser, page)
    browser.run("document.body.focus()")
    stops = []
    for _ in range(400):
        browser.key("Tab")
        stop = browser.run("measure.stop()")
        if stop == "end" or "head,true" in stops and stop.startswith("INPUT"):
            break
        stops.append(stop)
    check("the first stop", stops[0].split(",")[0], "skip")
    names = [stop.split(",")[0] for stop in stops]
    check("stops that the tab key reaches", [name for name in ("plot", "find", "head") if name not in names], [])
    check("stops without a visible focus", [stop for stop in stops if stop.endswith("false")], [])
    check("stops before the trials", names.index("find"), most=60)
    browser.run("measure.plot().focus()")
    browser.key("ArrowRight")
    browser.key("ArrowRight")
    spoken = browser.run("document.querySelector('#curves [role=status]').textContent")
    check("arrow keys say the values", bool(re.match(r"iteration [\d,]+: .*\d", spoken)), True)
    before = browser.run("measure.path()")
    browser.key("+", text="+")
    check("plus zooms", browser.run("measure.path()") != before, True)
    browser.key("Escape")
    check("escape shows all", browser.run("measure.path()") == before, True)
    browser.run("document.querySelector('#trial-table thead button').focus()")
    browser.key("Enter")
    sorting = browser.run("document.activeElement.closest('th')?.getAttribute('aria-sort')")
    check("enter sorts, the focus stays", sorting, "ascending")


def check_many(browser, check, page, trials):
    check("the page of many trials, MB", page.stat().st_size / 1e6, most=5.0)
    check("loaded within, s", load(browser, page), most=5.0)
    total = browser.run("document.getElementById('count').textContent")
    check("trials", total.split(" ")[0], f"{trials:,}")
    for title in browser.run("measure.titles()"):
        milliseconds = browser.run(f"measure.sortTime({json.dumps(title)})")
        check(f"sorted by {title}, s", milliseconds / 1000, most=0.5)
    start = browser.run("performance.now()")
    browser.run("measure.set(document.getElementById('find'), '0.9 seed 3')")
    check("found within, s", (browser.run("performance.now()") - start) / 1000, most=0.5)
    check("rows drawn", browser.run("measure.count('#trial-table tbody tr')"), most=100)
    check("faults", browser.faults, [])


def check_hostile(browser, check, page):
    load(browser, page)
    check("hostile names: scripts on the page", browser.run("document.scripts.length"), 2)
    check("hostile names: elements made of them", browser.run("measure.count('b, i, [onclick]')"), 0)
    is_text = browser.run("document.body.textContent.includes('</script><script>alert(1)')")
    check("hostile names: shown as text", is_text, True)
    browser.run("measure.allColumns()")
    check("hostile names: cells cut, with every column", browser.run("measure.cut()"), [])
    check("hostile names: texts over each other", browser.run("measure.overprints()"), [])
    check("hostile names: wider than the window", browser.run("measure.tooWide()"), [])
    check("hostile names: faults", browser.faults, [])
    browser.run("const made = document.createElement('script'); made.textContent = 'window.pwned = 1';"
                "document.body.append(made)")
    check("a script that got in would not run", browser.run("window.pwned ?? 0"), 0)
    browser.faults.clear()


def check_without_script(browser, check, page):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.open(page, has_scripts=False)
    browser.call("Emulation.setScriptExecutionDisabled", value=False)
    browser.run((HERE / "measures.js").read_text())
    picture = browser.run("measure.every('.main-chart figure svg').filter(measure.visible).length")
    check("without script: gnuplot's picture is seen", picture, 1)
    check("without script: the ranking is seen", browser.run("measure.count('.standing tbody tr')"), least=2)


def check_links(check, page):
    html = page.read_text()
    links = {link for link in re.findall(r'href="([^"#][^"]*)"', html)}
    check("links that lead nowhere", sorted(link for link in links if not (page.parent / link).exists()), [])
    wanted = ["README.md", "charts/", "charts/final.png", "grid.json", "results.csv", "results.json"]
    check("links that are not there", [name for name in wanted if name not in links], [])


def check_renewal(browser, check, bench, folder):
    """A page that is renewed while its study runs, and keeps the reader's place."""
    slow = grid("slow", {"model.activation": ["relu", "tanh"]}, 6, iterations=20_000)
    (folder / "slow.json").write_text(json.dumps(slow))
    store = folder / "slow.db"
    # A first trial, so that there is a study to look at.
    run(bench, folder, "run", "slow.json", "--db", store, "--only", "seed=0", "--set", "training.iterations=40", "-q",
        "--no-weights")
    runner = subprocess.Popen([bench, "run", "slow.json", "--db", store, "-j", "1", "-q", "--no-weights"], cwd=folder,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watcher = None
    try:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            listed = subprocess.run([bench, "list", "slow", "--db", store, "--format", "json"], cwd=folder,
                                    capture_output=True, text=True)
            if listed.returncode == 0 and len(json.loads(listed.stdout)) == 12:
                break
            time.sleep(0.3)
        watch = ["report", "slow", "--db", store, "--watch", "--every", "1", "--out", "live", "--gnuplot", "none"]
        watcher = subprocess.Popen([bench, *watch], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True)
        page = folder / "live/slow/index.html"
        end = time.monotonic() + 30
        while not page.exists() and time.monotonic() < end:
            time.sleep(0.2)
        load(browser, page)
        written = browser.run("document.querySelector('footer')?.textContent")
        browser.run("measure.choose('activation', 'tanh')")
        browser.run("measure.set(document.getElementById('find'), 'tanh')")
        browser.run("document.getElementById('find').focus(), window.scrollTo(0, 300)")
        browser.settle()
        end = time.monotonic() + 40
        while time.monotonic() < end:
            browser.pump(0.5)
            if browser.run("document.querySelector('footer')?.textContent") != written:
                break
        browser.pump(0.5)
        # A page that has renewed itself knows nothing of what stood in the old one.
        browser.run((HERE / "measures.js").read_text())
        now = browser.run("document.querySelector('footer').textContent")
        check("the page has renewed itself", now != written, True)
        check("it keeps the choice", browser.run("measure.select('activation').selectedOptions[0].textContent"), "tanh")
        check("it keeps the words", browser.run("document.getElementById('find').value"), "tanh")
        check("it keeps the place", browser.run("Math.round(scrollY)"), 300)
        check("it keeps the focus", browser.run("document.activeElement.id"), "find")
        check("it keeps the filter", browser.run("document.getElementById('count').textContent"), "6 trials of 12")
        runner.terminate()
        runner.wait(30)
        watcher.send_signal(2)
        said = watcher.communicate(timeout=30)[0]
        check("Ctrl-C ends the watch", watcher.returncode, 130)
        check("and the page stands still", "data-renewal=\"" in page.read_text(), False)
        check("it said where the page is", "live/slow/index.html" in said, True)
        check("renewal: faults", browser.faults, [])
    finally:
        for process in (runner, watcher):
            if process and process.poll() is None:
                process.kill()
                process.wait()


def run(bench, folder, *words):
    process = subprocess.run([bench, *words], cwd=folder, capture_output=True, text=True)
    # Trials that diverge are an outcome, no error.
    if process.returncode:
        sys.exit(f"bench {' '.join(map(str, words))}: exit code {process.returncode}\n{process.stderr}")
    return process


def processor_seconds():
    """What the programs that have ended took: on a busy machine it tells more than the clock."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", default=".build/release/bench", help="the program")
    parser.add_argument("--trials", type=int, default=10_000, help="trials of the large study, a multiple of 50")
    parser.add_argument("--short", action="store_true", help="under a minute: 500 trials in the large study")
    parser.add_argument("--pictures", type=Path, help="write screenshots into this folder")
    parser.add_argument("--page", type=Path, action="append", default=[], help="look at the layout of this page too")
    arguments = parser.parse_args()
    if find_program() is None:
        sys.exit("page.py: there is no Chromium on the PATH; make page installs one on a Debian machine")
    bench = Path(arguments.bench).resolve()
    trials = 500 if arguments.short else arguments.trials
    if arguments.pictures:
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    check, start = Checks(), time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-page-") as name:
        folder = Path(name)
        pages = {}
        for study, content in studies(trials).items():
            (folder / f"{study}.json").write_text(json.dumps(content))
            run(bench, folder, "run", f"{study}.json", "--no-weights", "-q")
            began = processor_seconds()
            run(bench, folder, "report", study, "-q")
            if study == "many":
                check(f"the report on {trials:,} trials, processor s", processor_seconds() - began, most=3.0)
            pages[study] = next((folder / "reports").glob(f"{study}*")) / "index.html"
        print(f"     studies trained and reported: {time.monotonic() - start:.0f} s", flush=True)
        with Browser() as browser:
            browser.resize(1280, 800)
            check_measures(browser, check, pages["few"])
            for study in ["few", "axes", "hostile"]:
                check_layout(browser, check, pages[study], study, arguments.pictures)
                check_paper(browser, check, pages[study], study, arguments.pictures)
            for page in arguments.page:
                check_layout(browser, check, page, page.parent.name, arguments.pictures)
                check_paper(browser, check, page, page.parent.name, arguments.pictures)
            for study in ["few", "axes"]:
                check_first_screen(browser, check, pages[study], study)
            check_links(check, pages["few"])
            check_trials(browser, check, pages["axes"])
            check_chart(browser, check, pages["axes"])
            check_keys(browser, check, pages["few"])
            check_hostile(browser, check, pages["hostile"])
            check_without_script(browser, check, pages["few"])
            check_many(browser, check, pages["many"], trials)
            check_renewal(browser, check, bench, folder)
    print(f"{'all as it should be' if not check.failed else f'{check.failed} not as they should be'}, "
          f"{time.monotonic() - start:.0f} s")
    sys.exit(1 if check.failed else 0)


if __name__ == "__main__":
    main()
