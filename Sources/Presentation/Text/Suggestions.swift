/// A full stop and the sentence that names what the user may have meant; empty where nothing is near.
package func suggestion(for word: String, among candidates: [String]) -> String {
  nearest(to: word, among: candidates).map { ". Did you mean \(quoted($0))?" } ?? ""
}

/// The candidate with the fewest changes of letters, where they are few for the word's length; among equally near
/// ones, the first.
package func nearest(to word: String, among candidates: [String]) -> String? {
  let letters = Array(word.lowercased().unicodeScalars.prefix(65))
  guard (1...64).contains(letters.count) else { return nil }
  var best: (candidate: String, distance: Int)?
  for candidate in candidates {
    let other = Array(candidate.lowercased().unicodeScalars)
    let begins =
      letters.count >= 3 && (other.starts(with: letters) || (other.count >= 3 && letters.starts(with: other)))
    let distance = begins ? 1 : editDistance(letters, other)
    let allowed = max(1, min(letters.count, other.count) / 3)
    if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
  }
  return best?.candidate
}

/// Insertions, deletions, changes and swaps of neighbours that make one word the other (Damerau 1964, restricted).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
      row.append(cost)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
