internal import Clusters

/// Holds fits against the one that they have to equal, bit for bit.
struct ClusterJudge {
  let reference: EngineTrial
  let referenceName: String
  let seed: UInt64

  /// - Throws: ``RunError`` with a ``ClusterBenchError/disagreement(_:)`` for the first difference.
  func require(_ trial: EngineTrial, named name: String) throws(RunError) {
    guard let difference = difference(of: trial) else { return }
    let disagreement = Disagreement(
      fit: name,
      reference: referenceName,
      seed: seed,
      difference: difference
    )
    throw RunError(stage: .clusters, cause: ClusterBenchError.disagreement(disagreement))
  }

  /// What differs first: labels, then centroids, inertia and rounds; nil where nothing does.
  func difference(of trial: EngineTrial) -> Disagreement.Difference? {
    let (own, others) = (trial.labels, reference.labels)
    if let row = own.indices.first(where: { own[$0] != others[$0] }) {
      return .label(row: row, Int(own[row]), Int(others[row]))
    }
    let (moved, expected) = (trial.centroids, reference.centroids)
    let different = moved.indices.first { moved[$0].bitPattern != expected[$0].bitPattern }
    if let index = different {
      let columns = max(1, trial.columnCount)
      let (cluster, column) = index.quotientAndRemainder(dividingBy: columns)
      return .centroid(cluster: cluster, column: column, moved[index], expected[index])
    }
    if trial.inertia.bitPattern != reference.inertia.bitPattern {
      return .inertia(trial.inertia, reference.inertia)
    }
    return trial.rounds == reference.rounds ? nil : .rounds(trial.rounds, reference.rounds)
  }
}
