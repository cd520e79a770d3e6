extension BenchSubject {
  /// How well labels agree with the direct engine's, and with the truth.
  func agreement(of labels: [UInt16], reference: [UInt16]) -> LabelAgreement {
    LabelAgreement()
  }
}
