/// The records of an event file of TensorBoard, as bytes.
///
/// Each record is an `Event` message between its length and two checks (a TFRecord). Records may be written one after
/// another, and several such values too: a file is their concatenation, of which the first begins with ``begin(at:)``.
///
/// Sources: tensorflow/core/util/event.proto and summary.proto, tensorflow/core/lib/io/record_writer.h.
struct EventRecords {
  /// The records so far.
  private(set) var bytes: [UInt8] = []

  /// The record that a file begins with.
  ///
  /// - Parameter time: in seconds since 1970, as all times here.
  mutating func begin(at time: Double) {
    add(at: time, step: 0) { $0.add(3, "brain.Event:2") }
  }

  /// Says that all that earlier files of the folder have is void: a reader that is at work forgets it.
  mutating func restart(at time: Double) {
    // SessionLog.status = START: TensorBoard drops what it has read from this step on.
    add(at: time, step: 0) { $0.add(7) { $0.add(1, 1) } }
  }

  /// A value of a curve, which TensorBoard keeps in 32 bits; NaN and infinities are values like others.
  mutating func scalar(_ tag: String, _ value: Double, step: Int, at time: Double) {
    add(at: time, step: step) { event in
      event.add(5) { summary in
        summary.add(1) { entry in
          entry.add(1, tag)
          entry.add(2, Float(value))
        }
      }
    }
  }

  /// Data of TensorBoard's plugin `hparams`: a summary without a value whose description carries it.
  mutating func hparams(_ data: HParamsData, at time: Double) {
    add(at: time, step: 0) { event in
      event.add(5) { summary in
        summary.add(1) { entry in
          entry.add(1, data.tag)
          // A tensor of floats of shape [0]: its only size has the default value, which is not written.
          entry.add(8) { tensor in
            tensor.add(1, 1)
            tensor.add(2) { $0.add(2) { _ in } }
          }
          entry.add(9) { metadata in
            metadata.add(1) { plugin in
              plugin.add(1, "hparams")
              plugin.add(2, data.content)
            }
          }
        }
      }
    }
  }

  private mutating func add(at time: Double, step: Int, _ write: (inout ProtocolBuffer) -> Void) {
    var event = ProtocolBuffer()
    event.add(1, time)
    if step > 0 { event.add(2, step) }
    write(&event)
    append(event.bytes)
  }

  private mutating func append(_ record: [UInt8]) {
    let length = withUnsafeBytes(of: UInt64(record.count).littleEndian) { Array($0) }
    bytes += length
    append(check: CRC32C.masked(length))
    bytes += record
    append(check: CRC32C.masked(record))
  }

  private mutating func append(check: UInt32) {
    withUnsafeBytes(of: check.littleEndian) { bytes += $0 }
  }
}
