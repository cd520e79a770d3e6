internal import Features
internal import Tables

/// A model whose ids new clusters continue.
struct PreviousModel: Sendable {
  let model: ClusterModel
  let path: String
  let digest: String

  init(_ path: String) throws(RunError) {
    let file = try ModelFile(path)
    model = try file.model()
    self.path = file.path
    digest = file.digest
  }

  /// The matching of new clusters with this model's.
  func matching(_ model: ClusterModel) throws(RunError) -> ModelMatching {
    try running(.model) { () throws(ModelError) in
      try ModelMatching(model, previous: self.model, path: path, digest: digest)
    }
  }
}

/// The models that a plan names, read before anything else: a wrong one fails at once.
struct PlanModels: Sendable {
  /// The model that is applied in place of a clustering.
  private(set) var applied: ClusterModel?
  /// The SHA-256 of its file.
  private(set) var appliedDigest = ""
  /// The model whose ids the clusters continue.
  private(set) var previous: PreviousModel?

  /// None.
  init() {}

  /// - Throws: ``RunError`` for what is no model, or one that the plan's settings contradict.
  init(_ plan: Plan) throws(RunError) {
    if let path = plan.previousModel { previous = try PreviousModel(path) }
    guard let path = plan.model else { return }
    let file = try ModelFile(path)
    let model = try file.model()
    try running(.model) { () throws(ModelError) in try model.refuseContradiction(plan) }
    applied = model
    appliedDigest = file.digest
  }
}

extension ClusterModel {
  /// - Throws: ``ModelError`` where a run by this plan would make other columns.
  fileprivate func refuseContradiction(_ plan: Plan) throws(ModelError) {
    guard let features, let definition else {
      throw .otherKind(input: plan.inputs.first ?? "the ledger", needsCustomers: false)
    }
    guard plan.definition.recency == definition.recency else {
      throw .otherFeatures(key: "definitions.recency")
    }
    guard plan.definition.frequency == definition.frequency else {
      throw .otherFeatures(key: "definitions.frequency")
    }
    guard plan.definition.monetary == definition.monetary else {
      throw .otherFeatures(key: "definitions.monetary")
    }
    guard plan.features == FeatureOptions() || plan.features == features.options else {
      throw .otherFeatures(key: "features")
    }
  }
}

extension FeatureModel {
  /// The options that make such features.
  fileprivate var options: FeatureOptions {
    var options = FeatureOptions()
    options.axes = axes.map { axis in
      var option = AxisOptions(axis: axis.axis)
      option.transform = axis.transform
      option.scaling = axis.scaling
      option.weight = axis.weight
      return option
    }
    options.principalComponents = principalComponents?.variances.count
    return options
  }
}
