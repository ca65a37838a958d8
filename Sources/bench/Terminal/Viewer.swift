import Files
import Foundation

/// The desktop's program for files of all kinds.
enum Viewer {
  #if os(macOS)
    private static let program = "open"
    private static let hasScreen = true
  #else
    private static let program = "xdg-open"
    /// Without a screen the program would start a browser in the terminal.
    private static let hasScreen = ["DISPLAY", "WAYLAND_DISPLAY"].contains {
      ProcessInfo.processInfo.environment[$0].map { !$0.isEmpty } ?? false
    }
  #endif

  /// Gives it a file, where there is a screen and such a program; it goes on when this program has ended.
  static func open(_ file: URL) {
    guard hasScreen, let path = ChildProcess.located(program) else { return }
    let process = Process()
    process.executableURL = URL(filePath: path)
    process.arguments = [file.absoluteURL.path(percentEncoded: false)]
    (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
    process.standardError = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      Terminal.say("\(path) could not be started; open the file in a browser")
    }
  }
}
