import Presentation

/// What a result prints as JSON, read again.
func json(_ result: some Printable) throws -> JSONValue {
  var reader = JSONReader(Array(result.text(.json).utf8))
  return try reader.read().value
}
