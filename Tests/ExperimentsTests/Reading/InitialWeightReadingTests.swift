import Testing

@testable import Experiments

/// What `initial_weights` may be.
@Suite struct InitialWeightReadingTests {
  private func weights(_ text: String) throws -> InitialWeights? {
    try #require(try study(grid(["initial_weights": text])).configurations.first).resolved.initialWeights
  }

  @Test func itIsAPathOrAnObject() throws {
    #expect(try weights("null") == nil)
    #expect(try weights("\"a.safetensors\"") == InitialWeights(path: "a.safetensors"))
    #expect(try weights(#"{"file": "a.safetensors"}"#) == InitialWeights(path: "a.safetensors"))
    let each = try #require(try weights(#"{"file": "w/{seed}.safetensors", "strict": false}"#))
    #expect(each == InitialWeights(path: "w/{seed}.safetensors", isStrict: false) && each.isPerSeed)
    #expect(each.file(ofSeed: 7).path == "w/7.safetensors")
    let axes = try study(
      grid(["initial_weights": #"{"file": "a", "strict": false}"#, "axes": #"{"initial_weights.file": ["b", "c"]}"#]))
    #expect(axes.configurations.map(\.resolved.initialWeights?.path) == ["b", "c"])
    #expect(axes.configurations.allSatisfy { $0.resolved.initialWeights?.isStrict == false })
  }

  @Test func mistakesAreNamed() {
    func only(_ text: String) -> String { errors(grid(["initial_weights": text])).joined(separator: " / ") }
    #expect(
      only(#"{"strict": false}"#).hasSuffix(
        "initial_weights.file is missing; initial_weights needs it: a text of 1 to 4096 characters"))
    #expect(
      only(#"{"file": "a", "strikt": false}"#).hasSuffix(
        "initial_weights.strikt is not a known key; initial_weights has file and strict. Did you mean \"strict\"?"))
    #expect(only(#"{"file": "a", "strict": 0}"#).contains("initial_weights.strict is 0; expected true or false"))
    #expect(only("5").contains("initial_weights is 5; expected a text of 1 to 4096 characters"))
  }

  @Test func whatIsStoredIsReadBack() throws {
    var named = try #require(
      try study(grid(["initial_weights": #"{"file": "{seed}", "strict": false}"#])).configurations.first)
    named.resolved.initialWeights?.digests = [0: "aa", 10: "bb", 2: "cc"]
    #expect(try StudyConfiguration(storedJSON: named.storedJSON) == named)
    #expect(
      named.resolved.canonicalJSON.hasSuffix(#""initial_weights":{"0":"aa","10":"bb","2":"cc"}}"#),
      "\(named.resolved.canonicalJSON)")
  }

  @Test func aTrialsKeyIsThatOfItsOwnFile() throws {
    var each = try #require(try study(grid(["initial_weights": "\"{seed}.safetensors\""])).configurations.first)
      .resolved
    each.initialWeights?.digests = [3: "aa", 4: "bb"]
    var one = each
    one.initialWeights = InitialWeights(path: "elsewhere", digest: "aa")
    let keys = each.trialKeys(of: [3, 4], hash: each.hash, dataDigest: "d")
    #expect(keys[0] == one.trialKeys(of: [3], hash: one.hash, dataDigest: "d")[0])
    #expect(keys[0] == Trial.key(configurationHash: one.hash, seed: 3, dataDigest: "d") && keys[0] != keys[1])
    one.initialWeights?.isStrict = false
    #expect(one.trialKeys(of: [3], hash: one.hash, dataDigest: "d")[0] == keys[0])
  }
}
