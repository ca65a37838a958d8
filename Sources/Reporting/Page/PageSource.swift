/// The page's template, style and script: files in `Resources`, compiled into the program.
enum PageSource {
  /// The page's frame; what stands in three braces was escaped before.
  static let template = text(PackageResources.page_html)

  /// Rules in the order in which they come to bear; those for paper last.
  static let style = [
    PackageResources.layout_css, PackageResources.tables_css, PackageResources.charts_css, PackageResources.print_css,
  ].map(text).joined(separator: "\n")

  /// One strict function, whose parts see each other: what others use stands first, what begins stands last.
  static let script =
    "(() => {\n\"use strict\";\n"
    + [
      PackageResources.page_js, PackageResources.memory_js, PackageResources.tables_js, PackageResources.scale_js,
      PackageResources.chart_js, PackageResources.curves_js, PackageResources.search_js, PackageResources.compare_js,
      PackageResources.trials_js, PackageResources.renewal_js,
    ].map(text).joined(separator: "\n") + "})();"

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
