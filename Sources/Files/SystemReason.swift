import Foundation

/// Why a call of Foundation or of the system failed, in words that a person can act on.
///
/// Foundation's errors print as `Error Domain=NSCocoaErrorDomain Code=516 "…"UserInfo={…`, and some say no more of
/// themselves than their number.
package enum SystemReason {
  /// The reason alone, without a path: the system's own words where the error has its number.
  package static func of(_ error: any Error) -> String {
    guard isFoundations(error) else { return "\(error)" }
    let outer = error as NSError
    var next: (any Error)? = error
    while let current = next.map({ $0 as NSError }) {
      if current.domain == NSPOSIXErrorDomain { return of(code: Int32(truncatingIfNeeded: current.code)) }
      next = current.userInfo[NSUnderlyingErrorKey] as? any Error
    }
    if outer.domain == NSCocoaErrorDomain, let number = numbers[outer.code] { return of(code: number) }
    let text = outer.localizedDescription
    return text.contains("ErrorDomain") ? "the system gave no reason" : text
  }

  /// The system's words for one of its numbers.
  package static func of(code: Int32 = errno) -> String { String(cString: strerror(code)) }

  /// What an error that nobody caught says: its own text, or the path that it has and the reason.
  package static func text(_ error: any Error) -> String {
    guard isFoundations(error) else { return "\(error)" }
    let facts = (error as NSError).userInfo
    let path = facts[NSFilePathErrorKey] as? String ?? (facts[NSURLErrorKey] as? URL)?.path
    let advice = "; make room, or see that the place exists and may be read and written"
    return (path.map { "\($0): " } ?? "a file: ") + of(error) + advice
  }

  private static func isFoundations(_ error: any Error) -> Bool {
    error is CocoaError || error is POSIXError || type(of: error) == NSError.self
  }

  /// The system's numbers behind those Cocoa errors that stand for one (`FoundationErrors.h`).
  private static let numbers: [Int: Int32] = [
    4: ENOENT, 255: EAGAIN, 257: EACCES, 258: EINVAL, 260: ENOENT, 263: EFBIG, 512: EIO, 513: EACCES, 514: EINVAL,
    516: EEXIST, 640: ENOSPC, 642: EROFS,
  ]
}
