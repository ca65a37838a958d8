import Foundation
import TestSupport
import Testing

@testable import Presentation

@Suite struct TextTests {
  @Test(arguments: ["model-abc", "a", "mlp_vs.cnn", "2026-11-21"])
  func fitNamesStayAsTheyAre(name: String) { #expect(FolderName.safe(name) == name) }

  @Test(arguments: [
    "", ".", "..", "../x", "/etc/passwd", ".hidden", "con", "nul.txt", "com1", "a b", "Model", "x.", "-rf", "名前",
    "a\nb",
    "a\u{0}b", String(repeating: "x", count: 300), "a/../../b", "stem-0123456789abcdef",
  ])
  func otherNamesBecomeSafe(name: String) {
    let safe = FolderName.safe(name)
    #expect(safe != name)
    #expect(safe.range(of: "^[a-z0-9][a-z0-9_-]{0,60}$", options: .regularExpression) != nil, "\(safe)")
    #expect(!safe.hasSuffix(".") && !safe.contains(".."))
    #expect(FolderName.safe(safe) != name)
  }

  @Test func distinctNamesStayDistinctWhateverTheCase() {
    let names = ["a b", "a-b", "A-B", "a_b", "a\tb", "A b", "", " ", "-", "ä", "ö"] + hostileNames
    #expect(Set(names.map { FolderName.safe($0).lowercased() }).count == names.count)
    // A name that looks like another one's safe form gets a form of its own.
    #expect(FolderName.safe(FolderName.safe("a b")) != FolderName.safe("a b"))
  }

  @Test(arguments: [
    ("a|b", "a\\|b"), ("`x`", "\\`x\\`"), ("<script>", "&lt;script&gt;"), ("a\nb", "a b"), ("@user", "@<!-- -->user"),
    ("see https://x.y", "see https:<!-- -->//x.y"), ("www.x.org", "www.<!-- -->x.org"),
    ("a window.", "a window."),
    ("*b* _i_ ~s~", "\\*b\\* \\_i\\_ \\~s\\~"),
    ("[a](b) ![c](d)", "\\[a\\](b) \\!\\[c\\](d)"), ("#1", "\\#<!-- -->1"), ("$x$", "&#36;x&#36;"), ("a: b", "a: b"),
    ("back\\slash", "back\\\\slash"), ("&amp;", "&amp;amp;"),
  ])
  func markdownShowsNamesAsTheyAre(text: String, escaped: String) { #expect(Markdown.escaped(text) == escaped) }

  @Test func markdownFenceIsLongerThanAnyInside() {
    #expect(Markdown.render(.preformatted("a\n````\nb")).hasPrefix("`````text\n"))
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""), ("=1+1", "'=1+1"),
    ("@x", "'@x"), ("-x,y", "\"'-x,y\""), ("\tx", "'\tx"), ("", ""),
    ("=\u{301}cmd", "'=\u{301}cmd"), ("\r\n=cmd", "\"'\r\n=cmd\""), (" =cmd", "' =cmd"), ("\u{200B}@x", "'\u{200B}@x"),
    ("-1.5e3", "-1.5e3"), (" plain", " plain"),
  ])
  func csvQuotesAndDisarms(text: String, field: String) { #expect(CSV.text(text) == field) }

  @Test func htmlEscapesForElementsAndAttributes() {
    #expect(HTML.escaped("<a href=\"x\" b='y'>&") == "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;")
  }

  @Test func marksThatTurnTheDirectionOfWritingAreGone() {
    #expect(PlainText.oneLine("a\u{202E}b\u{2066}c\u{61C}d\u{1B}[31m\u{85}\n") == "abcd [31m  ")
  }

  @Test func messagesKeepTheirLineFeedsAlone() {
    #expect(PlainText.lines("a\n\u{1B}[2Jb\r\u{9B}31mc\u{200F}\t") == "a\n [2Jb  31mc ")
  }

  @Test(arguments: [
    (0.0, "0"), (0.003, "0.003"), (1500, "1500"), (20_000, "20,000"), (1e5, "100,000"), (2.5e7, "2.5e7"),
    (3.2e-5, "3.2e−5"),
    (-4e6, "−4,000,000"),
  ])
  func axesNameRoundNumbersShortly(value: Double, text: String) { #expect(NumberText.short(value) == text) }

  @Test func wideCharactersCountTwice() {
    #expect(PlainText.shortened("平均プーリングと同じパディング", to: 12) == "平均プ…ング")
    #expect(PlainText.shortened("平均プーリングと同じパディング", to: 12).terminalColumns <= 12)
  }

  @Test func shortenedLabelsStayDistinct() {
    let long = String(repeating: "x", count: 100)
    let labels = PlainText.distinct([long + "1", long + "1", long + "2", "short"], limit: 20)
    #expect(Set(labels).count == 4)
    #expect(labels.allSatisfy { $0.count <= 24 })
    #expect(labels[3] == "short")
  }

  @Test func numbersReadWell() {
    #expect(NumberText.fixed(-0.001, 2) == "0.00")
    #expect(NumberText.fixed(-1.5, 1) == "−1.5")
    #expect(NumberText.signed(0.25, 2) == "+0.25")
    #expect(NumberText.count(1_234_567) == "1,234,567")
    #expect(NumberText.count(-999) == "−999")
    #expect(NumberText.p(0.0000001) == "< 0.001")
    #expect(NumberText.p(0.03125) == "0.031")
    #expect(NumberText.p(0.9999) == "> 0.999")
    #expect(NumberText.p(.nan) == "–")
    #expect(NumberText.duration(0.4239) == "0.42 s")
    #expect(NumberText.duration(185) == "3 min 5 s")
    #expect(NumberText.duration(7800) == "2 h 10 min")
    #expect(NumberText.clock(187) == "3:07" && NumberText.clock(3765) == "1:02:45")
    #expect(NumberText.spread(0.10481, 0.00272) == "0.1048 ± 0.0027")
    #expect(NumberText.spread(0.5, 0) == "0.5000 ± 0")
    #expect(NumberText.spread(88_309_333, 7_501_811) == "(8.83 ± 0.75)e7")
    #expect(NumberText.spread(88_309_333, .nan) == "8.831e7 ± NaN")
    #expect(NumberText.percent(0.975) == "97.5 %")
    #expect(NumberText.exact(0.1) == "0.1")
    #expect(NumberText.exact(-.infinity) == "-Infinity")
    #expect(NumberText.significant(.nan) == "NaN")
  }

  /// A store that was changed may have any number.
  @Test func numbersThatNoIntegerHoldsHaveATextToo() {
    #expect(NumberText.count(1e19) == "1.000e19" && NumberText.count(-1e300) == "−1.000e300")
    #expect(NumberText.count(.infinity) == "∞" && NumberText.count(Double.nan) == "NaN")
    #expect(NumberText.duration(1e19) == "1.000e19 s" && NumberText.duration(.infinity) == "∞")
    #expect(NumberText.clock(1e19) == "277777:46:40" && NumberText.clock(-1e19) == "0:00")
  }

  @Test func wideCharactersKeepColumnsAligned() {
    let table = Table(
      columns: [.init(title: "a"), .init(title: "b")], rows: [["名前", "x"], ["🎉", "y"], ["abcd", "z"]])
    let lines = AlignedText.render([Section(id: "s", title: "", blocks: [.table(table)])]).split(separator: "\n")
    #expect(lines.suffix(3).allSatisfy { $0.terminalColumns == 9 }, "\(lines)")
  }

  @Test func jsonIsReadBackAsItWasWritten() throws {
    let hostile = hostileNames.joined()
    let text =
      ([
        "b": .string(hostile), "a": .array([.double(.nan), .double(0.1), .null, .bool(true)]),
      ] as JSONValue)
    for form in [text.documentText, text.markupSafeText] {
      let object = try #require(try JSONSerialization.jsonObject(with: Data(form.utf8)) as? [String: Any])
      #expect(object["b"] as? String == hostile)
      let list = try #require(object["a"] as? [Any])
      #expect(list[0] as? String == "NaN" && list[1] as? Double == 0.1 && list[2] is NSNull && list[3] as? Bool == true)
      #expect(!form.contains("</script"))
    }
    #expect(
      try #require(text.documentText.range(of: "\"b\"")).lowerBound
        < (try #require(text.documentText.range(of: "\"a\""))).lowerBound)
  }

  @Test func whatAScriptElementTakesForMarkupIsEscaped() {
    let text = "<!--&-->\u{2027}\u{2028}\u{2029}\u{202A}€"
    #expect(
      JSONValue.string(text).markupSafeText
        == "\"\\u003c!--\\u0026--\\u003e\u{2027}\\u2028\\u2029\u{202A}€\"")
  }

  @Test func textsAreReplacedInOnePass() {
    let changes = Replacements([("ab", "b"), ("b", "ab"), ("é", "e"), ("", "x"), ("abc", "never: ab is taken first")])
    #expect(changes.text(of: Array("abcb é bab€a".utf8)) == "bcab e abb€a")
    #expect(changes.text(of: []) == "")
  }
}
