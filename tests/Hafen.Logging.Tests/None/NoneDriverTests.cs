using Hafen.Logging.Tests.Writers;

namespace Hafen.Logging.Tests.None;

public sealed class NoneDriverTests
{
    private static readonly LogPlace s_place = new("/nowhere", new string('c', 64));
    private static readonly Dictionary<string, string> s_options = new() { ["colour"] = "red" };

    private readonly ILogDriver _driver = LogDrivers.Require("none");

    [Fact]
    public void It_minds_no_option()
    {
        LogDrivers.Check("none", s_options);
        _driver.CheckContainer(new LogContainer(), s_options);
    }

    [Fact]
    public void Nothing_is_written_and_nothing_can_be_read()
    {
        var target = _driver.Target(s_place, new LogContainer(), s_options);
        Assert.Equal(("none", null), (target.Driver, target.Path));
        Assert.Null(_driver.OpenWriter(target, new HeldHost()));
        Assert.Null(_driver.OpenReader(s_place));
        Assert.Null(_driver.FileOf(s_place));
    }
}
