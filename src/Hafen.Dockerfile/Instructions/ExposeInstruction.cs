using Hafen.Dockerfile.Expand;

namespace Hafen.Dockerfile.Instructions;

/// <summary><c>EXPOSE</c>: ports that the container listens on.</summary>
/// <param name="Lines">Where it stands.</param>
/// <param name="Ports">Such as <c>80</c>, <c>53/udp</c>, <c>8000-8010/tcp</c>; whether they are ports is not looked at.</param>
public sealed record ExposeInstruction(LineRange Lines, IReadOnlyList<string> Ports) : Instruction(Lines)
{
    /// <summary>A value with spaces makes several ports; these are the only words of which it makes more.</summary>
    public override ExposeInstruction Expand(Variables variables)
        => this with { Ports = [.. Ports.Select(port => VariableText.Expand(port, variables)).SelectMany(SplitAtSpace)] };

    private static string[] SplitAtSpace(string word) => word.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
