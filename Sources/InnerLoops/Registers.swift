#if WIDE_VECTORS
  /// Floats of the widest vector register.
  let floatsPerRegister = 16
#else
  /// Floats of the widest vector register.
  let floatsPerRegister = 8
#endif
