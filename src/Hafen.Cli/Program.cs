using Hafen.Cli;
using Hafen.Cli.Session;

return CommandLineProgram.Run(args, new CliStreams(0, 1, 2), Environment.GetEnvironmentVariable);
