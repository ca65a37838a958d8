/// Every layer that a grid can name.
package enum LayerRegistry {
  /// Every kind of layer. A new kind is a file in this folder and a line here.
  static let kinds: [any LayerKind.Type] = [
    Convolution.self, TransposedConvolution.self, MaxPooling.self, AveragePooling.self, AdaptiveAveragePooling.self,
    AdaptiveMaxPooling.self, ImagePadding.self, Upsample.self, Subsample.self, LocalResponseNorm.self,
    BatchNorm.self, GroupNorm.self, LayerNorm.self, InstanceNorm.self, Linear.self, Dropout.self, Activation.self,
    PReLU.self, LogSoftmax.self, Softmax.self, Flatten.self, Unflatten.self, Residual.self, Concat.self,
  ]

  /// The types that work on images, then those that work on sequences, then the rest.
  package static let types: [LayerType] = {
    let types = kinds.flatMap { $0.types }
    return [SpatialRank.two, .one, nil].flatMap { rank in types.filter { $0.rank == rank } }
  }()

  private static let byName = Dictionary(uniqueKeysWithValues: types.map { ($0.table.name, $0) })

  /// The type of a name.
  package static func type(named name: String) -> LayerType? { byName[name] }
}
