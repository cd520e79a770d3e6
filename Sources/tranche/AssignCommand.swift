internal import ArgumentParser
internal import Engine
internal import Settings

/// `tranche assign`: a model that was fitted before, applied to rows.
struct AssignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "assign",
    abstract: "Gives each row of a matrix, or each customer of a run, its cluster by a model.",
    discussion: """
      INPUT is a matrix with the model's columns, or what `tranche run` published, for a model of \
      customers. Nothing is fitted: features are made with the model's own parameters, and each row \
      gets its nearest centroid, whatever the other rows are.
      """
  )

  @OptionGroup var job: ModelArguments
  @OptionGroup var log: LogArguments

  @Option(
    help: ArgumentHelp("A model.json, or the folder of a fit or a run.", valueName: "file|dir")
  )
  var model: String

  func run() throws {
    log.start()
    var request = job.request()
    request.add("--model", "clusters.model", model)
    let plan = try job.plan(request)
    try job.perform(plan, log) { job throws(RunError) in try job.assign() }
  }
}
