// Runs k-means alone on a matrix from a file and prints one JSON object, for comparison with peers.
//
// swift run -c release ClusterBench MATRIX COLUMNS key=value ...
// swift run -c release ClusterBench grid n=20000,200000 d=3,16 k=8,32 type=f32 repeat=5
//
// MATRIX is raw little-endian row-major, `type=f32` or `f64` (the default); it is clustered in that
// precision. `start=3,17,42` gives the starting rows; without it `k=8` or `k=2-8` is seeded.
// `rounds`, `tolerance`, `starts`, `method`, `seeding`, `seed`, `engine` and `workers` are as in the settings, and so is
// `silhouette_rows`; `criteria=gap,stability` or `all` computes further criteria of the choice of k.
// What is timed is the fit alone. `labels=PATH` writes the labels as uint16, `compare=PATH` compares them with such a file.
// With `grid`, see EngineGrid.swift.

import Clusters
import Foundation
import Kernels
import Tables

/// The arguments of the form `key=value`.
struct Arguments {
  let values: [String: String]

  init(_ arguments: some Sequence<String>) {
    values = Dictionary(
      arguments.map { argument in
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        return (parts[0], parts.count > 1 ? parts[1] : "")
      },
      uniquingKeysWith: { $1 }
    )
  }

  func number<Value: LosslessStringConvertible>(_ key: String, _ fallback: Value) -> Value {
    values[key].flatMap(Value.init) ?? fallback
  }

  func list(_ key: String, separator: Character) -> [Int] {
    (values[key] ?? "").split(separator: separator).compactMap { Int($0) }
  }
}

func readMatrix(_ path: String, columnCount: Int, isFloat32: Bool) throws -> FeatureMatrix {
  let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
  let size = isFloat32 ? 4 : 8
  let rowCount = bytes.count / size / columnCount
  let columns = (0..<columnCount).map { column in
    (0..<rowCount).map { row in
      let begin = (row * columnCount + column) * size
      var bits: UInt64 = 0
      for byte in bytes[begin..<begin + size].reversed() { bits = bits << 8 | UInt64(byte) }
      return isFloat32
        ? Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))) : Double(bitPattern: bits)
    }
  }
  return FeatureMatrix(names: (0..<columnCount).map { "x\($0)" }, columns: columns)
}

func options(_ arguments: Arguments) -> ClusterOptions {
  var options = ClusterOptions()
  let counts = arguments.list("k", separator: "-")
  if let first = counts.first, let last = counts.last { options.count = .sweep(first...last) }
  options.maxRounds = arguments.number("rounds", options.maxRounds)
  options.tolerance = arguments.number("tolerance", options.tolerance)
  options.starts = arguments.number("starts", options.starts)
  options.method = arguments.values["method"].flatMap(ClusterMethod.init) ?? .kMeans
  options.seeding = arguments.values["seeding"].flatMap(ClusterSeeding.init) ?? .sampled
  options.seed = arguments.number("seed", options.seed)
  options.engine = arguments.values["engine"].flatMap(ClusterEngine.init) ?? .auto
  options.precision = arguments.values["type"] == "f32" ? .float32 : .float64
  let further = (arguments.values["criteria"] ?? "").split(separator: ",").map(String.init)
  options.choice.criteria.formUnion(
    further == ["all"] ? ChoiceCriterion.allCases : further.compactMap(ChoiceCriterion.init)
  )
  options.choice.silhouetteRows = arguments.number(
    "silhouette_rows",
    options.choice.silhouetteRows
  )
  return options
}

func list<Value>(_ values: [Value]) -> String {
  "[" + values.map { "\($0)" }.joined(separator: ", ") + "]"
}

if CommandLine.arguments.dropFirst().first == "grid" {
  try EngineGrid(Arguments(CommandLine.arguments.dropFirst(2))).run()
  exit(0)
}
guard CommandLine.arguments.count >= 3, let columnCount = Int(CommandLine.arguments[2]) else {
  print("usage: ClusterBench MATRIX COLUMNS [type=f32] [start=ROW,...] [k=2-8] [rounds=50] ...")
  exit(2)
}
let arguments = Arguments(CommandLine.arguments.dropFirst(3))
let matrix = try readMatrix(
  CommandLine.arguments[1],
  columnCount: columnCount,
  isFloat32: arguments.values["type"] == "f32"
)
let workers = Workers(count: arguments.number("workers", Workers.all.count))
/// What is known about the number of clusters, as members of a JSON object.
func figures(_ result: SweepResult) -> String {
  let (quality, choice) = (result.quality, result.choice)
  let votes = choice.recommendation?.votes ?? []
  let members = [
    ("simplified_silhouette", list(quality.map(\.simplifiedSilhouette))),
    ("calinski_harabasz", list(quality.map(\.calinskiHarabasz))),
    ("davies_bouldin", list(quality.map(\.daviesBouldin))),
    ("bic", list(choice.figures.map(\.bic))),
    ("silhouette", list(choice.figures.compactMap { $0.silhouette?.mean })),
    ("silhouette_error", list(choice.figures.compactMap { $0.silhouette?.standardError })),
    ("gap", list(choice.figures.compactMap { $0.gap?.gap })),
    ("jaccard", list(choice.figures.compactMap { $0.stability?.lowestJaccard })),
    ("resampled_rand", list(choice.figures.compactMap { $0.stability?.adjustedRand })),
    ("structure", "\(choice.structure?.hasStructure ?? true)"),
    ("recommended", "\(choice.recommendation?.clusterCount ?? choice.clusterCount)"),
    (
      "votes",
      "{" + votes.map { "\"\($0.criterion.rawValue)\": \($0.clusterCount)" }.joined(separator: ", ")
        + "}"
    ),
  ]
  return members.map { "\"\($0)\": \($1)" }.joined(separator: ", ")
}

/// Writes labels, and compares them with those of a file.
func exchangeLabels(_ labels: [UInt16], _ arguments: Arguments) throws -> String {
  if let path = arguments.values["labels"] {
    let bytes = labels.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    try Data(bytes).write(to: URL(filePath: path))
  }
  guard let path = arguments.values["compare"] else { return "" }
  let data = try Data(contentsOf: URL(filePath: path))
  let other = (0..<data.count / 2).map { UInt16(data[2 * $0]) | UInt16(data[2 * $0 + 1]) << 8 }
  let agreement = LabelAgreement(labels, other)
  return "\"adjusted_rand\": \(agreement.adjustedRand), "
    + "\"normalized_mutual_information\": \(agreement.normalizedMutualInformation), "
}

let wallBegin = ContinuousClock.now
let processorBegin = clock()
let result = try KMeans.fit(
  matrix,
  options: options(arguments),
  startRows: arguments.list("start", separator: ","),
  workers: workers
)
let processorSeconds = Double(clock() - processorBegin) / Double(CLOCKS_PER_SEC)
let wall = ContinuousClock.now - wallBegin
let wallSeconds = Double(wall.components.seconds) + Double(wall.components.attoseconds) * 1e-18
print(
  """
  {"processor_seconds": \(processorSeconds), "wall_seconds": \(wallSeconds), \
  "k": \(list(result.tried.map(\.clusterCount))), \
  "inertia": \(list(result.tried.map(\.inertia))), \
  "rounds": \(list(result.tried.map(\.rounds))), \
  \(figures(result)), \(try exchangeLabels(result.best.labels, arguments))\
  "best_k": \(result.best.clusterCount), "engine": "\(result.best.engine)", \
  "blas_core": "\(BLAS.coreName)", "workers": \(workers.count)}
  """
)
