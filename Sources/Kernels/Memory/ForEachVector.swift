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
