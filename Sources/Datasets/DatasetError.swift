import Architectures
import Experiments
import Presentation

/// What can be wrong with data that a user names, has or fetches.
package enum DatasetError: Error, Hashable, Sendable {
  /// There is no data set of this name.
  case unknownName(String, known: [String])
  /// Files of a data set are not where they were looked for; `command` gets them, where there is one.
  case missing(dataset: String, files: [String], folder: String, command: String?)
  /// The file can't be opened or read, or is not a file.
  case unreadable(path: String, reason: String)
  /// The file can't be written.
  case unwritable(path: String, reason: String)
  /// The file does not begin as its format does.
  case wrongFormat(path: String, found: String, expected: String)
  /// The header says what can't be.
  case badHeader(path: String, found: String, expected: String)
  /// The dimensions are not those of images or labels.
  case badDimensions(path: String, found: [Int], expected: String)
  /// The values are of a type that is not read here.
  case badElements(path: String, found: String, expected: String)
  /// The file is shorter or longer than its header says; `found` is `nil` where only "more" is known.
  case wrongSize(path: String, found: Int?, expected: Int, because: String)
  /// The file asks for more memory than there is.
  case tooLarge(path: String, bytes: Int, limit: Int)
  /// The gzip container is damaged.
  case badCompression(path: String, reason: String)
  /// A label is not the index of a class.
  case labelOutOfRange(path: String, index: Int, label: Int, classes: Int)
  /// Images and labels differ in number.
  case countsDiffer(images: String, imageCount: Int, labels: String, labelCount: Int)
  /// Training and test images differ in shape or in type.
  case imagesDiffer(train: String, trainImages: String, test: String, testImages: String)
  /// A picture can't be decoded.
  case badPicture(path: String, reason: String)
  /// A picture has another shape than the first one, before all transforms or after them.
  case picturesDiffer(path: String, found: Shape, first: String, expected: Shape, isTransformed: Bool)
  /// A folder of pictures does not hold what it should.
  case badFolder(path: String, found: String, expected: String)
  /// The folders to train on and to test on have other classes.
  case classesDiffer(train: String, trainClasses: [String], test: String, testClasses: [String])
  /// The selection asks for what the data set has not.
  case badSelection(key: String, found: String, expected: String)
  /// A transform can't be applied to the examples.
  case badTransform(TransformError)
  /// A program that does part of the work is not installed.
  case programMissing(name: String, purpose: String)
  /// A program that does part of the work failed.
  case programFailed(name: String, purpose: String, reason: String)
  /// No mirror gave the file; one reason per mirror.
  case notFetched(file: String, attempts: [FetchAttempt])
  /// The data set can't be fetched: it is drawn by the program or given by path.
  case notFetchable(name: String, fetchable: [String])
}

extension DatasetError: DatasetDescriptionError {
  package var isOfSelection: Bool {
    switch self {
    case .badSelection, .badTransform, .unknownName: true
    default: false
    }
  }
}

extension DatasetError: CustomStringConvertible {
  /// Where, what was found, what is allowed, and how to correct it.
  package var description: String {
    switch self {
    case .unknownName(let name, let known):
      return "data set \(quoted(name)) is not known; expected one of \(known.joined(separator: ", "))"
    case .missing(let dataset, let files, let folder, let command):
      let list = files.joined(separator: ", ")
      let mend = command.map { "get \(files.count == 1 ? "it" : "them") with: \($0)" } ?? "check the path"
      return "data set \(dataset): \(list) not found in \(folder); \(mend)"
    case .unreadable(let path, let reason):
      return "\(path): can't be read: \(reason)"
    case .unwritable(let path, let reason):
      return "\(path): can't be written: \(reason)"
    case .wrongFormat(let path, let found, let expected):
      return "\(path): begins with \(found); expected \(expected). Is it the right file?"
    case .badHeader(let path, let found, let expected):
      return "\(path): the header has \(found); expected \(expected). The file is damaged: get it again"
    case .badDimensions(let path, let found, let expected):
      return "\(path): the dimensions are \(sizes(found)); expected \(expected)"
    case .badElements(let path, let found, let expected):
      return "\(path): the values are \(found); expected \(expected). Convert them and save the file again"
    case .wrongSize(let path, let found, let expected, let because):
      let facts: String
      switch found {
      case .some(let bytes) where bytes < expected: facts = "is cut short: \(bytes) bytes"
      case .some(let bytes): facts = "is too long: \(bytes) bytes"
      case .none: facts = "is too long"
      }
      return "\(path): \(facts); expected \(expected) (\(because)). Get the file again"
    case .tooLarge(let path, let bytes, let limit):
      return "\(path): needs \(bytes) bytes of memory; at most \(limit) are allowed here. "
        + "The file is damaged, or the data set too large for this machine"
    case .badCompression(let path, let reason):
      return "\(path): can't be unpacked: \(reason). Get the file again"
    case .labelOutOfRange(let path, let index, let label, let classes):
      return "\(path): label \(index) is \(label); expected 0 to \(classes - 1), an index of the \(classes) classes. "
        + "Mend the labels or name more classes"
    case .countsDiffer(let images, let imageCount, let labels, let labelCount):
      return "\(images) has \(imageCount) images and \(labels) \(labelCount) labels; expected as many of one as of "
        + "the other. Do the files belong together?"
    case .imagesDiffer(let train, let trainImages, let test, let testImages):
      return "\(train) has images of \(trainImages), \(test) of \(testImages); expected the same. "
        + "Do the files belong together?"
    case .badPicture(let path, let reason):
      return "\(path): is damaged: \(reason). Save it anew, or take it out of its folder"
    case .picturesDiffer(let path, let found, let first, let expected, let isTransformed):
      let fix =
        isTransformed
        ? "a resize to [rows, columns] makes one size of all"
        : "make one size of all with \"transform\": [{\"name\": \"resize\", \"size\": [32, 32]}], rows and columns as you "
          + "like"
      return
        "\(path) is \(found)\(isTransformed ? " after dataset.transform" : ""), and the first picture, \(first), is "
        + "\(expected); \(fix)"
    case .badFolder(let path, let found, let expected):
      return "\(path): has \(found); expected \(expected)"
    case .classesDiffer(let train, let trainClasses, let test, let testClasses):
      let missing = [(train, testClasses, trainClasses), (test, trainClasses, testClasses)].compactMap {
        folder, others, own in
        let names = others.filter { !own.contains($0) }
        return names.isEmpty ? nil : "\(names.map { quoted($0) }.joined(separator: ", ")) not in \(folder)"
      }
      return
        "\(train) and \(test) have different folders: \(missing.joined(separator: ", ")); expected one for each class in "
        + "both"
    case .badSelection(let key, let found, let expected):
      return "\(key) is \(found); expected \(expected)"
    case .badTransform(let error):
      return "\(error)"
    case .programMissing(let name, let purpose):
      return "\(name) is not installed, which is needed to \(purpose); install it with: apt-get install \(name)"
    case .programFailed(let name, let purpose, let reason):
      return "\(name) failed to \(purpose): \(reason)"
    case .notFetched(let file, let attempts):
      let list = attempts.map { "\n  \($0.url): \($0.reason)" }.joined()
      return "\(file) could not be fetched from any mirror; run the command again to go on where it stopped:\(list)"
    case .notFetchable(let name, let fetchable):
      return "data set \(quoted(name)) can't be fetched; expected one of \(fetchable.joined(separator: ", "))"
    }
  }
}

/// One mirror that did not give a file, and why.
package struct FetchAttempt: Hashable, Sendable {
  /// The address.
  package var url: String
  /// What went wrong.
  package var reason: String

  /// Creates the record of a failed attempt.
  package init(url: String, reason: String) { (self.url, self.reason) = (url, reason) }
}

private func sizes(_ dimensions: [Int]) -> String {
  dimensions.isEmpty ? "none" : dimensions.map(String.init).joined(separator: " × ")
}
