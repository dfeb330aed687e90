using System.Runtime.InteropServices;

namespace Hafen.Daemon.Lifetime;

/// <summary>SIGTERM and SIGINT end the daemon in order, a second one at once; SIGHUP reads the configuration again.</summary>
internal sealed class StopSignals : IDisposable
{
    private const int ForcedExit = 128;

    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals(Action reload)
    {
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
            {
                context.Cancel = true;
                reload();
            }),
        ];
    }

    /// <summary>Completes with the first signal to end.</summary>
    public Task Requested => _stop.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!_stop.TrySetResult())
            Environment.Exit(ForcedExit + (context.Signal == PosixSignal.SIGINT ? 2 : 15));
    }
}
