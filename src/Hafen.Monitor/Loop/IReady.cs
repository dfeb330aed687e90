namespace Hafen.Monitor.Loop;

/// <summary>Something that waits for a descriptor.</summary>
public interface IReady
{
    /// <param name="events">Bits of <see cref="Hafen.Linux.Events.Epoll"/>.</param>
    void Ready(uint events);
}
