/// Why a model cannot be read, or does not fit what it is to be applied to.
public enum ModelError: Error, Equatable, Sendable {
  /// The file is no JSON: cut off, edited, or something else.
  case notJSON(path: String, line: Int, reason: String)
  /// It is JSON, but no model, or one of another version.
  case wrongFormat(path: String, found: String, expected: String)
  /// A key is missing or has a value that cannot be.
  case badKey(path: String, key: String, reason: String)
  /// The output of a run that ended before the clusters.
  case noClusters(path: String)
  /// A method whose clusters are more than centroids.
  case methodNotApplied(path: String, method: String)
  /// A method whose clusters are more than centroids was to be fitted.
  case methodNotFitted(method: String)
  /// The model's columns are not those of the matrix.
  case columns(input: String, found: [String], expected: [String])
  /// A model of customers for a matrix, or the other way round.
  case otherKind(input: String, needsCustomers: Bool)
  /// The settings make other features than the model has.
  case otherFeatures(key: String)
  /// Two models have no space in common, so that their clusters cannot be matched.
  case unmatchable(previous: String, reason: String)
  /// A run's output does not say the moment that recency is counted to.
  case noAsOf(input: String)
  /// The moment that recency is counted to lies before a customer's last row.
  case asOfTooEarly(input: String, customer: String)
  /// The model would be replaced by what it is applied to.
  case modelReplaced(path: String, output: String)
}

extension ModelError: CustomStringConvertible {
  /// Where, what, and what mends it.
  public var description: String {
    switch self {
    case .notJSON(let path, let line, let reason):
      "\(path):\(line): not JSON: \(reason); fetch the model again, or fit it anew"
    case .wrongFormat(let path, let found, let expected):
      "\(path), format: '\(found.prefix(40))' where this version reads '\(expected)'; fit the model anew"
    case .badKey(let path, let key, let reason):
      "\(path), \(key): \(reason); fetch the model again, or fit it anew"
    case .noClusters(let path):
      "\(path), clusters: missing, since the run ended before them; fit a model with `tranche fit`"
    case .methodNotApplied(let path, let method):
      "\(path), method: clusters by '\(method)' are more than centroids and cannot be applied yet; fit "
        + "with clusters.method: kmeans"
    case .methodNotFitted(let method):
      "clusters.method: clusters by '\(method)' are more than centroids and cannot be applied yet; fit "
        + "with kmeans, minibatch or trimmed"
    case .columns(let input, let found, let expected):
      "\(input): the columns \(Self.list(found)) are not the model's \(Self.list(expected)), in this "
        + "order; name the column of ids with --id, or fit the model on such columns"
    case .otherKind(let input, true):
      "\(input): the model is of customers, by recency, frequency and money; give it the output of "
        + "`tranche run`"
    case .otherKind(let input, false):
      "\(input): the model is of a matrix, not of customers; give it a CSV or .npy file of its columns"
    case .otherFeatures(let key):
      "\(key): differs from the model's; leave it out, or fit the model anew with it"
    case .unmatchable(let previous, let reason):
      "\(previous): its clusters cannot be matched: \(reason); leave --previous-model out"
    case .noAsOf(let input):
      "\(input): a run that ended with the customers does not say what recency is counted to; name the "
        + "moment with --as-of"
    case .asOfTooEarly(let input, let customer):
      "\(input): customer '\(customer)' has a row behind the moment that recency is counted to; name a "
        + "later one with --as-of"
    case .modelReplaced(let path, let output):
      "\(path): lies in \(output), which would replace the model; set output.path (--out)"
    }
  }

  /// Whether the model's file is at fault; else it is what was asked for.
  var isOfFile: Bool {
    switch self {
    case .notJSON, .wrongFormat, .badKey, .noClusters: true
    default: false
    }
  }

  private static func list(_ names: [String]) -> String {
    let shown = names.prefix(12).map { $0.prefix(40) }.joined(separator: ", ")
    return names.count > 12 ? "\(shown) and \(names.count - 12) more" : shown
  }
}
