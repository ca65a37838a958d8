import Datasets
import Experiments
import Harness
import Presentation
import StudySupport
import Testing

/// The list of data sets and the examples of one.
@Suite struct DatasetPageTests {
  @Test func theListSaysWhatIsHereInEveryFormat() throws {
    let list = DatasetList(Workspace.data)
    let found = try json(list)
    #expect(found["schema"]?.int == 1 && found["folder"]?.string == "/nowhere")
    let sets = try #require(found["datasets"]?.array)
    #expect(sets.map { $0["dataset"]?.string } == KnownDataset.all.map(\.name))
    for set in sets {
      let isDrawn = set["dataset"]?.string == "digits"
      #expect(set["state"]?.string == (isDrawn ? "built_in" : "missing") && set["train_here"] == .null)
    }
    let mnist = try #require(sets.first { $0["dataset"]?.string == "mnist" })
    #expect(mnist["shape"] == [1, 28, 28] && mnist["train"]?.int == 60_000 && mnist["classes"]?.int == 10)
    #expect(list.text(.csv).contains(#",10,60000,10000,missing,,,,"#), "\(list.text(.csv))")
    let row = list.text(.text).split(separator: "\n").first { $0.hasPrefix("mnist ") }
    let words = row.map { $0.split(separator: " ").joined(separator: " ") } ?? ""
    #expect(words.contains("60,000 10,000 no: bench data fetch mnist"), "\(list.text(.text))")
  }

  @Test func aClassIsARowForPrograms() throws {
    let dataset = try DatasetLibrary(root: Workspace.data).load(DatasetSelection(name: "digits", train: 300, test: 50))
    let page = DatasetPage(dataset, picture: "=x.png")
    let found = try json(page)
    #expect(found["schema"]?.int == 1 && found["picture"]?.string == "=x.png" && found["shape"] == [1, 28, 28])
    #expect(found["digest"]?.string == dataset.digest)
    let classes = try #require(found["classes"]?.array)
    #expect(classes.map { $0["index"]?.int } == Array(0..<10))
    #expect(classes.compactMap { $0["train"]?.int }.reduce(0, +) == 300)
    #expect(classes.compactMap { $0["test"]?.int }.reduce(0, +) == 50)
    let csv = page.text(.csv).split(separator: "\n")
    #expect(csv.count == 11 && csv[0] == "dataset,index,class,train,test" && csv[1].hasPrefix("digits,0,0,"), "\(csv)")
    let text = page.text(.text)
    #expect(text.hasPrefix("digits: 300 training, 50 test examples of "), "\(text)")
    #expect(
      text.contains("\ndigest: \(dataset.digest)\nclass  train  test\n") && text.hasSuffix("\n=x.png\n"), "\(text)")
  }
}
