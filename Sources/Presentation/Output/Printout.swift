/// A result that commands print in every format.
package protocol Printable {
  /// The result before it is in any format.
  var printout: Printout { get }
}

extension Printable {
  /// The result in a format, with a line feed at its end.
  package func text(_ format: OutputFormat) -> String { format.text(of: printout) }
}

/// A result before it is in any format: for people a table or sections, for programs a table and a JSON value.
package struct Printout: Printable {
  /// The parts that people read, and the table that programs read.
  enum Body {
    /// A table for people, and one for programs.
    case tables(people: () -> Table, programs: () -> Table)
    /// Sections below a title for people, and a table for programs.
    case sections(title: () -> String, () -> [Section], table: () -> Table)
  }

  package var printout: Printout { self }

  let body: Body
  let json: () -> JSONValue
  let own: [OutputFormat: () -> String]

  /// Creates a single table, which says more than its rows only in formats of its own.
  ///
  /// - Parameters:
  ///   - table: one row per thing; its cells have texts for people and values for programs.
  ///   - json: the same for programs, with the facts that have no place in a table.
  ///   - own: formats that are not written from these, each with a line feed at its end.
  package init(
    _ table: @autoclosure @escaping () -> Table, json: @autoclosure @escaping () -> JSONValue,
    own: [OutputFormat: () -> String] = [:]
  ) {
    (body, self.json, self.own) = (.tables(people: table, programs: table), json, own)
  }

  /// Creates a table for people beside one for programs, which has other columns or rows.
  package init(
    _ table: @autoclosure @escaping () -> Table, programs: @autoclosure @escaping () -> Table,
    json: @autoclosure @escaping () -> JSONValue, own: [OutputFormat: () -> String] = [:]
  ) {
    (body, self.json, self.own) = (.tables(people: table, programs: programs), json, own)
  }

  /// Creates sections for people beside a table and a value for programs.
  package init(
    title: @autoclosure @escaping () -> String, sections: @autoclosure @escaping () -> [Section],
    table: @autoclosure @escaping () -> Table, json: @autoclosure @escaping () -> JSONValue,
    own: [OutputFormat: () -> String] = [:]
  ) {
    (body, self.json, self.own) = (.sections(title: title, sections, table: table), json, own)
  }

  /// The parts that people read.
  func rendered(by renderer: any Renderer.Type) -> String {
    switch body {
    case .tables(let people, _): renderer.page(people())
    case .sections(let title, let sections, _): renderer.page(title: title(), renderer.render(sections()))
    }
  }

  /// The table that programs read.
  var table: Table {
    switch body {
    case .tables(_, let table), .sections(_, _, let table): table()
    }
  }
}
