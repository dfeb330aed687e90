namespace Hafen.Engine.Containers;

/// <summary>What was done so far, to be undone in reverse when a later step fails. Each undo has its own time limit; their failures are reported, not thrown.</summary>
internal sealed class UndoStack(Action<string, Exception> failed)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    private readonly Stack<(string Step, Func<CancellationToken, Task> Undo)> _steps = new();

    public void Push(string step, Func<CancellationToken, Task> undo) => _steps.Push((step, undo));

    public void Push(string step, Action undo) => _steps.Push((step, _ =>
    {
        undo();
        return Task.CompletedTask;
    }
    ));

    public async Task UndoAsync()
    {
        while (_steps.TryPop(out var step))
        {
            try
            {
                using var limit = new CancellationTokenSource(s_limit);
                await step.Undo(limit.Token).WaitAsync(limit.Token);
            }
            catch (Exception exception)
            {
                failed(step.Step, exception);
            }
        }
    }
}
