internal import Writers

/// The time of one engine.
public struct EngineTime: Hashable, Sendable {
  /// Its name.
  public var engine: String
  /// Processor seconds of the fastest of its fits.
  public var seconds: Double

  /// Names the time of one engine.
  package init(engine: String, seconds: Double) {
    self.engine = engine
    self.seconds = seconds
  }
}

/// All engines on one matrix.
public struct CalibrationCell: Hashable, Sendable {
  /// Fits that take less are not counted, in processor seconds.
  public static let leastSeconds = 0.05

  /// `blobs` or `uniform`.
  public var shape = ""
  /// Rows.
  public var rowCount = 0
  /// Columns.
  public var columnCount = 0
  /// Clusters.
  public var clusterCount = 0
  /// Rounds that every engine did.
  public var rounds = 0
  /// All engines, in one order for all cells.
  public var times: [EngineTime]
  /// What `auto` takes here.
  public var choice: String

  /// The times on a matrix that has yet to be described.
  package init(times: [EngineTime], choice: String) {
    self.times = times
    self.choice = choice
  }

  /// The fastest engine.
  public var best: EngineTime {
    times.min { $0.seconds < $1.seconds } ?? EngineTime(engine: choice, seconds: 0)
  }

  /// The time of `auto`'s choice over the best; nil where it was not measured.
  public var ratio: Double? {
    guard best.seconds > 0 else { return nil }
    return times.first { $0.engine == choice }.map { $0.seconds / best.seconds }
  }

  /// Whether fits take long enough for the choice to matter.
  public var counts: Bool { best.seconds >= Self.leastSeconds && ratio != nil }
}

/// Engines over a grid, and how well `auto` chooses there.
public struct CalibrationReport: Sendable {
  /// The machine and the programs.
  public var surroundings: BenchSurroundings
  /// `float32` or `float64`.
  public var precision = ""
  /// Threads.
  public var workerCount = 0
  /// Cells of the whole grid.
  public var plannedCount = 0
  /// The cells that there was time for, from the cheapest on.
  public var cells: [CalibrationCell] = []

  /// Nothing measured yet.
  package init(surroundings: BenchSurroundings) {
    self.surroundings = surroundings
  }

  /// Ratios of `auto`'s choices to the best engine, of the cells that count; nil where none does.
  public var ratios: Spread? {
    let counted = cells.filter(\.counts).compactMap(\.ratio)
    return counted.isEmpty ? nil : Spread(counted)
  }

  /// Everything as one JSON document.
  public var json: String {
    let document: JSONValue = .members([
      ("format", "tranche.bench-calibration/1"), ("surroundings", surroundings.json),
      ("precision", .string(precision)), ("workers", .int(workerCount)),
      ("cells_planned", .int(plannedCount)), ("cells_measured", .int(cells.count)),
      ("cells_counted", .int(cells.count(where: \.counts))),
      (
        "auto_over_best",
        .members([
          ("median", .optional(ratios?.median)), ("worst", .optional(ratios?.range.upperBound)),
        ])
      ),
      ("cells", .array(cells.map(\.json))),
    ])
    return document.text
  }

  /// One row for each cell.
  public var csv: [UInt8] {
    let engines = cells.first?.times.map { "\($0.engine)_seconds" } ?? []
    var text = CSVText(
      header: ["shape", "rows", "columns", "clusters", "rounds"] + engines
        + ["best", "auto", "ratio", "counts"]
    )
    for cell in cells {
      text.append(
        [
          cell.shape, "\(cell.rowCount)", "\(cell.columnCount)", "\(cell.clusterCount)",
          "\(cell.rounds)",
        ] + cell.times.map { "\($0.seconds)" } + [
          cell.best.engine, cell.choice, cell.ratio.map { "\($0)" } ?? "", "\(cell.counts)",
        ]
      )
    }
    return text.bytes
  }
}

extension CalibrationCell {
  fileprivate var json: JSONValue {
    .members([
      ("shape", .string(shape)), ("rows", .int(rowCount)), ("columns", .int(columnCount)),
      ("clusters", .int(clusterCount)), ("rounds", .int(rounds)),
      ("processor_seconds", .members(times.map { ($0.engine, .double($0.seconds)) })),
      ("best", .string(best.engine)), ("auto", .string(choice)), ("ratio", .optional(ratio)),
      ("counts", .bool(counts)),
    ])
  }
}
