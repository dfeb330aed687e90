using Hafen.Api;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Errors;

namespace Hafen.Daemon.Tests.Versions;

public sealed class ServedVersionsTests
{
    private static readonly ApiVersion s_next = ApiVersion.Newest with { Minor = ApiVersion.Newest.Minor + 1 };

    public static TheoryData<string, string> Refused => new()
    {
        { "1.23", "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version" },
        { $"{s_next}", $"client version {s_next} is too new. Maximum supported API version is {ApiVersion.Newest}" },
        { "2.0", $"client version 2.0 is too new. Maximum supported API version is {ApiVersion.Newest}" },
    };

    [Theory, MemberData(nameof(Refused))]
    public void Versions_out_of_range_are_refused_in_Dockers_words(string version, string message)
    {
        Assert.True(ApiVersion.TryParse(version, out var parsed));
        var failure = Assert.Throws<EngineException>(() => ServedVersions.Require(parsed));
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        Assert.Equal(message, failure.Message);
    }

    [Fact]
    public void What_is_in_range_is_served()
    {
        ServedVersions.Require(ApiVersion.Oldest);
        ServedVersions.Require(ApiVersion.Newest);
    }
}
