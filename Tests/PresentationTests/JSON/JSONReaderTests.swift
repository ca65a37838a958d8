import TestSupport
import Testing

@testable import Presentation

@Suite struct JSONReaderTests {
  static func read(_ text: String, allowsComments: Bool = false) throws -> JSONNode {
    var reader = JSONReader(Array(text.utf8), allowsComments: allowsComments)
    return try reader.read()
  }

  @Test(
    arguments: [
      ("null", JSONValue.null), (" true ", true), ("false", false), ("0", 0), ("-0", 0), ("12", 12), ("-1.5e+3", -1500),
      ("1E2", 100), ("0.10", .double(0.1)), ("\"\"", ""), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u4e2d""#, "Aé中"), (#""\ud83d\ude00""#, "😀"), (#""\udbff\udfff""#, "\u{10FFFF}"),
      (#""\u0000""#, "\0"), ("\"é中😀\"", "é中😀"),
      ("[]", []), ("[ ]", []), ("[1,[2,[]],{}]", [1, [2, []], [:]]), ("{}", [:]),
      ("{\"b\":1,\"a\":{\"c\":[true]}}", ["b": 1, "a": ["c": [true]]]), ("\r\n\t [1 ,2]\n", [1, 2]),
    ] as [(String, JSONValue)])
  func accepts(_ text: String, _ value: JSONValue) throws {
    #expect(try Self.read(text).value == value)
  }

  @Test(arguments: [
    ("", "1:1: the text ends where a value is expected"), ("  ", "1:3: the text ends where a value is expected"),
    ("[1, 2", "1:6: found the end of the text in a list; expected a comma or ]"),
    ("[1,]", "1:4: found ] after a comma; the last value of a list has none after it"),
    ("{\"a\":1,}", "1:8: found } after a comma; the last member of an object has none after it"),
    ("{a:1}", "1:2: found a; expected a key in double quotes"),
    ("{\"a\" 1}", "1:6: found 1 after a key; expected a colon"),
    ("{\"a\":1 \"b\":2}", "1:8: found \" in an object; expected a comma or }"),
    ("['a']", "1:2: found '; a string stands in double quotes"),
    ("[1] 2", "1:5: found 2 after the end of the value; expected nothing more"),
    ("// a\n1", "1:1: found /; JSON has no comments"), ("01", "1:2: a number does not begin with 0 and another digit"),
    ("+1", "1:1: found +; expected a value"), (".5", "1:1: found .; expected a value"),
    ("1.", "1:3: found the end of the text in a number; expected a digit"),
    ("-", "1:2: found the end of the text in a number; expected a digit"),
    ("1e", "1:3: found the end of the text in a number; expected a digit"), ("1x", "1:2: found x in a number"),
    ("0x10", "1:2: found x in a number"), ("NaN", "1:1: found N; expected a value"),
    ("-Infinity", "1:2: found I in a number; expected a digit"), ("nul", "1:1: found n; expected a value"),
    ("trueish", "1:5: found i after true"), ("\"a", "1:3: the text ends inside a string"),
    (
      "\"a\nb\"",
      "1:3: found control character 0xA inside a string; write it as an escape such as \\n, or close the string"
    ),
    (#""\x""#, #"1:3: found \x; the escapes are \" \\ \/ \b \f \n \r \t \uXXXX"#),
    (#""\u12g4""#, "1:4: \\u needs four hexadecimal digits"),
    (#""\ud800""#, "1:8: a \\u escape before this place is half of a surrogate pair"),
    (#""\udc00\ud800""#, "1:8: a \\u escape before this place is half of a surrogate pair"),
    ("{\n  \"é\": tru\n}", "2:8: found t; expected a value"),
    (String(repeating: "[", count: 65), "1:65: lists and objects lie more than 64 deep in each other"),
  ])
  func rejects(_ text: String, _ message: String) {
    #expect(throws: JSONReader.SyntaxError.self) { try Self.read(text) }
    do {
      _ = try Self.read(text)
    } catch let error as JSONReader.SyntaxError {
      #expect("\(error.position.line):\(error.position.column): \(error.message)" == message)
    } catch {}
  }

  @Test(
    arguments: [
      ("// a\n1", 1), ("1 // a", 1), ("/* a\n // */ [1, /**/ 2 /* b */,]", [1, 2]), ("{\"a\": 1, // b\r}", ["a": 1]),
      ("{\"a//b\": \"/* c */\",}", ["a//b": "/* c */"]), ("/***/[]//", []),
    ] as [(String, JSONValue)])
  func readsOverCommentsWhereItMay(_ text: String, _ value: JSONValue) throws {
    #expect(throws: JSONReader.SyntaxError.self) { try Self.read(text) }
    #expect(try Self.read(text, allowsComments: true).value == value)
  }

  @Test(arguments: [
    ("[1] /* a", "1:5: the text ends inside the comment that begins here; close it with */"),
    ("/", "1:1: found /; a comment stands after // or in /* */"),
    ("# a\n1", "1:1: found #; a comment stands after // or in /* */"), ("[,]", "1:2: found ,; expected a value"),
    ("[1,,]", "1:4: found ,; expected a value"), ("/* \n */ x", "2:5: found x; expected a value"),
    ("// é\n/* é */ x", "2:9: found x; expected a value"),
    ("{\"a\": 1,,}", "1:9: found ,; expected a key in double quotes"),
    ("[1] /", "1:5: found / after the end of the value; expected nothing more"),
  ])
  func placesAreRightBesideComments(_ text: String, _ message: String) {
    do {
      _ = try Self.read(text, allowsComments: true)
      Issue.record("no error")
    } catch let error as JSONReader.SyntaxError {
      #expect("\(error.position.line):\(error.position.column): \(error.message)" == message)
    } catch { Issue.record(error) }
  }

  @Test func aCommentIsUTF8() {
    var reader = JSONReader([0x2F, 0x2F, 0xFF, 0x0A, 0x31], allowsComments: true)
    #expect(throws: JSONReader.SyntaxError.self) { try reader.read() }
  }

  @Test(
    arguments: [
      ([0xEF, 0xBB, 0xBF, 0x31], "byte order mark"), ([0xFF, 0xFE, 0x31, 0], "UTF-16"), ([0, 0x31], "UTF-16"),
      ([0x31, 0, 0, 0], "UTF-32"), ([0x22, 0xC0, 0xAF, 0x22], "not valid UTF-8"),
      ([0x22, 0xED, 0xA0, 0x80, 0x22], "not valid UTF-8"), ([0x22, 0xFF, 0x22], "not valid UTF-8"),
      ([0xFF], "a byte that is not UTF-8"),
    ] as [([UInt8], String)])
  func refusesOtherEncodings(_ bytes: [UInt8], _ word: String) {
    var reader = JSONReader(bytes)
    do {
      _ = try reader.read()
      Issue.record("accepted \(bytes)")
    } catch {
      #expect(error.message.contains(word))
    }
  }

  @Test func acceptsSixtyFourLevelsAndAMillionBytes() throws {
    _ = try Self.read(String(repeating: "[", count: 64) + String(repeating: "]", count: 64))
    let long = "[" + Array(repeating: "1234567", count: 200_000).joined(separator: ", ") + "]"
    #expect(try Self.read(long).elements?.last?.position.column == 1 + 199_999 * 9 + 1)
  }

  @Test func refusesTextsAboveItsLimit() {
    var reader = JSONReader(Array(repeating: 0x20, count: JSONReader.maximumBytes + 1))
    #expect(throws: JSONReader.SyntaxError.self) { try reader.read() }
  }

  @Test func findsEveryDuplicateKeyAndKeepsTheFirst() throws {
    var reader = JSONReader(Array("{\"a\": 1,\n \"b\": {\"c\": 2, \"c\": 3},\n \"\\u0061\": 4}".utf8))
    let node = try reader.read()
    #expect(reader.duplicates.map(\.key) == ["c", "a"])
    #expect(reader.duplicates.map(\.position.line) == [2, 3])
    #expect(node["a"]?.value.value == 1)
  }

  @Test func knowsWhereEveryValueStands() throws {
    let node = try Self.read("{\n  \"ä\": [1, {\"b\": null}],\n\t\"c\": \"x\"}")
    let list = try #require(node["ä"])
    #expect(list.keyPosition == SourcePosition(line: 2, column: 3))
    #expect(list.value.position == SourcePosition(line: 2, column: 8))
    #expect(list.value.elements?[1]["b"]?.value.position == SourcePosition(line: 2, column: 18))
    #expect(node["c"]?.value.position == SourcePosition(line: 3, column: 7))
  }

  @Test func hugeNumbersAreSafe() throws {
    for text in ["1e999", "-1e999", "1" + String(repeating: "0", count: 100_000), "1e-999999999999"] {
      guard case .number(let number) = try Self.read(text).content else { return }
      #expect(number.int == nil || number.int == 0)
      _ = number.double
    }
    #expect(try Self.read("18446744073709551615").value == .number(JSONNumber(UInt64.max)))
    #expect(try Self.read("9007199254740993").value.int == 9_007_199_254_740_993)
    #expect(try Self.read("5.0").value.int == 5)
  }

  @Test(arguments: 0..<200)
  func whatIsWrittenReadsBack(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let value = JSONValue.random(&random, depth: 4)
    #expect(try Self.read(value.compactText).value == value, "seed \(seed)")
    #expect(try Self.read(value.prettyText).value == value, "seed \(seed)")
  }

  @Test func numbersAreWrittenShortest() {
    #expect(JSONValue.double(0.1).compactText == "0.1")
    #expect(JSONValue.double(3).compactText == "3")
    #expect(JSONValue.double(1e-8).compactText == "1e-08")
    #expect(JSONValue.double(.nan).compactText == "\"NaN\"")
    #expect(JSONValue.double(-0.0).compactText == "0")
  }
}

extension JSONValue {
  fileprivate static func random(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(.random(in: .min ... .max, using: &random))
    case 3: return .double(.random(in: -1e3...1e3, using: &random) * (Bool.random(using: &random) ? 1e-20 : 1e30))
    case 4: return .string(text(&random))
    case 5, 6:
      let count = Int.random(in: 0..<5, using: &random)
      return .array((0..<count).map { _ in .random(&random, depth: depth - 1) })
    default:
      let count = Int.random(in: 0..<5, using: &random)
      return .object((0..<count).map { Member("\($0)" + text(&random), .random(&random, depth: depth - 1)) })
    }
  }

  private static func text(_ random: inout SeededGenerator) -> String {
    let letters = ["a", "é", "😀", "\"", "\\", "\n", "\u{1}", "\u{7F}", "</script>", " ", "中"]
    return (0..<Int.random(in: 0..<6, using: &random)).map { _ in letters.randomElement(using: &random) ?? "" }.joined()
  }
}
