using Hafen.Engine.Containers;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>What the kernel cannot say at this moment, for want of a descriptor for example, it is asked again.</summary>
internal sealed class AskAgain(Stopping stopping, ILogger log)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <returns>False when the daemon ended before there was an answer.</returns>
    public async Task<bool> UntilAnsweredAsync(Container container, string question, Func<Task> ask)
    {
        string? said = null;
        while (!stopping.HasBegun)
        {
            try
            {
                await ask();
                return true;
            }
            catch (Exception exception)
            {
                // A shortage lasts; it is told once and not with each try.
                if (exception.Message != said)
                    EngineLog.StepFailed(log, container.Id, question, exception.Message);
                said = exception.Message;
            }
            await Task.Delay(s_pause, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return false;
    }
}
