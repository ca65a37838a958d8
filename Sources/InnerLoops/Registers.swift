#if WIDE_VECTORS
  /// Floats of the widest vector register.
  let floatsPerRegister = 16
  /// Registers for vectors.
  let registers = 32
#else
  /// Floats of the widest vector register.
  let floatsPerRegister = 8
  /// Registers for vectors.
  let registers = 16
#endif
