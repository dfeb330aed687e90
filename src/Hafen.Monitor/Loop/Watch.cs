namespace Hafen.Monitor.Loop;

/// <summary>A descriptor watched by an <see cref="EventLoop"/>.</summary>
public sealed class Watch
{
    internal Watch(int descriptor, uint events, IReady target, ulong token)
    {
        Descriptor = descriptor;
        Events = events;
        Target = target;
        Token = token;
    }

    internal int Descriptor { get; }
    internal uint Events { get; set; }
    internal IReady Target { get; }
    internal ulong Token { get; }
}
