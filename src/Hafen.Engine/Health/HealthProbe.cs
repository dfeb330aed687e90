using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Sockets;
using Hafen.Oci;

namespace Hafen.Engine.Health;

/// <summary>Runs one health check in its container.</summary>
internal static class HealthProbe
{
    private const int LongestOutput = 4096, NoExitCode = -1;

    /// <summary>Starting a process is the engine's time, not the check's.</summary>
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(30);

    /// <param name="command">What to run.</param>
    /// <param name="cancellationToken">Gives up; the check's process is killed.</param>
    public static async Task<HealthResult> RunAsync(ContainerEngine engine, Container container, string[] command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string begun = GoTime.Format(DateTimeOffset.UtcNow);
        var output = new StringBuilder();
        int exitCode = NoExitCode;
        try
        {
            exitCode = await ExecuteAsync(engine, container, command, timeout, output, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            string text = output.ToString();
            output.Clear().Append(CultureInfo.InvariantCulture, $"Health check exceeded timeout ({GoDuration.Format(timeout)})");
            if (text.Length > 0) output.Append(": ").Append(text);
        }
        catch (Exception e) when (e is HafenException or IOException or SocketException)
        {
            output.Clear().Append(e.Message);
        }
        return new HealthResult { Start = begun, End = GoTime.Format(DateTimeOffset.UtcNow), ExitCode = exitCode, Output = output.ToString() };
    }

    private static async Task<int> ExecuteAsync(
        ContainerEngine engine, Container container, string[] command, TimeSpan timeout, StringBuilder output, CancellationToken cancellationToken)
    {
        // 1. The process, its output on a socket pair. Both streams come as one, without frames.
        string id = engine.CreateExecOf(container.Id, new ExecCreateRequest { Cmd = command, AttachStdout = true, AttachStderr = true });
        var start = new ExecStart(engine.FindExec(id), new ExecStartRequest()) { Multiplexed = false };
        var (ours, theirs) = StreamSocket.Pair();
        using var stream = new Socket(new SafeSocketHandle(ours.DangerousGetHandle(), ownsHandle: true));
        ours.SetHandleAsInvalid();
        using (theirs)
            await engine.StartExecAsync(start, theirs, [], cancellationToken).WaitAsync(s_startTimeout, cancellationToken).ConfigureAwait(false);

        // 2. Its output to the end, and its exit code.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await ReadAsync(stream, output, limit.Token).ConfigureAwait(false);
            return await start.Session.Ended.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // 3. Checks that hang must not pile up. What they still write nobody waits for.
            stream.Dispose();
            await KillAsync(engine, container, start.Session).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            throw new TimeoutException();
        }
    }

    private static async Task ReadAsync(Socket stream, StringBuilder output, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[LongestOutput];
        var decoder = Encoding.UTF8.GetDecoder();
        char[] text = new char[LongestOutput + 1];
        int kept = 0;
        bool cut = false;
        while (true)
        {
            int count = await stream.ReceiveAsync(buffer.AsMemory(), cancellationToken).ConfigureAwait(false);
            if (count == 0) break;
            int keep = Math.Min(count, LongestOutput - kept);
            kept += keep;
            cut |= keep < count;
            output.Append(text, 0, decoder.GetChars(buffer.AsSpan(0, keep), text, flush: false));
        }
        if (cut) output.Append("...");
    }

    private static async Task KillAsync(ContainerEngine engine, Container container, ExecSession session)
    {
        try
        {
            // Children, too: they would stay, and as long as they hold its output it does not end.
            KillExec.KillSession(engine, container, session.Pid);
            await session.Ended.WaitAsync(s_startTimeout, engine.Stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException or TimeoutException or OperationCanceledException)
        {
            // Its container ends with it, or the daemon ends and nobody will tell.
        }
    }
}
