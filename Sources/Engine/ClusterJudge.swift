internal import Clusters

/// Holds fits against the one that they have to equal, bit for bit.
struct ClusterJudge {
  let reference: EngineTrial
  let referenceName: String
  let seed: UInt64

  /// - Throws: ``RunError`` with a ``ClusterBenchError/disagreement(_:)`` for the first difference.
  func require(_ trial: EngineTrial, named name: String) throws(RunError) {
    guard let difference = trial.difference(from: reference) else { return }
    let disagreement = Disagreement(
      fit: name,
      reference: referenceName,
      seed: seed,
      difference: difference
    )
    throw RunError(stage: .clusters, cause: ClusterBenchError.disagreement(disagreement))
  }
}
