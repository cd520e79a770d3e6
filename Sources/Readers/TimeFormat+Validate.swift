extension TimeFormat {
  /// Checks the pattern.
  ///
  /// - Throws: `badTimePattern` when a step is not known, a pattern has no date, or `%p` and `%I` are
  ///   not together.
  public func validate() throws(ReadError) {
    _ = try TimePattern.compile(self)
  }
}
