/// What is wrong with a file that should hold a matrix of numbers.
public enum MatrixProblem: Equatable, Sendable {
  /// There is no row, or no column of numbers.
  case empty(rows: Int, columns: Int)
  /// A row has more or fewer cells than the first.
  case ragged(line: Int, found: Int, expected: Int)
  /// A cell is no number.
  case notNumber(line: Int, column: String, text: String)
  /// A cell is NaN, infinite or beyond the doubles.
  case notFinite(line: Int, column: String, text: String)
  /// The first line is neither all names nor all numbers.
  case mixedHeader(column: String, text: String)
  /// A quote is never closed.
  case openQuote(line: Int)
  /// A column that was asked for by name or number is not there.
  case noColumn(String, header: [String])
  /// Two columns have the name that was asked for.
  case ambiguousColumn(String)
  /// Only a table with named columns has ids and labels.
  case noLabels(String)
  /// A `.npy` file does not begin as one, or contradicts itself.
  case badHeader(String)
  /// A `.npy` file holds numbers of another kind; `found` is as NumPy writes it.
  case badType(found: String)
  /// A `.npy` file has not one or two axes.
  case badAxes(count: Int)
  /// A `.npy` file is shorter or longer than its header says.
  case badSize(bytes: UInt64, expected: UInt64)
  /// A value of a `.npy` file is NaN or infinite; row and column count from 1.
  case notFiniteValue(row: Int, column: Int)
  /// A folder is no output of a run.
  case noRun
  /// A folder is a run's output without the matrix.
  case noMatrixInRun
  /// A run's matrix and its ids differ in number.
  case idCount(ids: Int, rows: Int)
}

extension MatrixProblem: CustomStringConvertible {
  /// Where in the file, what, and what mends it; to stand behind the file's path.
  public var description: String {
    switch self {
    case .empty(let rows, let columns):
      ": \(rows) rows and \(columns) columns of numbers; a matrix needs one of each"
    case .ragged(let line, let found, let expected):
      ":\(line): \(found) cells where the first row has \(expected); mend the row"
    case .notNumber(let line, let column, let text):
      ":\(line), column '\(column)': '\(Self.shown(text))' is not a number; mend it, or name the "
        + "column with --id or --truth"
    case .notFinite(let line, let column, let text):
      ":\(line), column '\(column)': '\(Self.shown(text))' is not a finite number; leave the row out "
        + "or fill it in"
    case .mixedHeader(let column, let text):
      ":1, column '\(column)': '\(Self.shown(text))' is not a number, but other cells are; a header "
        + "has no numbers: mend it, or name the column with --id or --truth"
    case .openQuote(let line): ":\(line): a quote that begins here is never closed; mend it"
    case .noColumn(let name, let header):
      ": no column '\(name)' in \(Self.list(header)); give a name or a number from 1 on"
    case .ambiguousColumn(let name): ": two columns are called '\(name)'; give the number"
    case .noLabels(let option): ": only a CSV has columns for \(option); leave it out"
    default: binaryDescription
    }
  }

  private var binaryDescription: String {
    switch self {
    case .badHeader(let reason): ": not a .npy file that can be read: \(reason); save it anew"
    case .badType(let found):
      ": holds '\(found)'; save float32 or float64, little-endian: array.astype('<f8')"
    case .badAxes(let count): ": an array of \(count) axes; save one of two, rows × columns"
    case .badSize(let bytes, let expected):
      ": \(bytes) bytes where its header promises \(expected), "
        + (bytes < expected ? "so it is cut off" : "so something follows the array")
        + "; save it anew"
    case .notFiniteValue(let row, let column):
      ": row \(row), column \(column) is not a finite number; leave the row out or fill it in"
    case .noRun:
      ": a folder without features/matrix.npy; name a CSV or .npy file, or the output of "
        + "`tranche run --until features`"
    case .noMatrixInRun:
      ": the output of a run without its matrix; publish one with `tranche run --until features`"
    case .idCount(let ids, let rows):
      ": \(ids) ids in features/customers.csv for \(rows) rows in features/matrix.npy; run again"
    default: ""
    }
  }

  private static func shown(_ text: String) -> String { String(text.prefix(40)) }

  private static func list(_ header: [String]) -> String {
    let shown = header.prefix(20).map { $0.prefix(40) }.joined(separator: ", ")
    return header.count > 20 ? "\(shown) and \(header.count - 20) more" : shown
  }
}
