/// The terms that a window with a certain mask (``PoolingMask``) adds to a sum of ``SparseBackward``: none, one or two.
struct MaskTerms {
  /// The number of terms.
  var count: Int32 = 0
  /// Floats from the window's origin to the first term's block.
  var first: Int32 = 0
  /// Floats from the window's origin to the second term's block.
  var second: Int32 = 0

  /// The terms of a mean's mask: the places of a 2 × 2 window that have a bit, joined to as few variants as can be.
  ///
  /// - Parameter offset: floats from the window's origin to the block of a variant at a place.
  static func ofMean(_ mask: Int, offset: (_ variant: Int, _ place: Int) -> Int) -> MaskTerms {
    func one(_ variant: Int, _ place: Int) -> MaskTerms {
      MaskTerms(count: 1, first: Int32(offset(variant, place)))
    }
    func two(_ variant: Int, _ place: Int, _ other: Int, _ otherPlace: Int) -> MaskTerms {
      var terms = one(variant, place)
      (terms.count, terms.second) = (2, Int32(offset(other, otherPlace)))
      return terms
    }
    switch mask {
    case 1: return one(0, 0)
    case 2: return one(0, 1)
    case 3: return one(1, 0)
    case 4: return one(0, 2)
    case 5: return one(2, 0)
    case 6: return two(0, 1, 0, 2)
    case 7: return two(1, 0, 0, 2)
    case 8: return one(0, 3)
    case 9: return two(0, 0, 0, 3)
    case 10: return one(2, 1)
    case 11: return two(1, 0, 0, 3)
    case 12: return one(1, 2)
    case 13: return two(0, 0, 1, 2)
    case 14: return two(0, 1, 1, 2)
    case 15: return one(3, 0)
    default: return MaskTerms()
    }
  }
}
