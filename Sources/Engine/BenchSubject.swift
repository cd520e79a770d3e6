internal import Clusters
internal import Generators
internal import Kernels
internal import Readers
internal import Tables

/// The matrix that engines are compared on.
struct BenchSubject {
  /// For people: its file, or how it was made.
  let name: String
  let matrix: FeatureMatrix
  /// The id of each row, where it has one.
  let ids: [String]
  /// The true label of each row, where it is known.
  let truth: [Int]

  init(
    _ options: ClusterBenchOptions,
    plan: ClusterBenchPlan,
    workers: Workers
  ) throws(RunError) {
    switch options.source {
    case .input(let path):
      let columns = MatrixColumns(id: options.idColumn, label: options.truthColumn)
      let table = try Self.read(path, columns: columns)
      name = path
      matrix = table.matrix
      ids = table.ids
      truth = Self.numbers(of: table.labels)
    case .made(let rows, let columns, _):
      let generator = try running(.generate) { () throws(GenerateError) in
        try MatrixGenerator(
          rows: rows,
          columns: columns,
          blobs: options.clusterCount ?? 1,
          shape: plan.shape,
          seed: options.seed
        )
      }
      let made = generator.make(workers: workers)
      name = "\(plan.shape.rawValue) of seed \(options.seed)"
      matrix = made.matrix
      ids = []
      truth = made.labels
    }
  }

  /// A matrix from a file or the output of a run.
  static func read(_ path: String, columns: MatrixColumns) throws(RunError) -> MatrixTable {
    try running(.read) { () throws(ReadError) in
      try MatrixReader(columns: columns).read(path) { file throws(ReadError) in
        // A stream can be looked at only once, so it has to be what CSV means.
        file.stamp == nil ? Dialect() : try DialectGuess(file).dialect()
      }
    }
  }

  /// Labels in the order in which they first appear.
  private static func numbers(of labels: [String]) -> [Int] {
    var known: [String: Int] = [:]
    return labels.map { label in
      if let number = known[label] { return number }
      known[label] = known.count
      return known.count - 1
    }
  }
}

/// Says in which step something failed.
func running<Value, Failure: Error>(
  _ stage: RunStage,
  _ body: () throws(Failure) -> Value
) throws(RunError) -> Value {
  do throws(Failure) {
    return try body()
  } catch {
    throw RunError(stage: stage, cause: error)
  }
}
