import Foundation
import Presentation

/// Points in time as histories show them: the Gregorian calendar in UTC, the same in every locale.
enum NightDate {
  static let secondsPerDay = 86_400.0

  private static let calendar: Calendar = {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    return calendar
  }()

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

  private static func parts(_ seconds: Double) -> DateComponents {
    calendar.dateComponents(
      [.year, .month, .day], from: Date(timeIntervalSince1970: TimeText.bounded(seconds)))
  }

  /// `2026-11-03`
  static func day(_ seconds: Double) -> String { String(TimeText.exact(seconds).prefix(10)) }

  /// The axis title for the time between two points: the unit's name and the year that tics leave out.
  static func axisTitle(from first: Double, to last: Double) -> String {
    let (first, last) = (parts(first), parts(last))
    if (first.year, first.month, first.day) == (last.year, last.month, last.day) {
      return "time (UTC), \(first.day ?? 0) \(month(first)) \(first.year ?? 0)"
    }
    return first.year == last.year
      ? "date (UTC), \(first.year ?? 0)" : "date (UTC), \(first.year ?? 0) to \(last.year ?? 0)"
  }

  private static func month(_ parts: DateComponents) -> String { months[((parts.month ?? 1) - 1) % 12] }

  /// Places with names between two points: at most `most`, on whole minutes, hours, days or months.
  static func tics(from first: Double, to last: Double, most: Int) -> [(seconds: Double, label: String)] {
    let (first, last) = (TimeText.bounded(first), TimeText.bounded(last))
    guard last > first else { return [(first, label(first, isTime: true))] }
    let minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720].map { 60.0 * $0 }
    let days = [1, 2, 3, 5, 7, 10, 14, 21].map { secondsPerDay * $0 }
    // Times of day name a part of one day only.
    let isWithinADay = day(first) == day(last)
    for step in isWithinADay ? minutes : days {
      let start = (first / step).rounded(.up)
      let count = Int((last / step).rounded(.down) - start) + 1
      guard count <= most else { continue }
      // A short way across midnight may hold no whole step.
      if count < 1 { return [(first, label(first, isTime: false))] }
      return (0..<count).map { index in
        let seconds = (start + Double(index)) * step
        return (seconds, label(seconds, isTime: isWithinADay))
      }
    }
    return months(from: first, to: last, most: most)
  }

  private static func label(_ seconds: Double, isTime: Bool) -> String {
    if isTime { return String(TimeText.exact(seconds).dropFirst(11).prefix(5)) }
    let parts = parts(seconds)
    return "\(parts.day ?? 0) \(month(parts))"
  }

  /// The first days of months.
  private static func months(from first: Double, to last: Double, most: Int) -> [(seconds: Double, label: String)] {
    let (start, end) = (parts(first), parts(last))
    let from = (start.year ?? 0) * 12 + (start.month ?? 1) - 1
    let to = (end.year ?? 0) * 12 + (end.month ?? 1) - 1
    let step = [1, 2, 3, 6, 12, 24, 60, 120].first { (to - from) / $0 < most } ?? max(1, (to - from) / most + 1)
    return (from...to).filter { $0 % step == 0 }.compactMap { index in
      let components = DateComponents(year: index / 12, month: index % 12 + 1, day: 1)
      guard let date = calendar.date(from: components), date.timeIntervalSince1970 >= first else { return nil }
      let name = step < 12 ? "\(months[index % 12]) \(index / 12)" : "\(index / 12)"
      return (date.timeIntervalSince1970, name)
    }
  }
}
