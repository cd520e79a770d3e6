extension TimeFormat {
  /// Checks the pattern.
  ///
  /// - Throws: `badTimePattern` when a step is not known, or a pattern has no date.
  public func validate() throws(ReadError) {
    _ = try TimePattern.compile(self)
  }
}
