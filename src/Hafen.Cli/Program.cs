using Hafen.Cli;
using Hafen.Cli.Session;
using Hafen.Linux.Descriptors;

StandardDescriptors.FillClosed();
return CommandLineProgram.Run(args, new CliStreams(0, 1, 2), Environment.GetEnvironmentVariable);
