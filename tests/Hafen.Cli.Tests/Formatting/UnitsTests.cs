using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Tests.Formatting;

public sealed class UnitsTests
{
    [Theory]
    [InlineData("32", 32)]
    [InlineData("32b", 32)]
    [InlineData("32 KB", 32 * 1024)]
    [InlineData("1.5g", 1536L << 20)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("0.5k", 512)]
    public void Sizes_are_read(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("", "invalid size: ''")]
    [InlineData("hello", "invalid size: 'hello'")]
    [InlineData("-1", "invalid size: '-1'")]
    [InlineData("1x", "invalid suffix: 'x'")]
    [InlineData("1kbx", "invalid suffix: 'kbx'")]
    public void What_is_no_size_is_refused(string text, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => ByteSize.Parse(text)).Message);

    [Theory]
    [InlineData(0, "0B", "0B")]
    [InlineData(999, "999B", "999B")]
    [InlineData(1000, "1kB", "1kB")]
    [InlineData(1_984_000, "1.984MB", "1.98MB")]
    [InlineData(205_999_999, "206MB", "206MB")]
    [InlineData(1_234_567_890_123, "1.235TB", "1.23TB")]
    public void Sizes_are_shown(long bytes, string four, string three)
        => Assert.Equal((four, three), (ByteSize.Human(bytes), ByteSize.Human(bytes, 3)));

    [Fact]
    public void Memory_is_shown_in_powers_of_two() => Assert.Equal("23.54GiB", ByteSize.HumanBinary(25_276_502_016));

    [Theory]
    [InlineData(0.4, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(119, "About a minute")]
    [InlineData(120, "2 minutes")]
    [InlineData(3599, "59 minutes")]
    [InlineData(3600, "About an hour")]
    [InlineData(5300, "About an hour")]
    [InlineData(5400, "2 hours")]
    [InlineData(86400 * 2, "2 days")]
    [InlineData(86400 * 14, "2 weeks")]
    [InlineData(86400 * 60, "2 months")]
    [InlineData(86400 * 365 * 2, "2 years")]
    public void Ages(double seconds, string text) => Assert.Equal(text, Age.Human(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("0", 0)]
    [InlineData("10s", 10_000_000_000)]
    [InlineData("1h30m", 5_400_000_000_000)]
    [InlineData("1.5ms", 1_500_000)]
    [InlineData("-2us", -2_000)]
    public void Durations(string text, long nanoseconds) => Assert.Equal(nanoseconds, GoDuration.Parse(text));

    [Theory]
    [InlineData("x", "time: invalid duration \"x\"")]
    [InlineData("1", "time: missing unit in duration \"1\"")]
    [InlineData("1y", "time: unknown unit \"y\" in duration \"1y\"")]
    public void What_is_no_duration_is_refused(string text, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => GoDuration.Parse(text)).Message);

    [Theory]
    [InlineData("1700000000", "1700000000")]
    [InlineData("1700000000.5", "1700000000.5")]
    [InlineData("2023-11-14T22:13:20Z", "1700000000.000000000")]
    [InlineData("2023-11-14T22:13:20.123456789Z", "1700000000.123456789")]
    [InlineData("2023-11-14T23:13:20+01:00", "1700000000.000000000")]
    [InlineData("0", "0")]
    [InlineData("", null)]
    public void Points_in_time(string text, string? wanted) => Assert.Equal(wanted, PointInTime.Parse(text, "since"));

    [Fact]
    public void What_is_no_time_is_refused()
        => Assert.Equal(
            "invalid value for \"since\": failed to parse value as time or duration: \"foo\"",
            Assert.Throws<CommandException>(() => PointInTime.Parse("foo", "since")).Message);

    [Theory]
    [InlineData("a\"b\n", "\"a\\\"b\\n\"")]
    [InlineData("…\u0001", "\"…\\x01\"")]
    public void Quoting(string text, string wanted) => Assert.Equal(wanted, GoText.Quote(text));

    [Theory]
    [InlineData("short", 20, "short")]
    [InlineData("exactly ten", 11, "exactly ten")]
    [InlineData("a longer text than fits", 10, "a longer …")]
    [InlineData("日本語日本語", 5, "日本…")]
    public void Ellipsis(string text, int columns, string wanted) => Assert.Equal(wanted, GoText.Ellipsis(text, columns));

    [Theory]
    [InlineData(1234567.0, 3, "1.23e+06")]
    [InlineData(123.0, 3, "123")]
    [InlineData(1.5, 4, "1.5")]
    [InlineData(0.00001, 3, "1e-05")]
    [InlineData(0, 3, "0")]
    public void Significant_digits(double value, int digits, string text) => Assert.Equal(text, GoNumber.Significant(value, digits));

    [Theory]
    [InlineData(0.5, "0.5")]
    [InlineData(1e20, "100000000000000000000")]
    [InlineData(1e21, "1e+21")]
    [InlineData(-1.25e-7, "-1.25e-07")]
    [InlineData(100, "100")]
    public void Shortest_numbers(double value, string text) => Assert.Equal(text, GoNumber.Shortest(value));

    [Theory]
    [InlineData("busybox", "busybox", null, null)]
    [InlineData("docker.io/library/busybox:1", "busybox", "1", null)]
    [InlineData("docker.io/a/b", "a/b", null, null)]
    [InlineData("localhost:5000/x:y", "localhost:5000/x", "y", null)]
    [InlineData("x@sha256:00", "x", null, "sha256:00")]
    public void Image_names(string text, string repository, string? tag, string? digest)
    {
        Assert.True(ImageName.TryParse(text, out var name));
        Assert.Equal(new ImageName(repository, tag, digest), name);
    }

    [Theory]
    [InlineData("BAD", "invalid reference format: repository name (library/BAD) must be lowercase")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("", "invalid reference format")]
    [InlineData("a:b:c", "invalid reference format")]
    public void What_is_no_image_name_is_refused(string text, string complaint)
    {
        Assert.False(ImageName.TryParse(text, out _));
        Assert.Equal(complaint, ImageName.Complaint(text));
    }

    [Fact]
    public void Columns_are_as_wide_as_their_block_needs()
    {
        Assert.Equal("ID        NAME\n1         x\n", TabWriter.Align("ID\tNAME\n1\tx\n"));
        Assert.Equal("A              B         C\naaaaaaaaaaaa   b         c\n", TabWriter.Align("A\tB\tC\naaaaaaaaaaaa\tb\tc\n"));
        Assert.Equal("one line\na         b\n", TabWriter.Align("one line\na\tb\n"));
    }

    [Fact]
    public void Neighbouring_ports_become_ranges()
    {
        PortSummary Port(ushort inside, ushort outside = 0, string? ip = null, string type = "tcp")
            => new() { PrivatePort = inside, PublicPort = outside, IP = ip, Type = type };

        Assert.Equal("80-82/tcp", PublishedPorts.Describe([Port(82), Port(80), Port(81)]));
        Assert.Equal(
            "0.0.0.0:80-81->80-81/tcp, 90/udp, 0.0.0.0:8443->443/tcp",
            PublishedPorts.Describe([Port(81, 81, "0.0.0.0"), Port(80, 80, "0.0.0.0"), Port(443, 8443, "0.0.0.0"), Port(90, type: "udp")]));
        Assert.Equal("[::]:80->80/tcp", PublishedPorts.Describe([Port(80, 80, "::")]));
        Assert.Equal("80/tcp, 82/tcp", PublishedPorts.Describe([Port(80), Port(82)]));
    }

    [Fact]
    public void Json_is_laid_out_without_touching_its_values()
    {
        const string json = "[{\"a\": 1.0e5,\"b\":\"x\\u003c , {\",\"c\":[],\"d\":{ },\"e\":[1,2]}]";
        Assert.Equal("[{\"a\":1.0e5,\"b\":\"x\\u003c , {\",\"c\":[],\"d\":{},\"e\":[1,2]}]", JsonLayout.Compact(json));
        Assert.Equal(
            "[\n    {\n        \"a\": 1.0e5,\n        \"b\": \"x\\u003c , {\",\n        \"c\": [],\n        \"d\": {},\n        \"e\": [\n            1,\n            2\n        ]\n    }\n]",
            JsonLayout.Indent(json));
    }
}
