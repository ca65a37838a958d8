import Experiments
import Foundation

extension DatasetLibrary {
  /// Where a known data set's files are.
  enum Location {
    case idx(DatasetFiles)
    case cifar(train: [CIFARFile], test: CIFARFile, classes: [String]?)
    case matlab(train: MATFile, test: MATFile)
    case missing(DatasetError)
  }

  /// Looks for a known data set's files below the root.
  func locate(_ known: KnownDataset) throws(DatasetError) -> Location {
    var missing: [String] = []
    for (index, folder) in known.folders.enumerated() {
      let (location, absent) =
        switch known.format {
        case .cifar(let batches): try locateCIFAR(folder, batches, known)
        case .matlab: try locateMATLAB(folder, known)
        case .idx(let train, let test): locateIDX(folder, KnownDataset.idxNames(train) + KnownDataset.idxNames(test))
        case .drawn: (nil, [])
        }
      if let location { return location }
      if index == 0 { missing = absent }
    }
    return .missing(
      .missing(
        dataset: known.name, files: missing, folder: root.appending(known.folders.first ?? ""),
        command: known.fetchCommand))
  }

  private func locateIDX(_ folder: String, _ names: [String]) -> (Location?, missing: [String]) {
    let paths = names.map { name in
      [name, "\(name).gz"].map { root.appending("\(folder)/\($0)") }.first(where: exists)
    }
    let found = paths.compactMap { $0 }
    guard found.count == 4 else {
      return (nil, zip(names, paths).compactMap { $1 == nil ? "\($0)[.gz]" : nil })
    }
    let files = DatasetFiles(trainImages: found[0], trainLabels: found[1], testImages: found[2], testLabels: found[3])
    return (.idx(files), [])
  }

  private func locateMATLAB(
    _ folder: String, _ known: KnownDataset
  ) throws(DatasetError) -> (Location?, missing: [String]) {
    let names = (known.publication?.files ?? []).map(\.name)
    let paths = names.map { root.appending("\(folder)/\($0)") }
    guard paths.count == 2, paths.allSatisfy(exists) else {
      return (nil, zip(names, paths).compactMap { exists($1) ? nil : $0 })
    }
    return (.matlab(train: try MATFile(path: paths[0]), test: try MATFile(path: paths[1])), [])
  }

  private func locateCIFAR(
    _ folder: String, _ batches: KnownDataset.Batches, _ known: KnownDataset
  ) throws(DatasetError) -> (Location?, missing: [String]) {
    let train = batches.train.map { root.appending("\(folder)/\($0)") }.filter(exists)
    let test = root.appending("\(folder)/\(batches.test)")
    guard !train.isEmpty, exists(test) else {
      return (nil, (train.isEmpty ? [batches.train[0]] : []) + (exists(test) ? [] : [batches.test]))
    }
    let classes = classNames(root.appending("\(folder)/\(batches.names)"), count: known.classes.count)
    func file(_ path: String) throws(DatasetError) -> CIFARFile {
      try CIFARFile(path: path, labelCount: batches.labelCount, label: batches.label)
    }
    var files: [CIFARFile] = []
    for path in train { files.append(try file(path)) }
    return (.cifar(train: files, test: try file(test), classes: classes), [])
  }

  /// The names of CIFAR's own list; `nil` where there is no such list, since the names are known.
  private func classNames(_ path: String, count: Int) -> [String]? {
    guard let source = try? ByteSource(path: path), let bytes = try? source.read(4096) else { return nil }
    let names = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
    return names.count == count ? names : nil
  }

  private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}
