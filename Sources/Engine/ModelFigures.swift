internal import Tables
internal import Writers

/// Counts and means of the clusters of some rows.
struct ModelFigures: Sendable {
  /// Names of the columns that means are of.
  let names: [String]
  /// Rows of each cluster.
  let counts: [Int]
  /// For each cluster the mean of each column; nil in an empty one.
  let means: [[Double]?]
  /// For each cluster the mean squared distance to its centroid; nil in an empty one.
  let meanSquaredDistances: [Double?]

  /// Figures of customers in days, counts and money, and of other rows in the columns of their matrix.
  init(_ subject: ModelSubject, _ assignment: ModelAssignment) {
    var columns: [(String, [Double])]
    if let rfm = subject.customers?.rfm {
      columns = [
        ("recency_days", rfm.recencyDays.map(Double.init)),
        ("frequency", rfm.frequency.map(Double.init)), ("monetary", rfm.monetary),
      ]
    } else {
      let matrix = subject.matrix
      columns = matrix.names.indices.map { column in
        (matrix.names[column], Array(matrix.values[matrix.range(ofColumn: column)]))
      }
    }
    names = columns.map(\.0)
    columns.append(("", assignment.squaredDistances))
    let clusterCount = assignment.grouping.names.count
    var counts = [Int](repeating: 0, count: clusterCount)
    for label in assignment.labels { counts[Int(label)] += 1 }
    self.counts = counts
    let all = columns.map { Self.means($0.1, assignment.labels, counts) }
    means = counts.indices.map { cluster in
      counts[cluster] == 0 ? nil : all.dropLast().map { $0[cluster] }
    }
    meanSquaredDistances = counts.indices.map { cluster in
      counts[cluster] == 0 ? nil : all.last?[cluster]
    }
  }

  /// Means by label, added in the order of the rows; huge values are scaled first, so that no sum overflows.
  private static func means(
    _ values: [Double],
    _ labels: [UInt16],
    _ counts: [Int]
  ) -> [Double] {
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    let scale = largest > 0x1p900 ? 0x1p-64 : 1
    var sums = [Double](repeating: 0, count: counts.count)
    for (row, label) in labels.enumerated() { sums[Int(label)] += values[row] * scale }
    return zip(sums, counts).map { $0 / Double(max(1, $1)) / scale }
  }
}

/// The files that `fit` and `assign` both write, and what they say.
struct ModelOutcome: Sendable {
  let plan: ModelPlan
  let subject: ModelSubject
  let model: ClusterModel
  let assignment: ModelAssignment
  let figures: ModelFigures
  let inertia: Double
  var matching: ModelMatching?

  /// What rows are called.
  var rowKind: String { subject.customers == nil ? "rows" : "customers" }

  /// Writes `assignments.csv`.
  func writeAssignments(into publication: Publication) throws(WriteError) {
    let writer = AssignmentWriter()
    if let customers = subject.customers?.table {
      try writer.write(
        assignment.grouping,
        squaredDistances: assignment.squaredDistances,
        customers: customers,
        into: publication
      )
    } else {
      try writer.write(
        assignment.grouping,
        squaredDistances: assignment.squaredDistances,
        ids: subject.ids,
        into: publication
      )
    }
  }

  /// `summary.json`.
  var summary: JSONValue {
    var members: [(String, JSONValue)] = [(rowKind, .int(subject.matrix.rowCount))]
    if let rfm = subject.customers?.rfm { members.append(("as_of", .string("\(rfm.asOf)"))) }
    members.append(("inertia", .double(inertia)))
    members.append(("clusters", .array(model.names.indices.map { cluster($0) })))
    if let matching { members.append(("matching", matching.json)) }
    return .members(members)
  }

  private func cluster(_ rank: Int) -> JSONValue {
    let means = figures.means[rank]
    let rowCount = subject.matrix.rowCount
    return .members(
      [
        ("id", .string(model.names[rank].id)), ("label", .string(model.names[rank].label)),
        (rowKind, .int(figures.counts[rank])),
        ("share", .double(Double(figures.counts[rank]) / Double(max(1, rowCount)))),
      ]
        + figures.names.indices.map { ("mean_\(figures.names[$0])", .optional(means?[$0])) }
        + [("mean_squared_distance", .optional(figures.meanSquaredDistances[rank]))]
    )
  }

  /// What a person wants to know.
  func report(_ files: [WrittenFile]) -> ModelReport {
    var report = ModelReport()
    report.rowKind = rowKind
    report.rowCount = subject.matrix.rowCount
    report.meanNames = figures.names
    report.clusters = model.names.indices.map { rank in
      ModelClusterReport(
        id: model.names[rank].id,
        label: model.names[rank].label,
        rows: figures.counts[rank],
        share: Double(figures.counts[rank]) / Double(max(1, subject.matrix.rowCount)),
        means: figures.means[rank],
        meanSquaredDistance: figures.meanSquaredDistances[rank],
        matchingCost: matching?.squaredDistances[rank]
      )
    }
    report.inertia = inertia
    report.isMatched = matching != nil
    report.totalMatchingCost = matching?.totalSquaredDistance ?? 0
    report.newIDs = matching?.new ?? []
    report.goneIDs = matching?.gone ?? []
    report.output = plan.output
    report.fileCount = files.count
    report.byteCount = files.reduce(0) { $0 + $1.bytes }
    return report
  }
}
