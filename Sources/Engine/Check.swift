internal import Readers

/// Looks at what a run would begin with.
public enum Check {
  /// Finds the inputs, opens them, and searches their headers, as a run does before its first row.
  ///
  /// Standard input, pipes and devices are left alone: a run could not read again what was looked at.
  ///
  /// - Throws: ``RunError`` as ``Run/perform()``; nothing where the plan names no input.
  public static func inputs(of plan: Plan) throws(RunError) {
    guard !plan.inputs.isEmpty else { return }
    let inputs: [InputFile]
    do {
      try OutputAmongInputs.refuse(plan)
      inputs = try InputDiscovery.find(paths: plan.inputs, glob: plan.globsInputs)
    } catch let error as OutputAmongInputs {
      throw RunError(stage: .write, cause: error)
    } catch {
      throw RunError(stage: .discover, cause: error)
    }
    let reader = LedgerReader(format: plan.format, options: plan.read)
    do {
      try reader.check(inputs.filter { $0.stamp != nil })
    } catch {
      throw RunError(stage: .read, cause: error)
    }
  }
}
