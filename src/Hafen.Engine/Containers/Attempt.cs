using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>A step that is done in its own right: what it fails at is logged, and keeps nothing that comes after it.</summary>
internal static class Attempt
{
    public static void Run(Container container, string step, Action work, ILogger log)
    {
        try
        {
            work();
        }
        catch (Exception exception)
        {
            EngineLog.StepFailed(log, container.Id, step, exception.Message);
        }
    }

    public static async Task RunAsync(Container container, string step, Func<Task> work, ILogger log)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            EngineLog.StepFailed(log, container.Id, step, exception.Message);
        }
    }
}
