// Made-up matrices for trying out clusterings. Rows come in blocks that follow from the seed and their
// own number alone, so the values never depend on the workers; only additions, multiplications and
// comparisons make them, so they are the same on every machine.

public import Kernels
public import Tables

/// How the rows of a made-up matrix lie.
public enum MatrixShape: String, Hashable, Sendable, CaseIterable {
  /// Round heaps of equal weight with a standard deviation of 1, their centres uniform in a cube.
  case blobs
  /// Evenly spread over a cube: no structure at all.
  case uniform
}

/// A made-up matrix, and what it was made of.
public struct MadeMatrix: Sendable {
  /// n × d values.
  public var matrix: FeatureMatrix
  /// For each row the blob that it came from; empty for `uniform`.
  public var labels: [Int]
}

/// Makes matrices, the same bits for the same settings.
public struct MatrixGenerator: Sendable {
  private static let blockRows = 8192
  /// Half the edge of the cube that centres lie in.
  private static let reach = 10.0

  /// Rows.
  public let rowCount: Int
  /// Columns.
  public let columnCount: Int
  /// Blobs.
  public let blobCount: Int
  private let shape: MatrixShape
  private let seed: UInt64

  /// Describes a matrix of at least one row, one column and one blob.
  ///
  /// - Throws: ``GenerateError/badMatrix(rows:columns:blobs:)``.
  public init(
    rows: Int,
    columns: Int,
    blobs: Int,
    shape: MatrixShape,
    seed: UInt64
  ) throws(GenerateError) {
    let (count, overflows) = rows.multipliedReportingOverflow(by: columns)
    guard rows > 0, columns > 0, blobs > 0, !overflows, count <= 1 << 40 else {
      throw .badMatrix(rows: rows, columns: columns, blobs: blobs)
    }
    rowCount = rows
    columnCount = columns
    blobCount = blobs
    self.shape = shape
    self.seed = seed
  }

  /// Makes the matrix.
  public func make(workers: Workers) -> MadeMatrix {
    let centres = self.centres
    let blockCount = (rowCount + Self.blockRows - 1) / Self.blockRows
    let blocks = workers.map(blocks: blockCount) { block(number: $0, centres: centres) }
    var matrix = FeatureMatrix(names: [], columns: [])
    matrix.names = (0..<columnCount).map { "x\($0 + 1)" }
    matrix.rowCount = rowCount
    matrix.values.reserveCapacity(rowCount * columnCount)
    for column in 0..<columnCount {
      for block in blocks {
        let rows = block.values.count / columnCount
        matrix.values += block.values[column * rows..<(column + 1) * rows]
      }
    }
    return MadeMatrix(matrix: matrix, labels: blocks.flatMap(\.labels))
  }

  private var centres: [Double] {
    var random = BlockRandom(seed: seed, block: -1)
    return (0..<blobCount * columnCount).map { _ in Self.reach * (2 * random.unit() - 1) }
  }

  /// The rows of one block, column by column.
  private func block(number: Int, centres: [Double]) -> (values: [Double], labels: [Int]) {
    var random = BlockRandom(seed: seed, block: number)
    let count = min(Self.blockRows, rowCount - number * Self.blockRows)
    var values = [Double](repeating: 0, count: count * columnCount)
    guard shape == .blobs else {
      for index in values.indices { values[index] = Self.reach * (2 * random.unit() - 1) }
      return (values, [])
    }
    let labels = (0..<count).map { _ in random.index(below: blobCount) }
    for column in 0..<columnCount {
      for row in 0..<count {
        values[column * count + row] =
          centres[labels[row] * columnCount + column] + random.normal()
      }
    }
    return (values, labels)
  }
}

/// The numbers of one block.
///
/// Source: G. Steele, D. Lea and C. Flood, "Fast splittable pseudorandom number generators", OOPSLA
/// 2014.
private struct BlockRandom {
  private var state: UInt64

  init(seed: UInt64, block: Int) {
    state = seed
    let salt = next()
    state = salt ^ (UInt64(bitPattern: Int64(block)) &* 0xD1B5_4A32_D192_ED03)
    _ = next()
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in `0..<1` with 53 random bits.
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// An index below `count`; the bias is below count / 2^64.
  mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }

  /// Nearly normal, with mean 0 and variance 1: the sum of twelve uniform numbers less 6, each with 21
  /// bits of a random word.
  ///
  /// Source: P. Irwin and P. Hall, "The distribution of means for samples of size N", Biometrika 19,
  /// 1927.
  mutating func normal() -> Double {
    var sum: UInt64 = 0
    for _ in 0..<4 {
      let word = next()
      sum += (word & 0x1F_FFFF) + (word >> 21 & 0x1F_FFFF) + (word >> 42 & 0x1F_FFFF)
    }
    return Double(sum) * 0x1p-21 - 6
  }
}
