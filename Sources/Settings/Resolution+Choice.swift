internal import Clusters

/// How the number of clusters is judged and chosen.
extension Resolution {
  mutating func choiceOptions() -> ChoiceOptions {
    var options = ChoiceOptions()
    options.criteria = criteria()
    options.rule = choice("clusters.choose_by", or: options.rule)
    if let criterion = options.rule.criterion, !options.criteria.contains(criterion) {
      fail(
        "clusters.choose_by",
        "'\(criterion.rawValue)' is not among clusters.choice.criteria; add it there"
      )
    }
    let most = 1_000_000_000
    options.silhouetteRows = integer("clusters.choice.silhouette_rows", in: 2...most)
    options.references = integer("clusters.choice.references", in: 2...10_000)
    options.referenceRows = integer("clusters.choice.reference_rows", in: 2...most)
    options.referenceShape = choice("clusters.choice.reference_shape", or: options.referenceShape)
    options.resamples = integer("clusters.choice.resamples", in: 2...10_000)
    options.resampleRows = integer("clusters.choice.resample_rows", in: 2...most)
    return options
  }

  /// Criteria by name, or `all`.
  private mutating func criteria() -> Set<ChoiceCriterion> {
    let path = "clusters.choice.criteria"
    let names = texts(path)
    if names == ["all"] { return Set(ChoiceCriterion.allCases) }
    let known = ChoiceCriterion.allCases.map(\.rawValue).joined(separator: ", ")
    for name in names where ChoiceCriterion(rawValue: name) == nil {
      fail(path, "'\(name)' is none of \(known), and not all of them: `all`")
    }
    if names.isEmpty { fail(path, "name one criterion at least: \(known)") }
    return Set(names.compactMap(ChoiceCriterion.init))
  }
}
