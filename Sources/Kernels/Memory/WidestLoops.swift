import InnerLoops

#if arch(x86_64)
  import InnerLoopsWide
#endif

/// The functions of InnerLoops with the widest vectors that the processor has. As values, they take arguments without
/// labels.
enum WidestLoops {
  #if arch(x86_64)
    static let addSums = hasWideVectors ? InnerLoopsWide.addSums : InnerLoops.addSums
    static let addMoments = hasWideVectors ? InnerLoopsWide.addMoments : InnerLoops.addMoments
    static let scaleAndShift = hasWideVectors ? InnerLoopsWide.scaleAndShift : InnerLoops.scaleAndShift
    static let addGradientSums = hasWideVectors ? InnerLoopsWide.addGradientSums : InnerLoops.addGradientSums
    static let combineGradients = hasWideVectors ? InnerLoopsWide.combineGradients : InnerLoops.combineGradients
    static let transformInputs = hasWideVectors ? InnerLoopsWide.transformInputs : InnerLoops.transformInputs
    static let transformGradients = hasWideVectors ? InnerLoopsWide.transformGradients : InnerLoops.transformGradients
    static let combineProducts = hasWideVectors ? InnerLoopsWide.combineProducts : InnerLoops.combineProducts
  #else
    static let addSums = InnerLoops.addSums
    static let addMoments = InnerLoops.addMoments
    static let scaleAndShift = InnerLoops.scaleAndShift
    static let addGradientSums = InnerLoops.addGradientSums
    static let combineGradients = InnerLoops.combineGradients
    static let transformInputs = InnerLoops.transformInputs
    static let transformGradients = InnerLoops.transformGradients
    static let combineProducts = InnerLoops.combineProducts
  #endif
}
