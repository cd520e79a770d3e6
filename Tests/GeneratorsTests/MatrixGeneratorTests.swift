internal import Generators
internal import Kernels
internal import Tables
internal import Testing

private func make(
  _ rows: Int,
  _ columns: Int,
  blobs: Int = 3,
  shape: MatrixShape = .blobs,
  seed: UInt64 = 1,
  workers: Int = 2
) throws -> MadeMatrix {
  try MatrixGenerator(rows: rows, columns: columns, blobs: blobs, shape: shape, seed: seed)
    .make(workers: Workers(count: workers))
}

@Suite struct MatrixGeneratorTests {
  @Test(arguments: MatrixShape.allCases)
  func `workers change no bit, seeds change them all`(shape: MatrixShape) throws {
    let one = try make(20_000, 3, shape: shape, workers: 1)
    for workers in [2, 3, 8] {
      let other = try make(20_000, 3, shape: shape, workers: workers)
      #expect(other.matrix.values == one.matrix.values)
      #expect(other.labels == one.labels)
    }
    let seeded = try make(20_000, 3, shape: shape, seed: 2)
    #expect(zip(seeded.matrix.values, one.matrix.values).count { $0 == $1 } < 10)
  }

  @Test func `blobs are round, of unit variance and about equal weight`() throws {
    let made = try make(60_000, 2, blobs: 3)
    for blob in 0..<3 {
      let rows = made.labels.indices.filter { made.labels[$0] == blob }
      #expect(abs(Double(rows.count) - 20_000) < 600)
      for column in 0..<2 {
        let values = rows.map { made.matrix.values[column * 60_000 + $0] }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        #expect(abs(mean) < 10.1)
        // Five standard errors of the variance of 20,000 normal values are 0.05.
        #expect(abs(variance - 1) < 0.05)
      }
    }
  }

  @Test func `uniform rows fill the cube and come from no blob`() throws {
    let made = try make(50_000, 2, shape: .uniform)
    #expect(made.labels.isEmpty)
    #expect(made.matrix.values.allSatisfy { (-10..<10).contains($0) })
    let mean = made.matrix.values.reduce(0, +) / 100_000
    #expect(abs(mean) < 0.1)
  }

  @Test func `a matrix of nothing is refused`() {
    for (rows, columns, blobs) in [(0, 1, 1), (1, 0, 1), (1, 1, 0), (-1, 1, 1), (Int.max, 2, 1)] {
      let expected = GenerateError.badMatrix(rows: rows, columns: columns, blobs: blobs)
      #expect(throws: expected) { _ = try make(rows, columns, blobs: blobs) }
    }
  }
}
