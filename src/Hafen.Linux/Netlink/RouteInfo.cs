using System.Net;

namespace Hafen.Linux.Netlink;

/// <summary>A route. The default route has the prefix length 0.</summary>
public sealed record RouteInfo(IPAddress Destination, int PrefixLength, IPAddress? Gateway, int Index, uint Table, byte Type);
