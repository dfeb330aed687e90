using System.Runtime.ExceptionServices;
using Hafen.Cli.Session;
using Hafen.Client;
using Hafen.Client.Errors;

namespace Hafen.Cli.Commands;

/// <summary>Commands that do one thing to many objects: what fails is reported, and the others are done all the same.</summary>
internal static class EachObject
{
    /// <summary>Objects that are worked on at the same time.</summary>
    private const int Width = 50;

    private const int ThreadStackSize = 256 * 1024;

    /// <summary>Does it to each, one after the other, and prints the name of each that it worked for.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(CliSession session, IReadOnlyList<string> names, Action<string> action)
        => Run(session, names, name =>
        {
            action(name);
            return name;
        });

    /// <summary>Does it to each, one after the other, and prints what it gives.</summary>
    public static int Run(CliSession session, IReadOnlyList<string> names, Func<string, string> action)
    {
        int code = 0;
        foreach (string name in names)
        {
            try
            {
                session.Streams.WriteLine(action(name));
            }
            catch (Exception exception) when (IsOfTheObject(exception))
            {
                session.Streams.WriteErrorLine(CommandLineProgram.FailureText(exception)!);
                code = 1;
            }
        }

        return code;
    }

    /// <summary>
    /// Does it to all at the same time: each may take its ten seconds to stop. What happened is printed in the order of the names.
    /// </summary>
    /// <param name="session">Streams and daemon.</param>
    /// <param name="names">The objects.</param>
    /// <param name="action">Gets a client for its thread, and a name.</param>
    /// <param name="forgiven">Failures that are reported and do not count, or null.</param>
    public static int RunTogether(CliSession session, IReadOnlyList<string> names, Action<EngineClient, string> action, Func<Exception, bool>? forgiven = null)
    {
        // 1. Start. A single one needs no thread.
        var work = names.Select(name => new Work(name)).ToList();
        if (work.Count == 1)
        {
            work[0].Do(session.Client, action);
        }
        else
        {
            for (int thread = 0; thread < Math.Min(Width, work.Count); thread++)
            {
                int first = thread;
                new Thread(() => DoEvery(session, work, first, action), ThreadStackSize) { IsBackground = true }.Start();
            }
        }

        // 2. Report.
        int code = 0;
        foreach (var item in work)
        {
            if (item.Wait() is not { } failure)
            {
                session.Streams.WriteLine(item.Name);
                continue;
            }

            if (!IsOfTheObject(failure))
                ExceptionDispatchInfo.Throw(failure);
            session.Streams.WriteErrorLine(CommandLineProgram.FailureText(failure)!);
            if (forgiven?.Invoke(failure) != true)
                code = 1;
        }

        return code;
    }

    private static void DoEvery(CliSession session, List<Work> work, int first, Action<EngineClient, string> action)
    {
        using var client = session.NewClient();
        for (int index = first; index < work.Count; index += Width)
            work[index].Do(client, action);
    }

    /// <summary>The others may still succeed.</summary>
    private static bool IsOfTheObject(Exception failure) => failure is ApiException or InvalidNameException;

    /// <summary>One object and how it went.</summary>
    private sealed class Work(string name)
    {
        private readonly object _gate = new();
        private Exception? _failure;
        private bool _done;

        public string Name => name;

        public void Do(EngineClient client, Action<EngineClient, string> action)
        {
            try
            {
                action(client, name);
            }
            catch (Exception exception)
            {
                _failure = exception;
            }

            lock (_gate)
            {
                _done = true;
                Monitor.PulseAll(_gate);
            }
        }

        public Exception? Wait()
        {
            lock (_gate)
            {
                while (!_done)
                    Monitor.Wait(_gate);
                return _failure;
            }
        }
    }
}
