/// Calls `body` with the index of each eight neighbouring values, and how many of them there are: fewer at the end.
@inline(__always)
func forEachVector(_ count: Int, _ body: (_ index: Int, _ lanes: Int) -> Void) {
  let whole = count & ~7
  var index = 0
  while index < whole {
    body(index, 8)
    index += 8
  }
  if whole < count { body(whole, count - whole) }
}

/// The first `count` lanes, up to all; zeros in the others.
@inline(__always)
func load8(_ pointer: UnsafePointer<Float>, count: Int) -> Float8 {
  if count >= 8 { return load8(pointer) }
  var values = Float8.zero
  for lane in 0..<count { values[lane] = pointer[lane] }
  return values
}
