using System.Reflection;
using Hafen.Errors;
using Hafen.Logging.Tests.Contracts;

namespace Hafen.Logging.Tests;

public sealed class LogDriversTests
{
    private static readonly LogPlace s_place = new("/nowhere", new string('c', 64));

    /// <summary>A driver whose logs can be read passes <see cref="LogDriverContract"/>.</summary>
    [Fact]
    public void Every_driver_that_can_be_read_has_its_contract_tests()
    {
        var drivers = typeof(LogDriverContract).GetProperty("Driver", BindingFlags.Instance | BindingFlags.NonPublic)!;
        var tested = typeof(LogDriverContract).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(LogDriverContract)) && !type.IsAbstract)
            .Select(type =>
            {
                using var tests = (LogDriverContract)Activator.CreateInstance(type)!;
                return ((ILogDriver)drivers.GetValue(tests)!).Name;
            });
        Assert.Equal(LogDrivers.Names.Where(name => LogDrivers.Require(name).OpenReader(s_place) is not null).Order(), tested.Order());
    }

    [Fact]
    public void Each_is_found_by_its_name()
    {
        Assert.Equal(["json-file", "none"], LogDrivers.Names);
        Assert.All(LogDrivers.Names, name => Assert.Equal(name, LogDrivers.Require(name).Name));
        Assert.Equal("json-file", LogDrivers.Default.Name);
        Assert.Null(LogDrivers.Find("syslog"));
        Assert.Null(LogDrivers.Find(null));
    }

    [Theory]
    [InlineData("nope", ErrorKind.InvalidParameter, "error looking up logging plugin nope: plugin \"nope\" not found")]
    [InlineData("fluentd", ErrorKind.NotImplemented, "log driver \"fluentd\" is not supported yet: there are json-file and none")]
    public void A_driver_that_is_missing_is_told_from_one_that_does_not_exist(string name, ErrorKind kind, string message)
    {
        var failure = Assert.Throws<LogException>(() => LogDrivers.Require(name));
        Assert.Equal((kind, message), (failure.Kind, failure.Message));
    }
}
