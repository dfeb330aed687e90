using System.Text.RegularExpressions;

namespace Hafen.Architecture.Tests;

/// <summary>A call of the client is data, and does nothing before it is run (0123).</summary>
public sealed partial class CallTests
{
    [Fact]
    public void A_call_that_is_described_is_run()
        => Assert.Empty(Repository.Rooms().Where(room => room != "Hafen.Client").SelectMany(Repository.Sources)
            .SelectMany(file => Forgotten(File.ReadAllText(file)).Select(call => $"{Path.GetRelativePath(Repository.Root, file)}: {call}")));

    [Theory]
    [InlineData("client.Containers.Stop(name, null, 5);", true)]
    [InlineData("name => session.Client.Containers.Pause(name));", true)]
    [InlineData("client.Execs.Create(id, new Request\n{\n    Tty = true,\n});", true)]
    [InlineData("client.Containers.Stop(name, null, 5).Run();", false)]
    [InlineData("await client.Containers.Start(Name(id)).RunAsync(token);", false)]
    [InlineData("using var waiting = client.Containers.BeginWait(id, \"removed\");", false)]
    [InlineData("var stop = client.Containers.Stop(name, null, 5);", false)]
    public void What_is_forgotten_is_seen(string text, bool seen) => Assert.Equal(seen, Forgotten(text).Any());

    private static IEnumerable<string> Forgotten(string text)
        => Call().Matches(text).Where(call => !call.Groups["kept"].Success && !call.Groups["run"].Success).Select(call => call.Value.Split('\n')[0].Trim());

    [GeneratedRegex(@"(?<kept>=\s*)?\b((\w+\.)?[cC]lient|other)\.(Containers|Images|Volumes|Execs|Daemon|Objects)\.(?!Begin)[A-Z]\w*\((?>[^()]+|(?<open>\()|(?<-open>\)))*(?(open)(?!))\)(?<run>\.Run(Async)?\()?")]
    private static partial Regex Call();
}
