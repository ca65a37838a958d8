import Testing

@testable import Tracking

@Suite struct StoreErrorTests {
  @Test(
    arguments: [
      (.missing(path: "/a/b.db"), "/a/b.db: there is no store here. `bench run GRID` makes one; --db names another."),
      (
        .missingFolder(path: "/a/b.db"),
        "/a/b.db: the folder /a does not exist. Create it, or name another place with --db."
      ),
      (.unreadable(path: "/a", reason: "Is a directory"), "/a: can't open the store: Is a directory."),
      (
        .readOnly(path: "/a"),
        "/a: can't write the store: the file or its folder is read-only. Give write permission to both, or name another "
          + "place with --db."
      ),
      (
        .notSQLite(path: "/a"),
        "/a: this file is not an SQLite database, so it is left alone. Name another place with --db."
      ),
      (
        .notOurs(path: "/a"),
        "/a: this database belongs to another program, so it is left alone. Name another place with --db."
      ),
      (
        .newer(path: "/a", needs: "bench 2.0"),
        "/a: a newer program wrote this store; it needs bench 2.0 or later. Update the program."
      ),
      (
        .full(path: "/a"),
        "/a: the disk is full. What was stored is intact; make room and run the same command again."
      ),
      (
        .claimLost(trial: "0123456789abcdef"),
        "trial 0123456789ab: another process has taken it over, so nothing more is stored here."
      ),
      (.noStudy(name: "x", known: []), "there is no study \"x\" in the store; it has none."),
      (
        .noStudy(name: "x", known: ["a", "b"]),
        "there is no study \"x\" in the store; expected one of \"a\", \"b\"."
      ),
      (
        .ambiguousTrial(prefix: "ab", matches: ["ab00000000000000", "ab11111111111111"]),
        "2 trials' keys begin with \"ab\": ab0000000000, ab1111111111. Give more digits."
      ),
      (.invalidName("a\0b"), "the name \"a\\u0000b\" is empty or holds a NUL character. Choose another."),
    ] as [(StoreError, String)])
  func saysWhereWhatAndHowToMendIt(error: StoreError, text: String) {
    #expect(error.description == text)
    #expect(error.localizedDescription == text)
  }
}
