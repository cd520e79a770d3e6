internal import Engine

Startup.prepareProcess()
let arguments = Array(CommandLine.arguments.dropFirst())
Startup.exit(Tranche.start(arguments))
