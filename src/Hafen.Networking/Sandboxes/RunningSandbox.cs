namespace Hafen.Networking;

/// <summary>A sandbox as a former daemon has left it.</summary>
/// <param name="Id">That of its container.</param>
/// <param name="Pid">A process in it; 0 when none is known.</param>
/// <param name="Endpoints">Its places.</param>
public sealed record RunningSandbox(string Id, int Pid, IReadOnlyList<Endpoint> Endpoints);
