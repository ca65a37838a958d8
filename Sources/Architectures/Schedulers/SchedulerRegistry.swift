/// The rules that a grid can name by themselves and in a sequence.
enum SchedulerRegistry {
  /// Every such rule, in the order of manuals. A new rule is a file in this folder and a line here.
  static let kinds: [any SchedulerKind.Type] = [
    StepLR.self, MultiStepLR.self, ExponentialLR.self, PolynomialLR.self, CosineAnnealingLR.self,
    CosineAnnealingWarmRestarts.self, LinearLR.self, ConstantLR.self, CyclicLR.self, OneCycleLR.self,
  ]
}
