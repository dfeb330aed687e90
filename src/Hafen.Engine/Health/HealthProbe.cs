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
internal sealed class HealthProbe(CreateExec create, ExecTable execs, StartExec start, KillExec kill, Stopping stopping)
{
    private const int LongestOutput = 4096, NoExitCode = -1;

    /// <summary>Starting a process is the engine's time, not the check's.</summary>
    private static readonly TimeSpan s_startTimeout = TimeSpan.FromSeconds(30);

    /// <param name="container">One that runs.</param>
    /// <param name="command">What to run.</param>
    /// <param name="timeout">How long the check may take, once it runs.</param>
    /// <param name="cancellationToken">Gives up; the check's process is killed.</param>
    public async Task<HealthResult> RunAsync(Container container, string[] command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string begun = GoTime.Format(DateTimeOffset.UtcNow);
        var output = new StringBuilder();
        int exitCode = NoExitCode;
        try
        {
            exitCode = await ExecuteAsync(container, command, timeout, output, cancellationToken);
        }
        catch (TimeoutException)
        {
            string text = output.ToString();
            output.Clear().Append(CultureInfo.InvariantCulture, $"Health check exceeded timeout ({GoDuration.Format(timeout)})");
            if (text.Length > 0)
                output.Append(": ").Append(text);
        }
        catch (Exception exception) when (exception is HafenException or IOException or SocketException)
        {
            output.Clear().Append(exception.Message);
        }
        return new HealthResult { Start = begun, End = GoTime.Format(DateTimeOffset.UtcNow), ExitCode = exitCode, Output = output.ToString() };
    }

    private async Task<int> ExecuteAsync(
        Container container, string[] command, TimeSpan timeout, StringBuilder output, CancellationToken cancellationToken)
    {
        // 1. The process, its output on a socket pair. Both streams come as one, without frames.
        string id = await create.RunAsync(container.Id, new ExecCreateRequest { Cmd = command, AttachStdout = true, AttachStderr = true }, cancellationToken);
        var exec = new ExecStart(execs.Get(id), new ExecStartRequest()) { Multiplexed = false };
        var (ours, theirs) = StreamSocket.Pair();
        using var stream = new Socket(new SafeSocketHandle(ours.DangerousGetHandle(), ownsHandle: true));
        ours.SetHandleAsInvalid();
        using (theirs)
            await start.RunAsync(exec, theirs, [], cancellationToken).WaitAsync(s_startTimeout, cancellationToken);

        // 2. Its output to the end, and its exit code.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            await ReadAsync(stream, output, limit.Token);
            return await exec.Session.Ended.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            // 3. Checks that hang must not pile up. What they still write nobody waits for.
            stream.Dispose();
            await KillAsync(container, exec.Session);
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
            int count = await stream.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (count == 0)
                break;
            int keep = Math.Min(count, LongestOutput - kept);
            kept += keep;
            cut |= keep < count;
            output.Append(text, 0, decoder.GetChars(buffer.AsSpan(0, keep), text, flush: false));
        }
        if (cut)
            output.Append("...");
    }

    private async Task KillAsync(Container container, ExecSession session)
    {
        try
        {
            // Children, too: they would stay, and as long as they hold its output it does not end.
            kill.Run(container, session.Pid);
            await session.Ended.WaitAsync(s_startTimeout, stopping.Token);
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException or TimeoutException or OperationCanceledException)
        {
            // Its container ends with it, or the daemon ends and nobody will tell.
        }
    }
}
