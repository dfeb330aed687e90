namespace Hafen.Engine.Containers.Spec;

/// <summary>The identity of a container's process.</summary>
/// <param name="Uid">User.</param>
/// <param name="Gid">Group.</param>
/// <param name="AdditionalGids">Supplementary groups, the main one included (an empty list would lose it, CVE-2022-36109).</param>
/// <param name="Home">Home folder of the user, <c>/</c> when unknown.</param>
internal sealed record ContainerUser(uint Uid, uint Gid, uint[] AdditionalGids, string Home);

/// <summary>A user or group that cannot be found or makes no sense; the message is Docker's.</summary>
internal sealed class UserLookupException(string message) : Exception(message);
