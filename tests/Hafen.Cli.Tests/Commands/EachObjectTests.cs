using Hafen.Cli.Commands;
using Hafen.Cli.Session;
using Hafen.Client.Errors;

namespace Hafen.Cli.Tests.Commands;

public sealed class EachObjectTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hafen-each-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void All_are_worked_on_at_the_same_time_and_reported_in_order()
    {
        using var together = new Barrier(3);
        var (code, output, error) = Run(["a", "b", "c"], name =>
        {
            Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(20)));
            if (name == "b")
                throw new ApiException(404, "No such container: b");
        });
        Assert.Equal((1, "a\nc\n", "Error response from daemon: No such container: b\n"), (code, output, error));
    }

    [Fact]
    public void More_than_there_are_threads_are_all_done()
    {
        string[] names = Enumerable.Range(0, 130).Select(number => $"n{number}").ToArray();
        Assert.Equal((0, string.Join('\n', names) + "\n", ""), Run(names, static _ => { }));
    }

    [Fact]
    public void What_is_forgiven_is_said_and_does_not_count()
        => Assert.Equal((0, "", "Error response from daemon: gone\n"), Run(["a"], static _ => throw new ApiException(404, "gone"), static failure => failure is ApiException { IsNotFound: true }));

    [Fact]
    public void A_daemon_that_is_gone_ends_it()
        => Assert.Throws<DaemonUnreachableException>(() => Run(["a", "b"], static _ => throw new DaemonUnreachableException("unix:///d", permissionDenied: false, "")));

    private (int Code, string Output, string Error) Run(string[] names, Action<string> action, Func<Exception, bool>? forgiven = null)
    {
        var (output, error) = (Path.Combine(_folder, "out"), Path.Combine(_folder, "err"));
        int code;
        using (var outputFile = File.OpenHandle(output, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        using (var errorFile = File.OpenHandle(error, FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
        {
            var environment = (string name) => name == "HAFEN_HOST" ? "unix:///nonexistent" : null;
            using var session = new CliSession(
                new CliStreams(0, (int)outputFile.DangerousGetHandle(), (int)errorFile.DangerousGetHandle()), new GlobalOptions(environment), environment);
            code = EachObject.RunTogether(session, names, (_, name) => action(name), forgiven);
        }

        return (code, File.ReadAllText(output), File.ReadAllText(error));
    }
}
