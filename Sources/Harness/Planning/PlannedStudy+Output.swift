import Presentation

extension PlannedStudy: Printable {
  /// One row per configuration. Where a difference was asked for, its seeds follow for people and in JSON; for programs
  /// that read rows they are the table: one row per pair of configurations.
  package var printout: Printout {
    guard let detection else {
      return Printout(plan.table, programs: plan.programTable, json: plan.json, own: [.text: { plan.text() }])
    }
    return Printout(
      title: plan.name,
      sections: [
        Section(id: "configurations", title: "Configurations", blocks: [.table(plan.table)]), detection.section,
      ], table: detection.pairTable, json: plan.json.adding("detect", detection.json),
      own: [.text: { plan.text() + "\n" + detection.text(.text) }])
  }
}

extension JSONValue {
  /// An object with one member more.
  fileprivate func adding(_ key: String, _ value: JSONValue) -> JSONValue {
    guard case .object(let members) = self else { return self }
    return .object(members + [Member(key, value)])
  }
}
