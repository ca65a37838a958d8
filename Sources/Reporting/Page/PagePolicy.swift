import Experiments
import Foundation

/// The page's Content-Security-Policy: its own script and its own style, named by their digests, and nothing else. No
/// name that got into the page as markup could run or fetch anything.
enum PagePolicy {
  /// - Parameters:
  ///   - script: the text of the script element, to the byte.
  ///   - style: the text of the style element.
  static func text(script: String, style: String) -> String {
    // Charts set single properties by style attributes. A browser that knows the two finer directives obeys them.
    "default-src 'none'; base-uri 'none'; form-action 'none'; script-src \(source(script)); "
      + "style-src 'unsafe-inline'; style-src-elem \(source(style)); style-src-attr 'unsafe-inline'"
  }

  private static func source(_ text: String) -> String {
    "'sha256-\(ContentDigest.bytes(of: Data(text.utf8)).base64EncodedString())'"
  }
}
