using System.Net;

namespace Hafen.Linux.Netlink;

/// <summary>An address of an interface.</summary>
public sealed record AddressInfo(int Index, IPAddress Address, int PrefixLength);
