import Experiments
import Foundation
import Testing

@testable import Reporting

/// The page in a real browser; `make page` looks at more of it.
@Suite(.serialized) struct PageTests {
  static let hasBrowser = Program.exists("chromium")

  @Test(.enabled(if: hasBrowser, "chromium is not installed"))
  func tableOfTrialsIsDrawnAHundredAtATime() async throws {
    let page = Report(Samples.many(30, seeds: 5)).text(.html)
    let found = try await run(page, "rows() + '|' + count() + '|' + !document.getElementById('more').hidden")
    #expect(found == "100|150 trials, the first 100 shown|true")
    let all = try await run(
      page, "(document.getElementById('more').click(), rows() + '|' + document.getElementById('more').hidden)")
    #expect(all == "150|true")
  }

  @Test(.enabled(if: hasBrowser, "chromium is not installed"))
  func columnsAreSortedBothWaysAndMissingNumbersComeLast() async throws {
    let page = Report(Samples.troubled()).text(.html)
    let sort = """
      (() => {
        const head = [...document.querySelectorAll('#trial-table th')].findIndex((cell) => cell.textContent === 'Test loss');
        const button = document.querySelectorAll('#trial-table th button')[head];
        const values = () => [...document.querySelectorAll('#trial-table tbody tr')].map((row) => row.cells[head].textContent);
        const isSorted = (list, sign) => { const n = list.filter((x) => x !== '–' && x !== 'NaN').map(Number); return n.every((x, i) => i === 0 || sign * (x - n[i - 1]) >= 0); };
        const last = (list) => list.slice(-2).every((x) => x === '–' || x === 'NaN');
        button.click(); const up = values();
        button.click(); const down = values();
        return [isSorted(up, 1), isSorted(down, -1), last(up), last(down), document.querySelectorAll('th[aria-sort=descending]').length].join();
      })()
      """
    #expect(try await run(page, sort) == "true,true,true,true,1")
  }

  @Test(.enabled(if: hasBrowser, "chromium is not installed"))
  func trialsAreFoundByWordAndByState() async throws {
    let page = Report(Samples.troubled()).text(.html)
    let byState = try await run(
      page,
      """
      (() => {
        const labels = [...document.querySelectorAll('#filter label')];
        const s = labels.find((label) => label.textContent.startsWith('State')).querySelector('select');
        s.value = [...s.options].find((option) => option.textContent === 'diverged').value;
        s.dispatchEvent(new Event('change'));
        return count();
      })()
      """)
    #expect(byState == "6 trials of 60")
    let byWord = try await run(
      page,
      "(() => { const s = document.getElementById('find'); s.value = 'Memory malloc'; s.dispatchEvent(new Event('input')); return count(); })()"
    )
    #expect(byWord == "1 trial of 60")
  }

  @Test(.enabled(if: hasBrowser, "chromium is not installed"))
  func hostileNamesAreTextAndRunNothing() async throws {
    let page = Report(Samples.hostile()).text(.html)
    let found = try await run(
      page,
      "[document.scripts.length, document.querySelectorAll('b').length, document.body.innerText.includes(\"<script>alert('x')\")].join()"
    )
    // The page's data, its script, and this test's.
    #expect(found == "3,0,true")
  }

  @Test(.enabled(if: hasBrowser && WritingTests.hasGnuplot, "chromium or gnuplot is not installed"))
  func idsAreUniqueAndNothingIsWiderThanATelephone() async throws {
    try await withFolder { folder in
      let outcome = try await Report(Samples.grid(seeds: 3)).write(into: folder)
      let page = try String(contentsOf: outcome.folder.appending(path: "index.html"), encoding: .utf8)
      let found = try await run(
        page,
        "(() => { const ids = [...document.querySelectorAll('[id]')].map((e) => e.id); return [ids.length - new Set(ids).size, document.querySelectorAll('figure svg').length, document.documentElement.scrollWidth <= window.innerWidth].join(); })()",
        width: 500)
      #expect(found == "0,\(outcome.charts.count),true")
      #expect(!page.contains("src=\"http") && !page.contains("href=\"http"))
    }
  }

  @Test func thePolicyNamesTheScriptAndTheStyleOfThePage() throws {
    let page = Report(Samples.hostile()).text(.html)
    func digest(_ element: String) throws -> String {
      let start = try #require(page.range(of: "<\(element)>")).upperBound
      let end = try #require(page[start...].range(of: "</\(element)>")).lowerBound
      return "'sha256-\(ContentDigest.bytes(of: Data(page[start..<end].utf8)).base64EncodedString())'"
    }
    #expect(try page.contains("script-src \(digest("script"));") && page.contains("style-src-elem \(digest("style"));"))
    #expect(page.firstRange(of: "default-src &#39;none&#39;") == nil && page.contains("default-src 'none'"))
  }

  @Test func aPageOfItsOwnHasNoLinksAndNoRenewal() {
    let alone = Report(Samples.modelABC()).text(.html)
    #expect(!alone.contains("href=\"results") && !alone.contains("data-renewal=\""))
    var surroundings = PageSurroundings(links: ["results.csv"], trialFolders: ["00c0ffee"])
    surroundings.renewalSeconds = 7
    let page = ReportPage.render(
      StudyAnalysis(Samples.modelABC(), options: ReportOptions()), charts: [], in: surroundings)
    #expect(page.contains("<a href=\"results.csv\">") && page.contains("\"pictures\":[\"00c0ffee\"]"))
    #expect(page.contains("<body data-renewal=\"7\">") && page.contains("http-equiv=\"refresh\" content=\"7\""))
  }

  /// The value of a JavaScript expression on the page, by way of its title.
  private func run(_ page: String, _ expression: String, width: Int = 1200) async throws -> String {
    let chromium = try #require(Program.path(of: "chromium"))
    var result = ""
    try await withFolder { folder in
      let probe = """
        <script>
        const rows = () => document.querySelectorAll('#trial-table tbody tr').length;
        const count = () => document.getElementById('count').textContent;
        document.documentElement.dataset.result = String(\(expression));
        </script></body>
        """
      let file = folder.appending(path: "page.html")
      // The page's policy would not run the probe.
      let open = page.replacing(/script-src '[^']*'/, with: "script-src 'unsafe-inline'")
      try Data(open.replacing("</body>", with: probe).utf8).write(to: file)
      let process = Process()
      process.executableURL = URL(filePath: chromium)
      process.arguments = [
        "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.appending(path: "profile").path())",
        "--window-size=\(width),900",
        "--dump-dom", "file://\(file.path())",
      ]
      let output = Pipe()
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      // A page that opens a dialog would wait for ever.
      DispatchQueue.global().asyncAfter(deadline: .now() + 60) { if process.isRunning { process.terminate() } }
      let dom = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      let start = try #require(dom.range(of: "data-result=\"")).upperBound
      result = String(dom[start...].prefix { $0 != "\"" })
    }
    return result
  }
}
