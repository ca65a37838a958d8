import Architectures

/// What was computed of each network of a study.
///
/// The configurations of a study share the storage of equal layers, so that where it lies tells networks apart without
/// comparing them. A network that is equal and stored elsewhere is computed again, which is slow but not wrong.
package struct NetworkCache<Value> {
  private let compute: (Architecture) -> Value
  /// The architectures are kept, so that their storage can't be given to others.
  private var known: [UnsafeRawPointer: (Architecture, Value)] = [:]

  /// Creates a cache of what `compute` makes of a network.
  package init(_ compute: @escaping (Architecture) -> Value) { self.compute = compute }

  /// What was computed of a network, or is now.
  package subscript(architecture: Architecture) -> Value {
    mutating get {
      let place = architecture.layers.withUnsafeBytes { $0.baseAddress }
      if let place, let (other, value) = known[place], other.input == architecture.input { return value }
      let value = compute(architecture)
      if let place { known[place] = (architecture, value) }
      return value
    }
  }
}
