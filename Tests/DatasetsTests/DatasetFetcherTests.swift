import Experiments
import Files
import Foundation
import TestSupport
import Testing

@testable import Datasets

@Suite struct DatasetFetcherTests {
  typealias Response = LoopbackServer.Response

  let folder: TemporaryFolder
  /// 300,000 bytes that do not repeat.
  let content: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    var random = SplitMix64(seed: 1)
    content = (0..<300_000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  func digest(of bytes: [UInt8], _ digestOf: PublishedFile.DigestOf = .file) throws -> String {
    let path = try folder.write(bytes, to: "digest/\(UUID())")
    defer { try? FileManager.default.removeItem(atPath: folder.appending("digest")) }
    return try PublishedFile(name: "", bytes: 1 << 30, digestOf: digestOf, digest: "").digest(at: path)
  }

  func remote(
    _ names: [String] = ["a.bin"], digestOf: PublishedFile.DigestOf = .file
  ) throws -> KnownDataset.Publication {
    let digest = try digest(of: content)
    return KnownDataset.Publication(
      mirrors: [],
      files: names.map { PublishedFile(name: $0, bytes: content.count, digestOf: digestOf, digest: digest) })
  }

  func fetch(
    _ remote: KnownDataset.Publication, from mirrors: [String], stallSeconds: Int = 5, timeoutSeconds: Int? = nil,
    progress: (FetchProgress) -> Void = { _ in }
  ) throws -> Bool {
    let root = DataRoot(option: folder.path)
    return try DatasetFetcher(root: root, mirrors: mirrors, stallSeconds: stallSeconds, timeoutSeconds: timeoutSeconds)
      .fetch(remote, into: "sample", progress: progress).wasFetched
  }

  func fetched(_ name: String = "sample/a.bin") throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.appending(name))))
  }

  @Test func fetchesOnceAndReportsProgress() throws {
    let content = content
    let server = try LoopbackServer { LoopbackServer.ranged(content, $0) }
    var progress: [FetchProgress] = []
    #expect(try fetch(try remote(["a.bin", "b.bin"]), from: [server.address], progress: { progress.append($0) }))
    #expect(try fetched() == content)
    #expect(try folder.names() == ["sample"])
    #expect(try folder.names(in: "sample") == ["a.bin", "b.bin"])
    #expect(progress.last?.receivedBytes == content.count)
    #expect(progress.last?.file == "b.bin")
    #expect(try fetch(try remote(["a.bin", "b.bin"]), from: [server.address]) == false)
    #expect(server.requests.map(\.path) == ["/a.bin", "/b.bin"])
  }

  @Test func digestsAreThoseOfSha256sum() throws {
    let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    #expect(try digest(of: Array("abc".utf8)) == known)
    let packed = try SampleFiles.gzipped(Array("abc".utf8))
    #expect(try digest(of: packed, .contents) == known)
    #expect(try digest(of: packed, .file) != known)
  }

  @Test func checksWhatIsInsideAContainer() throws {
    let packed = try SampleFiles.gzipped(content)
    let server = try LoopbackServer { LoopbackServer.ranged(packed, $0) }
    #expect(try fetch(try remote(["a.gz"], digestOf: .contents), from: [server.address]))
    #expect(try fetched("sample/a.gz") == packed)
    #expect(try fetch(try remote(["a.gz"], digestOf: .contents), from: [server.address]) == false)
  }

  /// 64 MB of zeros in 64 KB, which a mirror sends or a killed fetch left.
  @Test(.timeLimit(.minutes(20))) func stopsAtTheSizeThatWasPublished() throws {
    let packed = try SampleFiles.gzipped([UInt8](repeating: 0, count: 64 << 20))
    let path = try folder.write(packed, to: "bomb.gz")
    let file = PublishedFile(name: "a.gz", bytes: packed.count, digestOf: .contents, contentBytes: 1000, digest: "")
    #expect(throws: DatasetError.wrongSize(path: path, found: nil, expected: 1000, because: "as it was published")) {
      try file.digest(at: path)
    }
    let server = try LoopbackServer { LoopbackServer.ranged(packed, $0) }
    let remote = try remote(["a.gz"], digestOf: .contents)
    let error = #expect(throws: DatasetError.self) { try fetch(remote, from: [server.address]) }
    #expect(error?.description.contains("is too long; expected 300000 (as it was published)") == true)
  }

  @Test(.timeLimit(.minutes(20))) func givesUpAMirrorThatTrickles() throws {
    let content = content
    // Each answer brings a little, so that no single one looks stalled.
    let server = try LoopbackServer { request in
      usleep(200_000)
      var response = LoopbackServer.ranged(content, request)
      response.breaksOffAfter = 100
      return response
    }
    let error = #expect(throws: DatasetError.self) {
      try fetch(try remote(), from: [server.address], timeoutSeconds: 2)
    }
    #expect(error?.description.contains("it took longer than 2 seconds; allow more with --timeout") == true)
    let first = server.requests.count
    #expect(first > 1)
    // What came stays.
    #expect(try folder.names(in: "sample.partial") == ["a.bin"])
  }

  @Test func readsNoSettingsOfTheUsersCurl() throws {
    let content = content
    let server = try LoopbackServer { LoopbackServer.ranged(content, $0) }
    let home = folder.appending("home")
    try folder.write(
      Array("url = \"http://127.0.0.1:1/stolen\"\nproxy = \"http://127.0.0.1:1\"\n".utf8), to: "home/.curlrc")
    setenv("CURL_HOME", home, 1)
    defer { unsetenv("CURL_HOME") }
    #expect(try fetch(try remote(), from: [server.address]))
  }

  @Test func unpackedFilesInPlaceAreEnough() throws {
    try folder.write(content, to: "sample/a")
    #expect(try fetch(try remote(["a.gz"], digestOf: .contents), from: ["http://127.0.0.1:1/"]) == false)
  }

  @Test func goesOnWhereAnEarlierFetchStopped() throws {
    try folder.write(Array(content.prefix(100_000)), to: "sample.partial/a.bin")
    let content = content
    let server = try LoopbackServer { LoopbackServer.ranged(content, $0) }
    #expect(try fetch(try remote(), from: [server.address]))
    #expect(try fetched() == content)
    #expect(server.requests.map(\.rangeStart) == [100_000])
  }

  @Test func goesOnWhereTheServerBreaksOff() throws {
    let content = content
    let server = try LoopbackServer { request in
      var response = LoopbackServer.ranged(content, request)
      response.breaksOffAfter = 70_000
      return response
    }
    #expect(try fetch(try remote(), from: [server.address]))
    #expect(try fetched() == content)
    #expect(server.requests.map(\.rangeStart) == [nil, 70_000, 140_000, 210_000, 280_000])
  }

  @Test func startsAnewWhereTheServerIgnoresRange() throws {
    try folder.write(Array(content.prefix(1000)), to: "sample.partial/a.bin")
    let content = content
    let server = try LoopbackServer { _ in Response(body: content) }
    #expect(try fetch(try remote(), from: [server.address]))
    #expect(try fetched() == content)
    #expect(server.requests.map(\.rangeStart) == [1000, nil])
  }

  @Test(arguments: [1000, 300_000, 310_000])
  func startsAnewWhereTheBeginningWasWrong(_ length: Int) throws {
    try folder.write([UInt8](repeating: 7, count: length), to: "sample.partial/a.bin")
    let content = content
    let server = try LoopbackServer { LoopbackServer.ranged(content, $0) }
    #expect(try fetch(try remote(), from: [server.address]))
    #expect(try fetched() == content)
  }

  @Test func fallsOverToTheNextMirror() throws {
    let content = content
    let absent = try LoopbackServer { _ in Response(status: 404) }
    let wrong = try LoopbackServer { _ in Response(body: Array(content.reversed())) }
    let broken = try LoopbackServer { _ in Response(body: content, breaksOffAfter: 0) }
    let right = try LoopbackServer { LoopbackServer.ranged(content, $0) }
    let closed = "http://127.0.0.1:1/"
    #expect(
      try fetch(try remote(), from: [closed, absent.address, wrong.address, broken.address, right.address]))
    #expect(try fetched() == content)
    #expect(broken.requests.count == 2)
  }

  @Test func namesEveryMirrorThatFailedAndLeavesNothingInPlace() throws {
    let content = content
    let absent = try LoopbackServer { _ in Response(status: 404) }
    let wrong = try LoopbackServer { _ in Response(body: Array(content.dropLast())) }
    let error = try #require(throws: DatasetError.self) {
      try fetch(try remote(), from: [absent.address, wrong.address])
    }
    guard case .notFetched("a.bin", let attempts) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(attempts.map(\.url) == [absent.address + "a.bin", wrong.address + "a.bin"])
    #expect(attempts[0].reason.contains("404"))
    #expect(attempts[1].reason.contains("SHA-256"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending("sample")))
  }

  @Test func keepsWhatCameWhenTheMirrorFails() throws {
    let content = content
    let server = try LoopbackServer { request in
      request.rangeStart == nil
        ? Response(body: content, breaksOffAfter: 50_000) : Response(status: 503)
    }
    #expect(throws: DatasetError.self) { try fetch(try remote(), from: [server.address]) }
    let size = try FileManager.default.attributesOfItem(atPath: folder.appending("sample.partial/a.bin"))[.size]
    #expect(size as? Int == 50_000)
  }

  @Test(.timeLimit(.minutes(20))) func givesUpOnAMirrorThatStalls() throws {
    let content = content
    let slow = try LoopbackServer { _ in
      Response(body: [content[0]], announced: content.count, pauseMicroseconds: 20_000_000)
    }
    let right = try LoopbackServer { LoopbackServer.ranged(content, $0) }
    #expect(try fetch(try remote(), from: [slow.address, right.address], stallSeconds: 1))
    #expect(try fetched() == content)
  }

  @Test func stopsAServerThatSendsWithoutEnd() throws {
    let endless = try LoopbackServer { _ in
      Response(body: [UInt8](repeating: 1, count: 40_000_000), announced: 1 << 40, pauseMicroseconds: 1_000_000)
    }
    let error = try #require(throws: DatasetError.self) { try fetch(try remote(), from: [endless.address]) }
    #expect("\(error)".contains("far more than the 300000 bytes"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending("sample.partial/a.bin")))
  }

  @Test func replacesDamagedFilesInPlaceOneByOne() throws {
    try folder.write([1, 2, 3], to: "sample/a.bin")
    try folder.write([4], to: "sample/mine.txt")
    let content = content
    let server = try LoopbackServer { LoopbackServer.ranged(content, $0) }
    #expect(try fetch(try remote(), from: [server.address]))
    #expect(try fetched() == content)
    #expect(try folder.names(in: "sample") == ["a.bin", "mine.txt"])
    #expect(try folder.names() == ["sample"])
  }

  @Test func takesTheNamedFilesOutOfAnArchive() throws {
    try folder.write([1, 2, 3], to: "made/sample/x.bin")
    try folder.write([9], to: "made/sample/other.html")
    let tar = try ChildProcess(
      .tar, ["-czf", folder.appending("s.tar.gz"), "-C", folder.appending("made"), "sample"], for: "test")
    #expect(tar.finish().status == 0)
    try fetchesOneFile(of: fetched("s.tar.gz"), name: "s.tar.gz", folder: nil)
  }

  /// What `zip` makes of the same two files in a folder of another name.
  @Test func takesTheNamedFilesOutOfAZipArchive() throws {
    let archive = try #require(
      Data(
        base64Encoded: """
          UEsDBAoAAAAAAAAAIVAdgLxVAwAAAAMAAAAKAAAAZ3ppcC94LmJpbgECA1BLAwQKAAAAAAAAACFQKVfeqwEAAAABAAAADwAAAGd6aXAvb3Ro\
          ZXIuaHRtbAlQSwECHgMKAAAAAAAAACFQHYC8VQMAAAADAAAACgAAAAAAAAAAAAAApIEAAAAAZ3ppcC94LmJpblBLAQIeAwoAAAAAAAAAIVAp\
          V96rAQAAAAEAAAAPAAAAAAAAAAEAAACkgSsAAABnemlwL290aGVyLmh0bWxQSwUGAAAAAAIAAgB1AAAAWQAAAAAA
          """))
    try fetchesOneFile(of: [UInt8](archive), name: "s.zip", folder: "gzip")
  }

  private func fetchesOneFile(of archive: [UInt8], name: String, folder inside: String?) throws {
    let server = try LoopbackServer { LoopbackServer.ranged(archive, $0) }
    let remote = KnownDataset.Publication(
      mirrors: [],
      files: [PublishedFile(name: name, bytes: archive.count, digestOf: .file, digest: try digest(of: archive))],
      archived: ["x.bin"], archiveFolder: inside)
    #expect(try fetch(remote, from: [server.address]))
    #expect(try folder.names(in: "sample") == ["x.bin"])
    #expect(try fetched("sample/x.bin") == [1, 2, 3])
    #expect(try fetch(remote, from: [server.address]) == false)
  }

  @Test func twoFetchesOfOneDataSetDoNotMix() throws {
    let lock = try StagingFolder(path: folder.appending("sample.partial"), for: folder.appending("sample"))
    let error = try #require(throws: DatasetError.self) { try fetch(try remote(), from: ["http://127.0.0.1:1/"]) }
    #expect("\(error)".contains("another process is fetching"))
    withExtendedLifetime(lock) {}
  }

  @Test func refusesNamesThatCannotBeFetched() throws {
    let fetcher = DatasetFetcher(root: DataRoot(option: folder.path))
    let known = KnownDataset.published.map(\.name)
    #expect(Set(known).isSuperset(of: ["mnist", "fashion_mnist", "cifar10"]))
    #expect(throws: DatasetError.notFetchable(name: "digits", fetchable: known)) {
      try fetcher.fetch("digits")
    }
  }

  @Test func everyPublishedDataSetHasAFolderAndWholeFiles() throws {
    for known in KnownDataset.published {
      let publication = try #require(known.publication)
      #expect(!known.folders.isEmpty && !publication.mirrors.isEmpty)
      #expect(publication.files.allSatisfy { $0.digest.count == 64 && $0.bytes > 0 })
      guard case .idx(let train, let test) = known.format else { continue }
      // Images and labels, twice.
      let names = Set((publication.files.map(\.name) + publication.archived).map { $0.replacing(".gz", with: "") })
      #expect(names.isSuperset(of: KnownDataset.idxNames(train) + KnownDataset.idxNames(test)), "\(known.name)")
    }
  }
}
