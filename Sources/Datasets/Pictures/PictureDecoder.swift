import CSPNG
import CTurboJPEG

/// A picture file that was opened: its size is known, its pixels can be decoded.
///
/// The libraries that decode answer damage with a code; neither corrects colours nor turns pictures.
protocol PictureDecoder: AnyObject {
  var height: Int { get }
  var width: Int { get }
  /// Writes red, green and blue of each pixel, row by row; transparency is left out.
  ///
  /// - Parameter pixels: memory for `3 · height · width` bytes.
  func decode(into pixels: Allocation) throws(DatasetError)
}

/// Picture files in the formats that are read here, which their first bytes tell.
enum PictureFile {
  /// A file that is larger is no picture for a small network.
  private static let maximumBytes = 1 << 28
  /// A small file can say that it has any number of pixels.
  private static let maximumPixels = 1 << 26

  /// Reads a file and looks at its header.
  static func open(_ path: String) throws(DatasetError) -> any PictureDecoder {
    let source = try ByteSource(path: path, unpacks: false)
    guard source.capacity <= maximumBytes else {
      throw .tooLarge(path: path, bytes: source.capacity, limit: maximumBytes)
    }
    let file = try Allocation(byteCount: source.capacity, for: path)
    guard try source.read(into: file.bytes) == source.capacity else {
      throw .unreadable(path: path, reason: "it was changed while it was read")
    }
    let decoder: any PictureDecoder
    if file.bytes.starts(with: PNGDecoder.magic) {
      decoder = try PNGDecoder(file, path: path)
    } else if file.bytes.starts(with: JPEGDecoder.magic) {
      decoder = try JPEGDecoder(file, path: path)
    } else {
      let found = file.bytes.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      throw .wrongFormat(path: path, found: found.isEmpty ? "nothing" : found, expected: "a PNG or JPEG picture")
    }
    let (pixels, isTooLarge) = decoder.height.multipliedReportingOverflow(by: decoder.width)
    guard !isTooLarge, pixels <= maximumPixels else {
      throw .tooLarge(path: path, bytes: isTooLarge ? .max : 3 * pixels, limit: 3 * maximumPixels)
    }
    return decoder
  }
}

/// A PNG file, read by libspng.
private final class PNGDecoder: PictureDecoder {
  static let magic: [UInt8] = [0x89, 0x50, 0x4e, 0x47]
  /// Bytes of what is not pixels.
  private static let maximumChunkBytes = 1 << 26

  private let context: OpaquePointer
  private let file: Allocation
  private let path: String
  private var header = spng_ihdr()

  var height: Int { Int(header.height) }
  var width: Int { Int(header.width) }

  init(_ file: Allocation, path: String) throws(DatasetError) {
    guard let context = spng_ctx_new(0) else { throw .unreadable(path: path, reason: "there is no memory for it") }
    (self.context, self.file, self.path) = (context, file, path)
    try check(spng_set_chunk_limits(context, Self.maximumChunkBytes, Self.maximumChunkBytes))
    try check(spng_set_png_buffer(context, file.bytes.baseAddress, file.bytes.count))
    try check(spng_get_ihdr(context, &header))
    guard header.bit_depth <= 8 else {
      throw .badElements(path: path, found: "of \(header.bit_depth) bits", expected: "8 or less per channel")
    }
  }

  deinit { spng_ctx_free(context) }

  func decode(into pixels: Allocation) throws(DatasetError) {
    try check(
      spng_decode_image(context, pixels.bytes.baseAddress, pixels.bytes.count, Int32(SPNG_FMT_RGB8.rawValue), 0))
  }

  private func check(_ code: Int32) throws(DatasetError) {
    guard code != 0 else { return }
    throw .badPicture(path: path, reason: String(cString: spng_strerror(code)))
  }
}

/// A JPEG file, read by libjpeg-turbo.
private final class JPEGDecoder: PictureDecoder {
  static let magic: [UInt8] = [0xff, 0xd8, 0xff]
  /// A warning means that pixels were made up; progressive files of very many scans take hours.
  private static let flags = TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS

  private let handle: UnsafeMutableRawPointer
  private let file: Allocation
  private let path: String
  private(set) var height = 0
  private(set) var width = 0

  init(_ file: Allocation, path: String) throws(DatasetError) {
    guard let handle = tjInitDecompress() else { throw .unreadable(path: path, reason: "there is no memory for it") }
    (self.handle, self.file, self.path) = (handle, file, path)
    var (columns, rows, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    try check(
      tjDecompressHeader3(handle, start, UInt(file.bytes.count), &columns, &rows, &subsampling, &colours))
    guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else {
      throw .badElements(path: path, found: "of four inks (CMYK)", expected: "grey, or red, green and blue")
    }
    (height, width) = (Int(rows), Int(columns))
  }

  deinit { tjDestroy(handle) }

  func decode(into pixels: Allocation) throws(DatasetError) {
    try check(
      tjDecompress2(
        handle, start, UInt(file.bytes.count), pixels.start(as: UInt8.self), Int32(width), 0, Int32(height),
        Int32(TJPF_RGB.rawValue), Self.flags))
  }

  private var start: UnsafePointer<UInt8> { UnsafePointer(file.start(as: UInt8.self)) }

  private func check(_ status: Int32) throws(DatasetError) {
    guard status != 0 else { return }
    throw .badPicture(path: path, reason: String(cString: tjGetErrorStr2(handle)))
  }
}
