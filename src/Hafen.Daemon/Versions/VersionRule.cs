using System.Text.Json.Nodes;
using Hafen.Api;

namespace Hafen.Daemon.Versions;

/// <summary>What clients of some versions mean by, or see of, a type.</summary>
/// <param name="Type">The body's type.</param>
/// <param name="From">The first version it holds for; null for all up to <paramref name="Until"/>.</param>
/// <param name="Until">The first version it does not hold for; null for all since <paramref name="From"/>.</param>
internal abstract record VersionRule(Type Type, ApiVersion? From, ApiVersion? Until)
{
    /// <summary>For clients before 1.<paramref name="minor"/>.</summary>
    public static VersionRule Before<T>(int minor, Func<T, T> change) where T : class
        => new ChangeRule<T>(null, new ApiVersion(1, minor), change);

    /// <summary>For clients from 1.<paramref name="minor"/> on.</summary>
    public static VersionRule Since<T>(int minor, Func<T, T> change) where T : class
        => new ChangeRule<T>(new ApiVersion(1, minor), null, change);

    /// <summary>Members that the type has no more, for clients before 1.<paramref name="minor"/>.</summary>
    public static VersionRule MembersBefore<T>(int minor, Action<JsonObject> add) where T : class
        => new MemberRule(typeof(T), new ApiVersion(1, minor), add);

    public bool HoldsFor(ApiVersion version) => (From is not { } from || version >= from) && (Until is not { } until || version < until);
}

/// <summary>Changes a body before it is written, or after it was read.</summary>
internal sealed record ChangeRule<T>(ApiVersion? From, ApiVersion? Until, Func<T, T> Change) : VersionRule(typeof(T), From, Until)
    where T : class;

/// <summary>Adds to an answer what its type does not have.</summary>
internal sealed record MemberRule(Type Type, ApiVersion? Until, Action<JsonObject> Add) : VersionRule(Type, null, Until);
