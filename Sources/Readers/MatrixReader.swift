internal import Kernels
public import Tables

/// A matrix of numbers from a file, with what stood beside it.
public struct MatrixTable: Sendable {
  /// One row a line, one column a column of numbers.
  public var matrix: FeatureMatrix
  /// The id of each row; empty where the file has none.
  public var ids: [String] = []
  /// The label of each row; empty where none was asked for.
  public var labels: [String] = []
}

/// Columns of a table that are no features, each by its name or its number from 1 on.
public struct MatrixColumns: Hashable, Sendable {
  /// The ids of the rows.
  public var id: String?
  /// The true labels of the rows.
  public var label: String?

  /// All columns are features.
  public init(id: String? = nil, label: String? = nil) {
    self.id = id
    self.label = label
  }
}

/// Reads a matrix from a CSV or `.npy` file, or from the output of a run.
public struct MatrixReader: Sendable {
  private let columns: MatrixColumns

  /// A reader that passes over these columns.
  public init(columns: MatrixColumns = MatrixColumns()) {
    self.columns = columns
  }

  /// Reads the matrix.
  ///
  /// - Parameters:
  ///   - path: A CSV, plain or gzip; `-` for one on standard input; a `.npy` file; or a folder that
  ///     `tranche run --until features` published.
  ///   - dialect: Finds out how a CSV is cut into cells.
  /// - Returns: At least one row and one column; every value is finite.
  /// - Throws: ``ReadError/badMatrix(path:_:)``, or what refuses any input.
  public func read(
    _ path: String,
    dialect: (InputFile) throws(ReadError) -> Dialect
  ) throws(ReadError) -> MatrixTable {
    if path != "-", try isFolder(path) { return try readRun(path) }
    guard let file = try InputDiscovery.find(paths: [path], glob: false).first else {
      throw .noInput(path: path)
    }
    if try NumpyFile.isOne(file) { return try readArray(path) }
    var dialect = try dialect(file)
    dialect.hasHeader = false
    return try MatrixText(columns: columns, path: path).read(file, dialect)
  }

  private func isFolder(_ path: String) throws(ReadError) -> Bool {
    do throws(SystemError) {
      return try FileStamp(path: path).isDirectory
    } catch {
      throw .unreadable(path: path, reason: error)
    }
  }

  private func readArray(_ path: String) throws(ReadError) -> MatrixTable {
    if columns.label != nil { throw .badMatrix(path: path, .noLabels("--truth")) }
    if columns.id != nil { throw .badMatrix(path: path, .noLabels("--id")) }
    return MatrixTable(matrix: try NumpyFile(path: path).matrix())
  }

  private func readRun(_ folder: String) throws(ReadError) -> MatrixTable {
    let place = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let array = place + "/features/matrix.npy"
    guard (try? FileStamp(path: array)) != nil else {
      let isRun = (try? FileStamp(path: place + "/manifest.json")) != nil
      throw .badMatrix(path: folder, isRun ? .noMatrixInRun : .noRun)
    }
    var table = try readArray(array)
    table.ids = try readIDs(place + "/features/customers.csv")
    guard table.ids.count == table.matrix.rowCount else {
      throw .badMatrix(
        path: folder,
        .idCount(ids: table.ids.count, rows: table.matrix.rowCount)
      )
    }
    return table
  }

  private func readIDs(_ path: String) throws(ReadError) -> [String] {
    guard let file = try InputDiscovery.find(paths: [path], glob: false).first else {
      throw .noInput(path: path)
    }
    var ids: [String] = []
    try RecordReader(dialect: Dialect(), options: ReadOptions()).read(file) { item in
      guard case .record(let fields) = item, let id = fields.first else { return false }
      ids.append(String(decoding: id, as: UTF8.self))
      return true
    }
    return ids
  }
}
