internal import CBridge

/// A step of a time program.
public enum TimeStep: Hashable, Sendable {
  /// Exactly this byte.
  case literal(UInt8)
  /// Any other step, by its number in `cb_time_step`.
  case field(TimeField)
}

/// What a step of a time program reads.
///
/// Raw values are those of `cb_time_step`.
public enum TimeField: UInt8, Hashable, Sendable {
  /// Four digits.
  case year = 2
  /// Two digits, 69 to 99 in the twentieth century.
  case shortYear = 3
  /// One or two digits.
  case month = 4
  /// One or two digits.
  case day = 5
  /// 0 to 23.
  case hour = 6
  /// 1 to 12.
  case hourOf12 = 7
  /// One or two digits.
  case minute = 8
  /// One or two digits.
  case second = 9
  /// One to nine digits of a second.
  case fraction = 10
  /// AM or PM.
  case halfDay = 11
  /// English, in full or three letters.
  case monthName = 12
  /// Z or an offset.
  case zone = 13
  /// One or more blanks.
  case blanks = 14
  /// Letters that are not looked at.
  case weekdayName = 15
  /// ISO 8601, alone.
  case iso = 16
  /// Seconds with up to six decimals, alone.
  case epochSeconds = 17
  /// Milliseconds, alone.
  case epochMilliseconds = 18
}

/// How times are written, as the kernels see it.
public struct TimeSyntax: Hashable, Sendable {
  let program: [UInt8]
  let zoneOffsetMicroseconds: Int64

  /// A program of steps, and the ledger's zone.
  public init(steps: [TimeStep], zoneOffsetSeconds: Int) {
    program = steps.flatMap { step -> [UInt8] in
      switch step {
      case .literal(let byte): [UInt8(CB_TIME_LITERAL.rawValue), byte]
      case .field(let field): [field.rawValue, 0]
      }
    }
    zoneOffsetMicroseconds = Int64(zoneOffsetSeconds) * 1_000_000
  }

  func withBridged<Result>(_ body: (inout cb_time_format) -> Result) -> Result {
    // SAFETY: the pointer is used within the call alone.
    unsafe program.withUnsafeBufferPointer { program in
      var format = unsafe cb_time_format(
        program: program.baseAddress,
        program_size: program.count,
        zone_offset: zoneOffsetMicroseconds
      )
      return unsafe body(&format)
    }
  }

  /// Reads one time in microseconds, or nil where it is none.
  public func microseconds(of text: some Sequence<UInt8>) -> Int64? {
    var instant: Int64 = 0
    let bytes = Array(text)
    let fault = unsafe withBridged { format in
      // SAFETY: the text outlives the call.
      unsafe bytes.withUnsafeBufferPointer {
        unsafe cb_parse_time($0.baseAddress, $0.count, &format, &instant)
      }
    }
    return fault == Int32(CB_FAULT_NONE.rawValue) ? instant : nil
  }
}
