import Kernels

/// Compiles declared time patterns into programs of the time kernel.
enum TimePattern {
  private static let fields: [Character: [TimeStep]] = [
    "Y": [.field(.year)], "y": [.field(.shortYear)], "m": [.field(.month)], "d": [.field(.day)],
    "e": [.field(.day)], "H": [.field(.hour)], "k": [.field(.hour)], "I": [.field(.hourOf12)],
    "l": [.field(.hourOf12)], "M": [.field(.minute)], "S": [.field(.second)],
    "f": [.field(.fraction)], "p": [.field(.halfDay)], "P": [.field(.halfDay)],
    "b": [.field(.monthName)], "B": [.field(.monthName)], "h": [.field(.monthName)],
    "z": [.field(.zone)], "a": [.field(.weekdayName)], "A": [.field(.weekdayName)],
    "n": [.field(.blanks)], "t": [.field(.blanks)], "%": [.literal(UInt8(ascii: "%"))],
    "T": steps("HMS", between: ":"), "R": steps("HM", between: ":"),
    "F": steps("Ymd", between: "-"), "D": steps("mdy", between: "/"),
  ]

  /// The program of a declared format.
  ///
  /// - Throws: `badTimePattern` when a step is not known, a pattern has no date, or `%p` and `%I` are
  ///   not together.
  static func compile(_ format: TimeFormat) throws(ReadError) -> TimeSyntax {
    let steps: [TimeStep]
    switch format.pattern {
    case .iso8601: steps = [.field(.iso)]
    case .epochSeconds: steps = [.field(.epochSeconds)]
    case .epochMilliseconds: steps = [.field(.epochMilliseconds)]
    case .pattern(let pattern): steps = try parse(pattern)
    }
    return TimeSyntax(steps: steps, zoneOffsetSeconds: format.zoneOffsetSeconds)
  }

  private static func parse(_ pattern: String) throws(ReadError) -> [TimeStep] {
    var steps: [TimeStep] = []
    var rest = pattern[...]
    while let character = rest.popFirst() {
      if character == "%" {
        steps += try field(after: &rest, in: pattern)
      } else if character == " " {
        steps.append(.field(.blanks))
      } else {
        steps += character.utf8.map(TimeStep.literal)
      }
    }
    let hasYear = steps.contains(.field(.year)) || steps.contains(.field(.shortYear))
    let hasMonth = steps.contains(.field(.month)) || steps.contains(.field(.monthName))
    guard hasYear, hasMonth, steps.contains(.field(.day)) else {
      throw .badTimePattern(pattern: pattern, reason: "a year, a month and a day are needed")
    }
    guard steps.contains(.field(.halfDay)) == steps.contains(.field(.hourOf12)) else {
      throw .badTimePattern(pattern: pattern, reason: "%p and %I only tell the hour together")
    }
    return steps
  }

  /// `%-d` and `%_d` mean `%d`: numbers may be unpadded anyway.
  private static func field(
    after rest: inout Substring,
    in pattern: String
  ) throws(ReadError) -> [TimeStep] {
    while rest.first == "-" || rest.first == "_" || rest.first == "#" { rest.removeFirst() }
    let letter = rest.popFirst()
    guard let letter, let steps = fields[letter] else {
      let step = "%\(letter.map(String.init) ?? "")"
      throw .badTimePattern(pattern: pattern, reason: "the step \(step) is not known")
    }
    return steps
  }

  private static func steps(_ letters: String, between separator: Character) -> [TimeStep] {
    let simple: [Character: TimeField] = [
      "Y": .year, "y": .shortYear, "m": .month, "d": .day, "H": .hour, "M": .minute, "S": .second,
    ]
    let steps = letters.compactMap { simple[$0].map { [TimeStep.field($0)] } }
    let literal = separator.utf8.map(TimeStep.literal)
    return Array(steps.joined(separator: literal))
  }
}
