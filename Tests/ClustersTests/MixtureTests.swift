internal import Clusters
internal import Kernels
internal import Tables
internal import TestKit
internal import Testing

/// The rows of `Benchmarks/peers/mixture_agreement.py`: four correlated clouds, of sums of even numbers.
private func clouds(_ count: Int) -> FeatureMatrix {
  let means = [[0, 0, 0], [1.2, 0.4, -0.4], [-0.8, 1, 0.4], [0.4, -1.2, 0.8]]
  let shapes = [
    [1.0, 0.6, 0.8, -0.3, 0.2, 0.5], [0.5, -0.4, 1.2, 0.1, 0.7, 0.6],
    [1.5, 0.9, 0.4, 0.5, -0.2, 0.9], [0.7, 0.0, 0.7, 0.3, 0.3, 0.3],
  ]
  var random = SeededGenerator(seed: 11)
  var columns: [[Double]] = [[], [], []]
  for row in 0..<count {
    let (mean, shape) = (means[row % 4], shapes[row % 4])
    let even = (0..<3).map { _ in
      (0..<4).reduce(0.0) { sum, _ in sum + Double(random.next() >> 11) * 0x1p-53 } - 2
    }
    columns[0].append(mean[0] + shape[0] * even[0])
    columns[1].append(mean[1] + shape[1] * even[0] + shape[2] * even[1])
    columns[2].append(mean[2] + shape[3] * even[0] + shape[4] * even[1] + shape[5] * even[2])
  }
  return FeatureMatrix(names: ["x", "y", "z"], columns: columns)
}

/// What `Benchmarks/peers/mixture_agreement.py` prints with scikit-learn 1.9.1.
private enum Expected {
  static let rounds = 18
  static let logLikelihood = -8228.114893462
  static let bic = 16768.478122063
  static let members = [696, 792, 754, 758]
  static let weights = [
    0.242607538, 0.254892134, 0.248966463, 0.253533865,
  ]
  static let means = [
    -0.037399888, -0.013260544, -0.009577565, 1.202626308, 0.412683811, -0.393643679,
    -0.779713402, 1.010028348, 0.374492351, 0.380671830, -1.201514715, 0.775585505,
  ]
  static let covariances = [
    0.300627500, 0.181758339, -0.096416435, 0.181758339, 0.296397490, -0.006820198, -0.096416435,
    -0.006820198, 0.128968240, 0.082868706, -0.068158389, 0.011357376, -0.068158389, 0.529732326,
    0.268589018, 0.011357376, 0.268589018, 0.294142563, 0.707953480, 0.431143332, 0.231181511,
    0.431143332, 0.313583511, 0.107582300, 0.231181511, 0.107582300, 0.347200412, 0.174338568,
    -0.002978073, 0.077084902, -0.002978073, 0.159567434, 0.067553939, 0.077084902, 0.067553939,
    0.094190736,
  ]
  /// Of the rows 0, 7 and 100.
  static let responsibilities = [
    0.999999819, 0.000000000, 0.000000000, 0.000000181, 0.000000000, 0.000000000, 0.000000000,
    1.000000000, 0.999998210, 0.000001766, 0.000000002, 0.000000023,
  ]
}

@Suite struct MixtureTests {
  private func fit(
    _ matrix: FeatureMatrix,
    startRows: [Int] = [],
    _ change: (inout ClusterOptions) -> Void = { _ in }
  ) throws -> SweepResult {
    var options = ClusterOptions()
    options.method = .mixture
    change(&options)
    return try KMeans.fit(
      matrix,
      options: options,
      startRows: startRows,
      workers: Workers(count: 2)
    )
  }

  private func expectEqual(_ own: [Double], _ expected: [Double], within tolerance: Double) {
    #expect(own.count == expected.count)
    for (own, expected) in zip(own, expected) { #expect(abs(own - expected) < tolerance) }
  }

  @Test func `scikit-learn finds the same mixture from the same start`() throws {
    let matrix = clouds(3000)
    let result = try fit(matrix, startRows: [0, 1, 2, 3])
    let mixture = try #require(result.method?.mixture)
    #expect(result.best.rounds == Expected.rounds)
    #expect(result.best.converged)
    #expect(abs(mixture.logLikelihood - Expected.logLikelihood) < 1e-6)
    #expect(abs(mixture.bic - Expected.bic) < 1e-6)
    #expect(result.method?.objective == -mixture.logLikelihood)
    expectEqual(mixture.weights, Expected.weights, within: 1e-6)
    expectEqual(mixture.means, Expected.means, within: 1e-6)
    expectEqual(mixture.covariances, Expected.covariances, within: 1e-6)
    #expect(result.best.centroids == mixture.means)
    let members = (0..<4).map { label in result.best.labels.count { $0 == label } }
    #expect(members == Expected.members)
    let shares = try mixture.responsibilities(of: matrix, workers: .all)
    expectEqual(
      [0, 7, 100].flatMap { shares[$0 * 4..<$0 * 4 + 4] },
      Expected.responsibilities,
      within: 1e-6
    )
    for row in 0..<matrix.rowCount {
      let own = Array(shares[row * 4..<row * 4 + 4])
      #expect(abs(own.reduce(0, +) - 1) < 1e-12)
      #expect(own.indices.max { own[$0] < own[$1] } == Int(result.best.labels[row]))
    }
  }

  @Test func `one component is mean and covariance`() throws {
    // x: mean 3, variance 5; y = 2x − 1 + (−1, 1, 1, −1): mean 5, variance 21, covariance 10.
    let matrix = FeatureMatrix(names: ["x", "y"], columns: [[0, 2, 4, 6], [-2, 4, 8, 10]])
    let result = try fit(matrix, startRows: [0]) { $0.families.regularization = 0 }
    let mixture = try #require(result.method?.mixture)
    #expect(mixture.weights == [1])
    expectEqual(mixture.means, [3, 5], within: 1e-14)
    expectEqual(mixture.covariances, [5, 10, 10, 21], within: 1e-13)
    // −n (d/2 log 2π + ½ log det + d/2), det = 105 − 100.
    let expected = -4 * (1.8378770664093453 + 0.5 * 1.6094379124341003 + 1)
    #expect(abs(mixture.logLikelihood - expected) < 1e-12)
    #expect(abs(mixture.bic - (-2 * expected + 5 * 1.3862943611198906)) < 1e-12)
  }

  @Test func `the likelihood never falls from round to round`() throws {
    for (clusters, rows) in [(2, 500), (4, 3000), (7, 900)] {
      let matrix = clouds(rows)
      var last = -Double.infinity
      for rounds in 1...25 {
        let result = try fit(matrix, startRows: Array(0..<clusters)) {
          $0.maxRounds = rounds
          $0.tolerance = 0
          $0.families.regularization = 0
        }
        let likelihood = try #require(result.method?.mixture?.logLikelihood)
        #expect(likelihood >= last - 1e-9 * abs(last), "\(clusters) clusters, round \(rounds)")
        last = likelihood
      }
    }
  }

  @Test func `the lowest BIC chooses the number of components`() throws {
    let matrix = blobs([(0, 0), (9, 0), (0, 9)], count: 400, seed: 5)
    let result = try fit(matrix) { $0.count = .sweep(2...5) }
    let bics = try (2...5).map { count in
      try #require(fit(matrix) { $0.count = .fixed(count) }.method?.mixture?.bic)
    }
    #expect(result.best.clusterCount == bics.indices.min { bics[$0] < bics[$1] }.map { $0 + 2 })
  }

  @Test func `a flat component is refused, and helped by the regularization`() throws {
    let x = [0.0, 1, 2, 30, 31, 32]
    let flat = FeatureMatrix(names: ["x", "y"], columns: [x, x.map { _ in 1 }])
    #expect(throws: ClusterError.singularCovariance(component: 0)) {
      try fit(flat, startRows: [0, 3]) { $0.families.regularization = 0 }
    }
    let helped = try fit(flat, startRows: [0, 3])
    #expect(helped.best.labels == [0, 0, 0, 1, 1, 1])
    // Far beyond the regularization's reach: 1e-6 is nothing beside 1e600.
    let huge = FeatureMatrix(names: ["x", "y"], columns: [[0, 1e300, 2e300], [1, 1, 1]])
    #expect(throws: ClusterError.singularCovariance(component: 0)) {
      try fit(huge, startRows: [0])
    }
  }

  @Test func `tiny values drown in the regularization, but nothing is undefined`() throws {
    let result = try fit(line([0, 1e-300, 5e-300, 6e-300]), startRows: [0, 3])
    let mixture = try #require(result.method?.mixture)
    #expect(!mixture.means.contains { !$0.isFinite })
    #expect(mixture.logLikelihood.isFinite)
    #expect(result.best.labels.allSatisfy { $0 < 2 })
  }

  @Test func `components are reordered with everything that is theirs`() throws {
    let mixture = MixtureModel(
      weights: [0.25, 0.75],
      means: [1, 2, 3, 4],
      covariances: [1, 0, 0, 1, 2, 1, 1, 2],
      logLikelihood: -1,
      bic: 2
    )
    let turned = mixture.reordered([1, 0])
    #expect(turned.weights == [0.75, 0.25])
    #expect(turned.means == [3, 4, 1, 2])
    #expect(turned.covariances == [2, 1, 1, 2, 1, 0, 0, 1])
  }
}
