internal import Clusters
internal import Features
internal import Kernels
internal import Readers
internal import Tables
internal import Writers

/// The rows that a model is fitted on or applied to.
struct ModelSubject: Sendable {
  /// The customers of a run, and what they are like.
  struct Customers: Sendable {
    let table: CustomerBatches
    let rfm: RFMTable
    let moneyScale: Int
  }

  /// One row each, in the space of the model.
  let matrix: FeatureMatrix
  /// Ids of a matrix's rows; empty where it has none, and for customers.
  let ids: [String]
  /// Nil for a matrix.
  let customers: Customers?
  /// How the matrix was made of the customers; nil for a matrix.
  let features: FeatureModel?
  /// What recency, frequency and money mean; nil for a matrix.
  let definition: RFMDefinition?

  private init(_ table: MatrixTable) {
    matrix = table.matrix
    ids = table.ids
    (customers, features, definition) = (nil, nil, nil)
  }

  private init(
    _ customers: Customers,
    matrix: FeatureMatrix,
    features: FeatureModel,
    definition: RFMDefinition
  ) {
    self.matrix = matrix
    self.customers = customers
    self.features = features
    self.definition = definition
    ids = []
  }

  // MARK: - for a model that is there

  /// The rows in the space of a model.
  ///
  /// - Throws: ``RunError``; with a ``ModelError`` where they have other columns.
  init(_ plan: ModelPlan, model: ClusterModel, workers: Workers) throws(RunError) {
    guard let features = model.features, let definition = model.definition else {
      self = try Self.matrix(plan, model: model)
      return
    }
    try running(.model) { () throws(ModelError) in
      guard PublishedCustomers.areIn(plan.input) else {
        throw .otherKind(input: plan.input, needsCustomers: true)
      }
    }
    let customers = try Self.customers(plan, definition: definition, workers: workers)
    let matrix = try running(.features) { () throws(FeatureError) in
      try features.features(of: customers.rfm, workers: workers)
    }
    self.init(customers, matrix: matrix, features: features, definition: definition)
  }

  private static func matrix(
    _ plan: ModelPlan,
    model: ClusterModel
  ) throws(RunError) -> ModelSubject {
    try running(.model) { () throws(ModelError) in
      if PublishedCustomers.areIn(plan.input) {
        throw .otherKind(input: plan.input, needsCustomers: false)
      }
    }
    let table = try BenchSubject.read(plan.input, columns: MatrixColumns(id: plan.idColumn))
    try running(.model) { () throws(ModelError) in
      guard table.matrix.names == model.columns else {
        throw .columns(input: plan.input, found: table.matrix.names, expected: model.columns)
      }
    }
    return ModelSubject(table)
  }

  // MARK: - for a model that is to be fitted

  /// The rows in a space of their own: a matrix as it stands; customers by the settings' features, or by
  /// those of the run where the settings say nothing of them.
  ///
  /// - Throws: ``RunError``.
  init(fitting plan: ModelPlan, workers: Workers) throws(RunError) {
    guard PublishedCustomers.areIn(plan.input) else {
      self = ModelSubject(
        try BenchSubject.read(plan.input, columns: MatrixColumns(id: plan.idColumn))
      )
      return
    }
    let frozen = plan.definesFeatures ? nil : try ModelFile(plan.input).features()
    let definition = frozen?.definition ?? plan.definition
    let customers = try Self.customers(plan, definition: definition, workers: workers)
    let rfm = customers.rfm
    let (matrix, features) = try running(.features) { () throws(FeatureError) in
      if let model = frozen?.model {
        return (try model.features(of: rfm, workers: workers), model)
      }
      return try Features.fit(rfm, options: plan.features, workers: workers)
    }
    self.init(customers, matrix: matrix, features: features, definition: definition)
  }

  // MARK: - customers

  private static func customers(
    _ plan: ModelPlan,
    definition: RFMDefinition,
    workers: Workers
  ) throws(RunError) -> Customers {
    let asOf = try asOf(plan)
    let published = try running(.read) { () throws(ReadError) in
      try PublishedCustomers(plan.input)
    }
    try running(.features) { () throws(ModelError) in
      if let customer = published.customers.first(after: asOf) {
        throw .asOfTooEarly(input: plan.input, customer: customer)
      }
    }
    let rfm = try running(.features) { () throws(FeatureError) in
      try RFMTable.derive(
        published.customers,
        asOf: asOf,
        definition: definition,
        moneyScale: published.moneyScale,
        workers: workers
      )
    }
    return Customers(table: published.customers, rfm: rfm, moneyScale: published.moneyScale)
  }

  private static func asOf(_ plan: ModelPlan) throws(RunError) -> Instant {
    if let asOf = plan.asOf { return asOf }
    let path = plan.input + "/manifest.json"
    let bytes = try running(.read) { () throws(ReadError) in
      try WholeFile.read(path, mostBytes: 1 << 28)
    }
    return try running(.read) { () throws(ModelError) in
      let manifest: JSONValue
      do throws(JSONProblem) {
        manifest = try JSONReader.read(bytes)
      } catch {
        throw .notJSON(path: path, line: error.line, reason: error.reason)
      }
      guard case .string(let text)? = manifest["definitions"]?["rfm"]?["as_of"],
        let asOf = Instant(text: text)
      else { throw .noAsOf(input: plan.input) }
      return asOf
    }
  }
}

extension CustomerBatches {
  /// The id of the first customer with a row behind a moment.
  fileprivate func first(after asOf: Instant) -> String? {
    for index in 0..<batchCount {
      let batch = batch(at: index)
      guard let row = batch.lastInstants.firstIndex(where: { $0 > asOf.microseconds }) else {
        continue
      }
      return String(decoding: batch.keys[row], as: UTF8.self)
    }
    return nil
  }
}
