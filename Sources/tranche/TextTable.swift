/// Rows of text in aligned columns.
struct TextTable {
  private let title: String
  private let rows: [[String]]

  /// A table whose first column stands left and whose others stand right.
  ///
  /// - Parameters:
  ///   - title: Heads the first column.
  ///   - columns: Head the others.
  ///   - rows: The cells; the first of each row is its name.
  init(_ title: String, _ columns: [String], rows: [[String]]) {
    self.title = title
    self.rows = [[title] + columns] + rows.map { ["  \($0[0])"] + $0.dropFirst() }
  }

  /// One line a row, each as wide as it must be.
  var text: String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = Self.padding(widths[0] - row[0].count, after: row[0])
      for column in row.indices.dropFirst() {
        line += "  " + Self.padding(before: row[column], widths[column] - row[column].count)
      }
      return line.trimmingEnd() + "\n"
    }.joined()
  }

  private static func padding(_ count: Int, after text: String) -> String {
    text + String(repeating: " ", count: count)
  }

  private static func padding(before text: String, _ count: Int) -> String {
    String(repeating: " ", count: count) + text
  }
}

extension String {
  fileprivate func trimmingEnd() -> String {
    var trimmed = self[...]
    while trimmed.last == " " { trimmed.removeLast() }
    return String(trimmed)
  }
}

/// Numbers as people read them.
enum NumberText {
  /// `1,234,567`.
  static func grouped(_ number: some BinaryInteger) -> String {
    grouped("\(number)")
  }

  /// `-8,911,407.904` from `-8911407.904`.
  static func grouped(_ decimal: String) -> String {
    let sign = decimal.hasPrefix("-") ? "-" : ""
    let parts = decimal.dropFirst(sign.count).split(separator: ".", maxSplits: 1)
    guard let whole = parts.first else { return decimal }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return sign + grouped + (parts.count == 2 ? ".\(parts[1])" : "")
  }

  /// `1,234.57`: rounded, with so many decimals; a dash for nothing.
  static func rounded(_ value: Double?, decimals: Int) -> String {
    guard let value, value.isFinite else { return "-" }
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let scaled = (value.magnitude * factor).rounded()
    guard scaled < 1e18 else { return "\(value)" }
    let digits = String(Int(scaled))
    let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
    let sign = value < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return grouped(sign + padded) }
    return grouped("\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))")
  }

  /// `12.3 %`.
  static func percent(_ share: Double) -> String {
    "\(rounded(share * 100, decimals: 1)) %"
  }

  /// `12.3 MB`.
  static func bytes(_ count: some BinaryInteger) -> String {
    let units = ["kB", "MB", "GB", "TB"]
    var value = Double(count) / 1000
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return "\(rounded(value, decimals: 1)) \(units[unit])"
  }
}
