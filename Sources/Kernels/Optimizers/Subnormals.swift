import Glibc

/// Runs `body` on this thread with subnormal numbers, those nearer to zero than 2⁻¹²⁶, read and written as zeros.
///
/// A moment that nothing is added to any more fades until it is subnormal, and stays so: the smallest of them times 0.9
/// rounds to itself. Arithmetic with such numbers is done by microcode, a hundred times as slow (with a third of them, a
/// step of Adam takes eighteen times as long).
///
/// The calls around `body` are opaque to the compiler, so what `body` reads from memory, computes and writes there stays
/// between them.
package func withoutSubnormals(_ body: () -> Void) {
  var before = fenv_t()
  fegetenv(&before)
  var flushing = before
  #if arch(x86_64)
    flushing.__mxcsr |= 0x8040  // flush to zero, denormals are zeros
  #elseif arch(arm64)
    flushing.__fpcr |= 1 << 24  // flush to zero
  #endif
  fesetenv(&flushing)
  body()
  fesetenv(&before)
}
