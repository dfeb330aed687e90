namespace Hafen.Networking;

/// <summary>What a network gives to a container.</summary>
public enum NetworkReach
{
    /// <summary>A network namespace of its own with an interface in it.</summary>
    Connected,
    /// <summary>A network namespace of its own with nothing but the loopback interface.</summary>
    Isolated,
    /// <summary>The host's network namespace.</summary>
    Host,
}
