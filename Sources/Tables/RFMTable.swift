/// Recency, frequency and money of every customer, in the order of ``CustomerBatches``.
public struct RFMTable: Sendable {
  /// The moment that recency is counted to.
  public var asOf: Instant
  /// Whole days from the customer's last row to `asOf`.
  public var recencyDays: [Int64]
  /// Orders, or what else the definition of frequency counts.
  public var frequency: [Int64]
  /// Money in whole currency, as the definition of monetary says.
  public var monetary: [Double]
  /// Exact net amount in units of the ledger's money scale, whatever `monetary` is defined as.
  public var net: [Int128]

  /// A table of columns of equal length.
  public init(
    asOf: Instant,
    recencyDays: [Int64],
    frequency: [Int64],
    monetary: [Double],
    net: [Int128]
  ) {
    precondition(
      recencyDays.count == frequency.count && recencyDays.count == monetary.count
        && recencyDays.count == net.count,
      "columns differ in length"
    )
    self.asOf = asOf
    self.recencyDays = recencyDays
    self.frequency = frequency
    self.monetary = monetary
    self.net = net
  }

  /// How many customers there are.
  public var count: Int { recencyDays.count }
}
