/// Bar charts below one another, as one SVG.
public struct BarChart: Equatable, Sendable {
  /// One bar.
  public struct Bar: Equatable, Sendable {
    /// Stands before it.
    public var label: String
    /// Its length.
    public var value: Double
    /// From the least to the largest of the measurements; drawn as a line over the bar's end.
    public var spread: ClosedRange<Double>?
    /// Stands behind it.
    public var text: String
    /// Whether it is drawn in the colour that stands out.
    public var isMarked: Bool

    /// A bar without spread.
    public init(
      label: String,
      value: Double,
      spread: ClosedRange<Double>? = nil,
      text: String,
      isMarked: Bool = false
    ) {
      self.label = label
      self.value = value
      self.spread = spread
      self.text = text
      self.isMarked = isMarked
    }
  }

  /// Bars with one scale.
  public struct Panel: Equatable, Sendable {
    /// What is measured, and its unit.
    public var title: String
    /// From top to bottom.
    public var bars: [Bar]

    /// Names what the bars measure.
    public init(title: String, bars: [Bar]) {
      self.title = title
      self.bars = bars
    }
  }

  /// Heads the chart.
  public var title: String
  /// Stands below the title, a line each.
  public var notes: [String]
  /// From top to bottom.
  public var panels: [Panel]

  /// A chart of some panels.
  public init(title: String, notes: [String], panels: [Panel]) {
    self.title = title
    self.notes = notes
    self.panels = panels
  }

  private static let width = 900.0
  private static let margin = 24.0
  private static let barHeight = 22.0
  private static let barPitch = 32.0
  /// A generous width of one character in 14 px: fonts differ from machine to machine.
  private static let characterWidth = 8.0

  /// The document; text in it is escaped, so that it may come from anywhere.
  public var svg: String {
    var body = ""
    var y = Self.margin + 20
    body += Self.text(title, x: Self.margin, y: y, style: "font-size=\"20\" font-weight=\"600\"")
    for note in notes {
      y += 20
      body += Self.text(note, x: Self.margin, y: y, style: "font-size=\"13\" fill=\"#555555\"")
    }
    for panel in panels {
      y += 40
      body += Self.text(panel.title, x: Self.margin, y: y, style: "font-weight=\"600\"")
      y += 12
      body += bars(of: panel, top: y)
      y += Self.barPitch * Double(panel.bars.count)
    }
    let height = Self.shown(y + Self.margin)
    let width = Self.shown(Self.width)
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="Helvetica, Arial, sans-serif" font-size="14" \
      fill="#222222">
      <rect width="\(width)" height="\(height)" fill="#ffffff"/>
      \(body)</svg>

      """
  }

  private func bars(of panel: Panel, top: Double) -> String {
    let labelWidth = Self.textWidth(panel.bars.map(\.label))
    let left = Self.margin + labelWidth + 12
    let room = Self.width - Self.margin - left - Self.textWidth(panel.bars.map(\.text)) - 12
    let largest = panel.bars.map { Self.length($0.spread?.upperBound ?? $0.value) }.max() ?? 0
    let scale = largest > 0 ? max(0, room) / largest : 0
    var drawn = ""
    for (index, bar) in panel.bars.enumerated() {
      let y = top + Self.barPitch * Double(index)
      drawn += Self.drawn(bar, left: left, y: y, scale: scale)
    }
    return drawn
  }

  private static func drawn(_ bar: Bar, left: Double, y: Double, scale: Double) -> String {
    let length = length(bar.value) * scale
    let middle = y + barHeight / 2
    var drawn = text(bar.label, x: left - 12, y: middle + 5, style: "text-anchor=\"end\"")
    drawn += """
      <rect x="\(shown(left))" y="\(shown(y))" width="\(shown(max(1, length)))" \
      height="\(shown(barHeight))" rx="2" fill="\(bar.isMarked ? "#d9822b" : "#4878a8")"/>

      """
    var end = left + length
    if let spread = bar.spread, spread.lowerBound < spread.upperBound {
      let (low, high) = (Self.length(spread.lowerBound), Self.length(spread.upperBound))
      end = max(end, left + high * scale)
      drawn += """
        <path d="M\(shown(left + low * scale)) \(shown(middle))H\(shown(left + high * scale))" \
        stroke="#222222" stroke-width="2"/>

        """
    }
    return drawn + text(bar.text, x: end + 8, y: middle + 5, style: "")
  }

  private static func text(_ content: String, x: Double, y: Double, style: String) -> String {
    let attributes = style.isEmpty ? "" : " " + style
    return "<text x=\"\(shown(x))\" y=\"\(shown(y))\"\(attributes)>\(escaped(content))</text>\n"
  }

  /// Text as XML has it; characters that XML has no way to write are replaced by U+FFFD.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      case "\t", "\n", "\r": escaped += " "
      case "\u{0}"..<"\u{20}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func textWidth(_ texts: [String]) -> Double {
    characterWidth * Double(texts.map(\.count).max() ?? 0)
  }

  /// A length that can be drawn.
  private static func length(_ value: Double) -> Double { value.isFinite ? max(0, value) : 0 }

  /// A coordinate with one decimal.
  private static func shown(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
