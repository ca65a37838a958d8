import Foundation

/// Numbers as people read them, the same in every locale.
package enum NumberText {
  /// The sign for a missing number.
  package static let none = "–"

  /// A fixed number of digits after the point, with a true minus sign.
  package static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return notFinite(value) }
    let text = String(format: "%.\(digits)f", abs(value))
    let isZero = !text.contains { $0 != "0" && $0 != "." }
    return value < 0 && !isZero ? "−\(text)" : text
  }

  /// As ``fixed(_:_:)``, with a plus sign where the value is above zero.
  package static func signed(_ value: Double, _ digits: Int) -> String {
    let text = fixed(value, digits)
    let isZero = !text.contains { $0 != "0" && $0 != "." }
    return value > 0 && !isZero ? "+\(text)" : text
  }

  /// Three or four significant digits.
  package static func significant(_ value: Double, _ digits: Int = 4) -> String {
    guard value.isFinite else { return notFinite(value) }
    if value == 0 { return "0" }
    let magnitude = Int(log10(abs(value)).rounded(.down))
    if magnitude >= -5, magnitude < 7 { return fixed(value, max(0, digits - 1 - magnitude)) }
    return scientific(value, digits)
  }

  /// `8.83e7`: without the plus and the zeros that C puts into an exponent.
  private static func scientific(_ value: Double, _ digits: Int) -> String {
    let parts = String(format: "%.\(digits - 1)e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return exact(value) }
    return "\(parts[0])e\(exponent)".replacing("-", with: "−")
  }

  /// A round number as an axis names it: `0.01`, `10,000`, `2.5e7`.
  package static func short(_ value: Double) -> String {
    if value == 0 { return "0" }
    if abs(value) >= 10_000, abs(value) < 1e7 { return count(Int(value.rounded())) }
    let rounded = rounded(value, digits: 3)
    if abs(value) >= 1e-4, abs(value) < 1e5 { return exact(rounded).replacing("-", with: "−") }
    let text = scientific(rounded, 3)
    guard let mark = text.firstIndex(of: "e") else { return text }
    var mantissa = text[..<mark]
    while mantissa.hasSuffix("0") || mantissa.hasSuffix(".") { mantissa.removeLast() }
    return "\(mantissa)\(text[mark...])"
  }

  /// The value to so many significant digits.
  package static func rounded(_ value: Double, digits: Int) -> Double {
    Double(String(format: "%.\(digits)g", value)) ?? value
  }

  /// A mean and its spread with the same digits: as many as the spread has two significant ones.
  package static func spread(_ mean: Double, _ deviation: Double) -> String {
    let largest = max(abs(mean), abs(deviation))
    if deviation.isFinite, largest.isFinite, largest >= 1e7 {
      let exponent = Int(log10(largest).rounded(.down))
      let unit = pow(10, Double(exponent))
      return "(\(fixed(mean / unit, 2)) ± \(fixed(deviation / unit, 2)))e\(exponent)"
    }
    guard mean.isFinite, deviation.isFinite, deviation > 1e-9 else {
      return "\(significant(mean)) ± \(significant(deviation, 2))"
    }
    let digits = max(0, 1 - Int(log10(deviation).rounded(.down)))
    return "\(fixed(mean, digits)) ± \(fixed(deviation, digits))"
  }

  /// A whole number with a comma every three digits.
  package static func count(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (value < 0 ? "−" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// The nearest whole number with a comma every three digits; four digits and an exponent where it is too large to be
  /// counted one by one.
  package static func count(_ value: Double) -> String {
    guard abs(value) < 9_007_199_254_740_992 else { return significant(value) }
    return count(Int(value.rounded()))
  }

  /// `95 %`, `97.5 %`
  package static func percent(_ share: Double) -> String {
    let percent = (share * 1e6).rounded() / 1e4
    return "\(exact(percent)) %"
  }

  /// A p value: three digits, never 0 or 1 by rounding.
  package static func p(_ value: Double) -> String {
    if value.isNaN { return none }
    if value < 0.001 { return "< 0.001" }
    return value > 0.999 && value < 1 ? "> 0.999" : fixed(value, value < 0.1995 ? 3 : 2)
  }

  /// A time that was measured: `0.42 s`, `12.3 s`, `3 min 5 s`, `2 h 10 min`.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite else { return notFinite(seconds) }
    if seconds < 9.95 { return "\(fixed(seconds, 2)) s" }
    if seconds < 119.5 { return "\(fixed(seconds, 1)) s" }
    guard seconds < 1e13 else { return "\(significant(seconds)) s" }
    let whole = Int(seconds.rounded())
    if whole < 7200 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(count(whole / 3600)) h \(whole % 3600 / 60) min"
  }

  /// A size of memory or of files: `3 kB`, `412 MB`, `23.4 GB`; always in powers of ten, so that sizes can be compared.
  package static func bytes(_ bytes: Int) -> String {
    if bytes < 10_000_000 { return "\(count(max(1, bytes / 1_000))) kB" }
    if bytes < 10_000_000_000 { return "\(count(bytes / 1_000_000)) MB" }
    return "\(fixed(Double(bytes) / 1e9, 1)) GB"
  }

  /// A time that runs, as a clock shows it: `3:07` or `1:02:45`.
  package static func clock(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    return hours > 0
      ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
  }

  /// The shortest text that reads back as the same number, for machines: `NaN`, `Infinity` and `-Infinity` included.
  package static func exact(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "Infinity" : "-Infinity" }
    return value == value.rounded() && abs(value) < 9_007_199_254_740_992 ? String(Int64(value)) : "\(value)"
  }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func notFinite(_ value: Double) -> String {
    value.isNaN ? "NaN" : (value > 0 ? "∞" : "−∞")
  }
}
