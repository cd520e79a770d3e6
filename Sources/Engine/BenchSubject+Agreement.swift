internal import Clusters

extension BenchSubject {
  /// How well labels agree with the direct engine's, and with the truth where it is known.
  func agreement(of labels: [UInt16], reference: [UInt16]) -> AgreementFigures {
    var figures = AgreementFigures(
      randIndexOfLloyd: LabelAgreement(labels, reference).adjustedRand
    )
    guard !truth.isEmpty else { return figures }
    let agreement = LabelAgreement(labels.map(Int.init), truth)
    figures.randIndexOfTruth = agreement.adjustedRand
    figures.informationOfTruth = agreement.normalizedMutualInformation
    return figures
  }
}
