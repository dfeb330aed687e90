using Hafen.Engine.Containers;

namespace Hafen.Engine.Reconcile;

/// <summary>What the kernel cannot say at this moment, for want of a descriptor for example, it is asked again.</summary>
internal static class AskAgain
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    /// <returns>False when the daemon ended before there was an answer.</returns>
    public static async Task<bool> UntilAnsweredAsync(ContainerEngine engine, Container container, string question, Func<Task> ask)
    {
        string? said = null;
        while (!engine.Stopping.IsCancellationRequested)
        {
            try
            {
                await ask().ConfigureAwait(false);
                return true;
            }
            catch (Exception e)
            {
                // A shortage lasts; it is told once and not with each try.
                if (e.Message != said) EngineLog.StepFailed(engine.Log, container.Id, question, e.Message);
                said = e.Message;
            }
            await Task.Delay(s_pause, engine.Stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return false;
    }
}
