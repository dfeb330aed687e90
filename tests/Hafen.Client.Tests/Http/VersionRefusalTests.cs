using Hafen.Api;
using Hafen.Client.Http;

namespace Hafen.Client.Tests.Http;

public sealed class VersionRefusalTests
{
    [Theory]
    [InlineData("client version 1.51 is too new. Maximum supported API version is 1.41", "1.41")]
    [InlineData("client version 1.51 is too new. Maximum supported API version is 1.9.", "1.9")]
    [InlineData("client version 1.10 is too old. Minimum supported API version is 1.12", null)]
    [InlineData("something else", null)]
    public void A_refusal_names_the_daemons_version(string message, string? version) => Assert.Equal(version, VersionRefusal.Offered(message)?.ToString());

    [Fact]
    public void Versions_compare_by_number()
    {
        Assert.True(new ApiVersion(1, 9) < new ApiVersion(1, 10));
        Assert.True(new ApiVersion(2, 0) > ApiVersion.Newest);
        Assert.True(new ApiVersion(1, 42) >= new ApiVersion(1, 42));
    }
}
