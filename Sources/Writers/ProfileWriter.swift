public import Kernels
public import Tables

/// Writes the figures of groups as CSV, such as `profiles/segments.csv`.
///
/// Columns: id, label, customers, share, mean and median recency_days, frequency and monetary,
/// total_money. Means, medians and shares have six decimals and are empty in an empty group.
public struct ProfileWriter: Sendable {
  private let moneyScale: Int

  /// A writer of amounts with so many decimals.
  public init(moneyScale: Int) {
    self.moneyScale = moneyScale
  }

  /// Writes one row a group.
  ///
  /// - Parameters:
  ///   - profiles: The groups in the order of the rows.
  ///   - name: The file's path below OUT.
  ///   - publication: Where the file goes; it lists it.
  /// - Returns: The facts about the file.
  /// - Throws: ``WriteError/abandoned`` or an error of the system.
  @discardableResult
  public func write(
    _ profiles: [GroupProfile],
    to name: String,
    into publication: Publication
  ) throws(WriteError) -> WrittenFile {
    let names: [(String, TextColumn)] = [
      ("id", textColumn(profiles.map(\.name.id.utf8))),
      ("label", textColumn(profiles.map(\.name.label.utf8))),
    ]
    return try write(names, profiles, to: name, into: publication)
  }

  /// Writes one row for each pair of a group of one kind and a group of another, empty ones included.
  ///
  /// - Parameters:
  ///   - left: One index a customer.
  ///   - right: One index a customer.
  ///   - columns: Names of the two columns that hold the groups' ids.
  ///   - rfm: One row a customer.
  ///   - monetaryIsNet: Whether `rfm.monetary` is the amount in `rfm.net`.
  ///   - workers: How many columns are worked on at once.
  ///   - name: The file's path below OUT.
  ///   - publication: Where the file goes; it lists it.
  /// - Returns: The facts about the file.
  /// - Throws: ``WriteError/tooManyGroups(count:)`` beyond 65,536 pairs; ``WriteError/abandoned``; an
  ///   error of the system.
  @discardableResult
  public func writeCross(
    _ left: Grouping,
    _ right: Grouping,
    columns: (left: String, right: String),
    rfm: RFMTable,
    monetaryIsNet: Bool,
    workers: Workers,
    to name: String,
    into publication: Publication
  ) throws(WriteError) -> WrittenFile {
    let pairs = left.names.flatMap { first in right.names.map { (first, $0) } }
    guard pairs.count <= 1 << 16 else { throw .tooManyGroups(count: pairs.count) }
    let width = UInt16(truncatingIfNeeded: right.names.count)
    let crossed = Grouping(
      names: pairs.map { GroupName(id: $0.id, label: $1.id) },
      indices: zip(left.indices, right.indices).map { $0 &* width &+ $1 }
    )
    let profiles = GroupProfile.all(
      crossed,
      rfm: rfm,
      moneyScale: moneyScale,
      monetaryIsNet: monetaryIsNet,
      workers: workers
    )
    let names: [(String, TextColumn)] = [
      (columns.left, textColumn(pairs.map(\.0.id.utf8))),
      (columns.right, textColumn(pairs.map(\.1.id.utf8))),
    ]
    return try write(names, profiles, to: name, into: publication)
  }

  private func write(
    _ names: [(String, TextColumn)],
    _ profiles: [GroupProfile],
    to name: String,
    into publication: Publication
  ) throws(WriteError) -> WrittenFile {
    let columns = names + figures(of: profiles)
    let file = try publication.makeFile(name)
    let header = csvHeader(columns.map(\.0))
    try wrapping { () throws(FileError) in try file.append(header) }
    try file.append(columns.map(\.1), count: profiles.count)
    return try publication.finish(file, name: name, rows: profiles.count)
  }

  private func figures(of profiles: [GroupProfile]) -> [(String, TextColumn)] {
    func decimals(_ figure: (GroupProfile) -> Double?) -> TextColumn {
      .decimals(profiles.map { figure($0) ?? .nan }, from: 0)
    }
    return [
      ("customers", .integers(profiles.map { Int64($0.customers) }, from: 0)),
      ("share", decimals(\.share)),
      ("mean_recency_days", decimals(\.meanRecencyDays)),
      ("mean_frequency", decimals(\.meanFrequency)),
      ("mean_monetary", decimals(\.meanMonetary)),
      ("median_recency_days", decimals(\.medianRecencyDays)),
      ("median_frequency", decimals(\.medianFrequency)),
      ("median_monetary", decimals(\.medianMonetary)),
      ("total_money", .money(profiles.map(\.totalMoney.units), scale: moneyScale, from: 0)),
    ]
  }
}
