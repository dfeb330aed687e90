using Hafen.Dockerfile.Instructions;

namespace Hafen.Dockerfile.Parse;

/// <summary>One line as the instruction that it is.</summary>
internal static class ReadInstruction
{
    /// <exception cref="DockerfileException">It is unknown or malformed.</exception>
    public static Instruction From(LogicalLine line)
    {
        var (word, arguments) = Words.First(line.Text);
        string name = word.ToUpperInvariant();
        if (arguments.Length == 0)
            throw new DockerfileException($"{name} requires at least one argument");
        var lines = line.Lines;
        return name switch
        {
            "CMD" => new CmdInstruction(lines, ReadCommandLine.From(arguments)),
            "ENTRYPOINT" => new EntrypointInstruction(lines, ReadCommandLine.From(arguments)),
            "ENV" => new EnvInstruction(lines, ReadPairs.From(name, arguments)),
            "EXPOSE" => new ExposeInstruction(lines, Words.Split(arguments)),
            "HEALTHCHECK" => new HealthcheckInstruction(lines, ReadHealthcheck.From(arguments)),
            "LABEL" => new LabelInstruction(lines, ReadPairs.From(name, arguments)),
            "ONBUILD" => new OnbuildInstruction(lines, Trigger(arguments)),
            "STOPSIGNAL" => new StopsignalInstruction(lines, Single(name, arguments)),
            "USER" => new UserInstruction(lines, Single(name, arguments)),
            "VOLUME" => new VolumeInstruction(lines, Paths(arguments)),
            "WORKDIR" => new WorkdirInstruction(lines, arguments),
            "FROM" or "RUN" or "COPY" or "ADD" or "ARG" or "SHELL" or "MAINTAINER" => new OtherInstruction(lines, word, arguments),
            _ => throw new DockerfileException($"dockerfile parse error on line {lines.First}: unknown instruction: {word}"),
        };
    }

    private static string Single(string name, string arguments)
        => Words.Split(arguments) is [var word] ? word : throw new DockerfileException($"{name} requires exactly one argument");

    private static IReadOnlyList<string> Paths(string arguments)
    {
        var paths = JsonList.TryRead(arguments) ?? Words.Split(arguments);
        return paths.Count > 0 ? paths : throw new DockerfileException("VOLUME requires at least one argument");
    }

    private static string Trigger(string arguments)
    {
        string trigger = Words.First(arguments).Word.ToUpperInvariant();
        return trigger switch
        {
            "ONBUILD" => throw new DockerfileException("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
            "FROM" or "MAINTAINER" => throw new DockerfileException($"{trigger} isn't allowed as an ONBUILD trigger"),
            _ => arguments,
        };
    }
}
