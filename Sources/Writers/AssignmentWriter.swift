internal import Kernels
public import Tables

/// Rows with their clusters, as `assignments.csv` shows them.
///
/// Columns: the row's id, `cluster`, `cluster_name`, `squared_distance`: to the centroid, in the space of
/// the matrix, in the fewest digits that read back as the same double. What a line holds depends on its
/// row and the model alone, so that files of parts are parts of the file of the whole.
public struct AssignmentWriter: Sendable {
  private static let blockRows = 16_384

  /// The file's path below OUT.
  public static let name = "assignments.csv"

  /// A writer.
  public init() {}

  /// Writes the rows of customers.
  ///
  /// - Throws: ``WriteError/abandoned`` or an error of the system.
  @discardableResult
  public func write(
    _ grouping: Grouping,
    squaredDistances: [Double],
    customers: CustomerBatches,
    into publication: Publication
  ) throws(WriteError) -> WrittenFile {
    let file = try begin("customer_id", in: publication)
    for index in 0..<customers.batchCount {
      let keys = customers.batch(at: index).keys
      let text = TextColumn.text(bytes: keys.bytes, ends: keys.ends)
      let rows = customers.rows(ofBatch: index)
      try append(text, rows, grouping, squaredDistances, to: file)
    }
    return try publication.finish(file, name: Self.name, rows: grouping.indices.count)
  }

  /// Writes the rows of a matrix, by their ids or, where they have none, by their numbers from 1 on.
  ///
  /// - Throws: ``WriteError/abandoned`` or an error of the system.
  @discardableResult
  public func write(
    _ grouping: Grouping,
    squaredDistances: [Double],
    ids: [String],
    into publication: Publication
  ) throws(WriteError) -> WrittenFile {
    let count = grouping.indices.count
    let file = try begin(ids.isEmpty ? "row" : "id", in: publication)
    for begin in stride(from: 0, to: count, by: Self.blockRows) {
      let rows = begin..<min(count, begin + Self.blockRows)
      let names = rows.map { ids.isEmpty ? "\($0 + 1)" : ids[$0] }
      try append(textColumn(names.map(\.utf8)), rows, grouping, squaredDistances, to: file)
    }
    return try publication.finish(file, name: Self.name, rows: count)
  }

  private func begin(
    _ id: String,
    in publication: Publication
  ) throws(WriteError) -> OutputFile {
    let file = try publication.makeFile(Self.name)
    let header = csvHeader([id, "cluster", "cluster_name", "squared_distance"])
    try wrapping { () throws(FileError) in try file.append(header) }
    return file
  }

  private func append(
    _ ids: TextColumn,
    _ rows: Range<Int>,
    _ grouping: Grouping,
    _ squaredDistances: [Double],
    to file: OutputFile
  ) throws(WriteError) {
    let names = grouping.names
    let columns = [
      ids,
      .names(
        NameTable(names.map { csvField($0.id.utf8) }),
        grouping.indices,
        from: rows.lowerBound
      ),
      .names(
        NameTable(names.map { csvField($0.label.utf8) }),
        grouping.indices,
        from: rows.lowerBound
      ),
      textColumn(squaredDistances[rows].map { "\($0)".utf8 }),
    ]
    try file.append(columns, count: rows.count)
  }
}
