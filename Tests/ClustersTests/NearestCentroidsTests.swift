internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

@Suite struct NearestCentroidsTests {
  @Test func `a row gets its nearest centroid and the squared distance to it`() {
    let nearest = NearestCentroids([0, 0, 3, 4], columnCount: 2)
    let matrix = FeatureMatrix(names: ["a", "b"], columns: [[0, 3, 1], [1, 3, 0]])
    let (labels, distances) = nearest.assign(matrix, workers: Workers(count: 1))
    #expect(labels == [0, 1, 0])
    #expect(distances == [1, 1, 1])
  }

  @Test func `ties go to the lowest index`() {
    let nearest = NearestCentroids([1, -1, 1], columnCount: 1)
    let matrix = FeatureMatrix(names: ["a"], columns: [[0, 1]])
    #expect(nearest.assign(matrix, workers: Workers(count: 1)).labels == [0, 0])
  }

  @Test func `huge and tiny values are told apart`() {
    for scale in [1e-300, 1e300] {
      let nearest = NearestCentroids([0, scale], columnCount: 1)
      let matrix = FeatureMatrix(names: ["a"], columns: [[0.4 * scale, 0.6 * scale]])
      let (labels, distances) = nearest.assign(matrix, workers: Workers(count: 1))
      #expect(labels == [0, 1])
      #expect(distances.allSatisfy { !$0.isNaN })
    }
  }

  @Test(arguments: [1, 3, 8])
  func `a row's label and distance do not depend on other rows or on workers`(columns: Int) {
    var random = SeededGenerator(seed: 11)
    let rows = 70_000
    let values = (0..<columns).map { _ in
      (0..<rows).map { _ in Double.random(in: -9...9, using: &random) }
    }
    let names = (0..<columns).map { "x\($0)" }
    let centroids = (0..<5 * columns).map { _ in Double.random(in: -9...9, using: &random) }
    let nearest = NearestCentroids(centroids, columnCount: columns)
    let whole = nearest.assign(
      FeatureMatrix(names: names, columns: values),
      workers: Workers(count: 1)
    )
    for count in [2, 3, 8] {
      let shared = nearest.assign(
        FeatureMatrix(names: names, columns: values),
        workers: Workers(count: count)
      )
      #expect(shared.labels == whole.labels)
      #expect(shared.squaredDistances == whole.squaredDistances)
    }
    let odd = stride(from: 1, to: rows, by: 2)
    let half = nearest.assign(
      FeatureMatrix(names: names, columns: values.map { column in odd.map { column[$0] } }),
      workers: Workers(count: 2)
    )
    #expect(half.labels == odd.map { whole.labels[$0] })
    #expect(half.squaredDistances == odd.map { whole.squaredDistances[$0] })
  }
}
