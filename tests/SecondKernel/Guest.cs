using System.Diagnostics;
using System.Text;

namespace Hafen.SecondKernel;

/// <summary>Runs scripts of this folder in the second kernel (<c>tests/SecondKernel/run</c>), as root.</summary>
internal static class Guest
{
    /// <summary>What a script may take, and its output and errors as they came.</summary>
    public static (int Code, string Output) Run(TimeSpan limit, string script, params string[] arguments) =>
        Run(["-t", ((int)limit.TotalSeconds).ToString(), Path.Combine(Folder(), script), .. arguments]);

    /// <summary>The same with all of <c>run</c>'s own arguments, in a guest of its own.</summary>
    public static (int Code, string Output) RunAlone(params string[] arguments) => Run(arguments, alone: true);

    private static (int Code, string Output) Run(string[] arguments, bool alone = false)
    {
        var start = new ProcessStartInfo(Path.Combine(Folder(), "run"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (alone)
            start.Environment.Remove("HAFEN_SECOND_KERNEL");
        using var run = Process.Start(start)!;
        var said = new StringBuilder();
        void Take(object sender, DataReceivedEventArgs line)
        {
            // Without a line the stream has ended.
            if (line.Data is null)
                return;
            lock (said)
                said.AppendLine(line.Data);
        }
        run.OutputDataReceived += Take;
        run.ErrorDataReceived += Take;
        run.BeginOutputReadLine();
        run.BeginErrorReadLine();
        run.WaitForExit();
        return (run.ExitCode, said.ToString());
    }

    private static string Folder()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Hafen.slnx")))
                return Path.Combine(folder, "tests/SecondKernel");
        }

        throw new InvalidOperationException("the tests run outside their repository");
    }
}
