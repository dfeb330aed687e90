namespace Hafen.Runtime.Create;

/// <summary>The parent's end of the socket pair between an owner and the child that becomes the container's process.</summary>
internal sealed class ChildChannel : IDisposable
{
    public int Number => throw new NotSupportedException();

    public StepResult Poll() => throw new NotSupportedException();

    public void Start() => throw new NotSupportedException();

    public void WaitFor(StepKind kind) => throw new NotSupportedException();

    public int TakeTerminal() => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
