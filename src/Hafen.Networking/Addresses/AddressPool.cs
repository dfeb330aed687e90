using System.Net;
using System.Numerics;
using Hafen.Errors;

namespace Hafen.Networking.Addresses;

/// <summary>
/// Which addresses of a subnet are taken: one bit each, held only as far as the highest one taken. Not thread-safe.
/// Network and broadcast address are never given out.
/// </summary>
public sealed class AddressPool
{
    private readonly Subnet _subnet;
    private readonly Subnet _range;
    private readonly long _first;
    private readonly long _last;
    private ulong[] _taken = new ulong[4];

    /// <param name="subnet">All addresses that may be requested.</param>
    /// <param name="range">The part from which addresses are chosen when none is requested.</param>
    public AddressPool(Subnet subnet, Subnet? range = null)
    {
        _subnet = subnet;
        _range = range ?? subnet;
        // In a /31 or /32 there is neither network nor broadcast address (RFC 3021).
        long edge = subnet.PrefixLength >= 31 ? 0 : 1;
        _first = edge;
        _last = subnet.Size - 1 - edge;
    }

    /// <summary>Takes the lowest free address.</summary>
    /// <returns>Null when none is left.</returns>
    public IPAddress? Take()
    {
        long start = Math.Max(_first, _range.Network - (long)_subnet.Network);
        long end = Math.Min(_last, start + _range.Size - 1);
        for (long offset = start; offset <= end;)
        {
            ulong word = Word(offset);
            // Bits below the offset count as taken.
            ulong free = ~word & (ulong.MaxValue << (int)(offset % 64));
            if (free == 0)
            {
                offset = ((offset / 64) + 1) * 64;
                continue;
            }
            long found = (offset / 64 * 64) + BitOperations.TrailingZeroCount(free);
            if (found > end)
                return null;
            Set(found);
            return _subnet[found];
        }
        return null;
    }

    /// <summary>Takes one address.</summary>
    /// <returns>False when it is taken already.</returns>
    /// <exception cref="NetworkException">It is not one of the subnet's.</exception>
    public bool Take(IPAddress address)
    {
        if (!_subnet.Contains(address))
            throw new NetworkException(ErrorKind.InvalidParameter, "requested address is out of range");
        long offset = _subnet.OffsetOf(address);
        if (offset < _first || offset > _last || IsSet(offset))
            return false;
        Set(offset);
        return true;
    }

    /// <summary>Gives an address back. Giving back what was not taken does nothing.</summary>
    public void Return(IPAddress address)
    {
        if (!_subnet.Contains(address))
            return;
        long offset = _subnet.OffsetOf(address);
        if (offset / 64 < _taken.Length)
            _taken[offset / 64] &= ~(1UL << (int)(offset % 64));
    }

    private ulong Word(long offset) => offset / 64 < _taken.Length ? _taken[offset / 64] : 0;

    private bool IsSet(long offset) => (Word(offset) & (1UL << (int)(offset % 64))) != 0;

    private void Set(long offset)
    {
        long word = offset / 64;
        if (word >= _taken.Length)
            Array.Resize(ref _taken, (int)Math.Max(word + 1, _taken.Length * 2L));
        _taken[word] |= 1UL << (int)(offset % 64);
    }
}
