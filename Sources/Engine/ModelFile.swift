internal import Clusters
internal import Features
internal import Kernels
internal import Readers
internal import Tables
internal import Writers

/// A `model.json` that was read, of a fit or of any run.
struct ModelFile {
  /// The most bytes that are taken for a model: 65,535 clusters of 200 columns need as many.
  private static let mostBytes: UInt64 = 1 << 28

  /// The file's path.
  let path: String
  /// The SHA-256 of its bytes.
  let digest: String
  private let root: ModelNode

  /// - Throws: ``RunError`` for a file that is missing, no JSON, or of another version.
  init(_ path: String) throws(RunError) {
    let (file, bytes) = try running(.model) { () throws(ReadError) in
      let file = try Self.file(path)
      return (file, try WholeFile.read(file, mostBytes: Self.mostBytes))
    }
    var hash = SHA256()
    hash.update(bytes)
    digest = hash.hexDigest()
    self.path = file
    root = try running(.model) { () throws(ModelError) in try Self.root(bytes, path: file) }
  }

  private static func file(_ path: String) throws(ReadError) -> String {
    do throws(SystemError) {
      guard try FileStamp(path: path).isDirectory else { return path }
    } catch {
      throw .unreadable(path: path, reason: error)
    }
    return path.hasSuffix("/") ? path + "model.json" : path + "/model.json"
  }

  private static func root(_ bytes: [UInt8], path: String) throws(ModelError) -> ModelNode {
    let value: JSONValue
    do throws(JSONProblem) {
      value = try JSONReader.read(bytes)
    } catch {
      throw .notJSON(path: path, line: error.line, reason: error.reason)
    }
    let root = ModelNode(value, path: path)
    let found: String
    switch value["format"] {
    case .string(let text): found = text
    case .none: found = "no format"
    default: found = "no text"
    }
    guard found == ClusterModel.format else {
      throw .wrongFormat(path: path, found: found, expected: ClusterModel.format)
    }
    return root
  }

  /// The clusters with all that they need to be applied.
  func model() throws(RunError) -> ClusterModel {
    try running(.model) { () throws(ModelError) in try clusterModel() }
  }

  /// How a run made its features; nil where it ended before them.
  func features() throws(RunError) -> (definition: RFMDefinition, model: FeatureModel)? {
    try running(.model) { () throws(ModelError) in
      guard let node = root.optional("features") else { return nil }
      return (try root.at("rfm").definition(), try node.featureModel())
    }
  }

  private func clusterModel() throws(ModelError) -> ClusterModel {
    guard root.optional("clusters") != nil else { throw .noClusters(path: path) }
    let method = try root.optional("method")?.text() ?? "kmeans"
    guard ClusterMethod(rawValue: method)?.isByCentroids == true else {
      throw .methodNotApplied(path: path, method: method)
    }
    let columns = try root.at("columns").texts()
    let features = try root.optional("features")?.featureModel()
    guard !columns.isEmpty, columns.count <= 65_536,
      features.map({ $0.columnNames == columns }) ?? true
    else { throw try root.at("columns").bad("not the columns of the features") }
    let clusters = try root.at("clusters").elements()
    guard (1...Int(UInt16.max)).contains(clusters.count) else {
      throw try root.at("clusters").bad("\(clusters.count) clusters; there are 1 to \(UInt16.max)")
    }
    var (names, centroids, ids): ([GroupName], [Double], Set<String>) = ([], [], [])
    for cluster in clusters {
      let id = try cluster.at("id").text()
      guard !id.isEmpty, ids.insert(id).inserted else {
        throw try cluster.at("id").bad("'\(id.prefix(40))' is empty or stands twice")
      }
      names.append(GroupName(id: id, label: try cluster.at("label").text()))
      centroids += try cluster.at("centroid").numbers(count: columns.count)
    }
    return ClusterModel(
      columns: columns,
      definition: features == nil ? nil : try root.at("rfm").definition(),
      features: features,
      names: names,
      centroids: centroids,
      lastNumber: try root.optional("last_number")?.count()
    )
  }
}

/// A value of a model, and where it stands.
private struct ModelNode {
  private let value: JSONValue
  private let path: String
  private let key: String

  init(_ value: JSONValue, path: String, key: String = "") {
    self.value = value
    self.path = path
    self.key = key
  }

  func bad(_ reason: String) -> ModelError {
    .badKey(path: path, key: key.isEmpty ? "the file" : key, reason: reason)
  }

  /// The value under a key; null counts as nothing.
  func optional(_ name: String) -> ModelNode? {
    guard let inner = value[name], inner != .null else { return nil }
    return ModelNode(inner, path: path, key: key.isEmpty ? name : "\(key).\(name)")
  }

  func at(_ name: String) throws(ModelError) -> ModelNode {
    guard let node = optional(name) else {
      throw ModelNode(value, path: path, key: key.isEmpty ? name : "\(key).\(name)").bad("missing")
    }
    return node
  }

  func text() throws(ModelError) -> String {
    guard case .string(let text) = value else { throw bad("expected a text") }
    return text
  }

  func count() throws(ModelError) -> Int {
    guard case .int(let count) = value, count >= 0 else { throw bad("expected a whole number") }
    return count
  }

  func number() throws(ModelError) -> Double {
    switch value {
    case .int(let whole): return Double(whole)
    case .double(let number): return number
    default: throw bad("expected a finite number")
    }
  }

  func elements() throws(ModelError) -> [ModelNode] {
    guard case .array(let elements) = value else { throw bad("expected a list") }
    return elements.enumerated().map { ModelNode($1, path: path, key: "\(key)[\($0)]") }
  }

  func texts() throws(ModelError) -> [String] {
    var texts: [String] = []
    for element in try elements() { texts.append(try element.text()) }
    return texts
  }

  func numbers(count: Int) throws(ModelError) -> [Double] {
    var numbers: [Double] = []
    for element in try elements() { numbers.append(try element.number()) }
    guard numbers.count == count else {
      throw bad("\(numbers.count) numbers where \(count) belong")
    }
    return numbers
  }

  private func choice<Choice: RawRepresentable<String> & CaseIterable>(
    _ name: String
  ) throws(ModelError) -> Choice {
    let node = try at(name)
    let text = try node.text()
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw node.bad("'\(text.prefix(40))' is none of \(known)")
    }
    return choice
  }

  // MARK: - what a model is made of

  func definition() throws(ModelError) -> RFMDefinition {
    var definition = RFMDefinition()
    definition.recency = try choice("recency")
    definition.frequency = try choice("frequency")
    definition.monetary = try choice("monetary")
    return definition
  }

  func featureModel() throws(ModelError) -> FeatureModel {
    var axes: [AxisModel] = []
    for node in try at("axes").elements() { axes.append(try node.axisModel()) }
    guard !axes.isEmpty, Set(axes.map(\.axis)).count == axes.count else {
      throw try at("axes").bad("there is one axis at least, and none twice")
    }
    let components = try optional("principal_components")?.components(axisCount: axes.count)
    return FeatureModel(axes: axes, principalComponents: components)
  }

  private func axisModel() throws(ModelError) -> AxisModel {
    let weight = try at("weight").number()
    guard weight > 0 else { throw try at("weight").bad("expected a number above 0") }
    return AxisModel(
      axis: try choice("axis"),
      transform: try choice("transform"),
      scaling: try choice("scaling"),
      centre: try at("centre").number(),
      scale: try at("scale").number(),
      weight: weight
    )
  }

  private func components(axisCount: Int) throws(ModelError) -> PrincipalComponents {
    let count = try at("variances").elements().count
    guard (1...axisCount).contains(count) else {
      throw try at("variances").bad("\(count) components of \(axisCount) axes")
    }
    return PrincipalComponents(
      variances: try at("variances").numbers(count: count),
      totalVariance: try at("total_variance").number(),
      means: try at("means").numbers(count: axisCount),
      vectors: try at("vectors").numbers(count: count * axisCount)
    )
  }
}
