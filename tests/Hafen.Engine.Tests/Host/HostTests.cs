using Hafen.Engine.Host;

namespace Hafen.Engine.Tests.Host;

public sealed class HostTests
{
    [Fact]
    public void The_pretty_name_of_the_distribution_is_shown()
    {
        var os = OperatingSystemInfo.Parse(["NAME=\"Debian GNU/Linux\"", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"", "VERSION_ID='12'", "# comment", ""]);
        Assert.Equal(new OperatingSystemInfo("Debian GNU/Linux 12 (bookworm)", "12"), os);
        Assert.Equal(new OperatingSystemInfo("Alpine", ""), OperatingSystemInfo.Parse(["NAME=Alpine"]));
        Assert.Equal(new OperatingSystemInfo("Linux", ""), OperatingSystemInfo.Parse([]));
    }

    [Fact]
    public void The_engine_keeps_its_ID_and_replaces_a_broken_one()
    {
        string folder = Directory.CreateTempSubdirectory("hafen-id-").FullName;
        try
        {
            string id = EngineId.Ensure(folder);
            Assert.True(Guid.TryParse(id, out _));
            Assert.Equal(id, EngineId.Ensure(folder));
            File.WriteAllText(Path.Combine(folder, "engine-id"), "");
            Assert.NotEqual(id, EngineId.Ensure(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
