using Hafen.Errors;
using Hafen.Logging.Options;

namespace Hafen.Logging.Tests.Options;

/// <summary>The options that drivers share, in Docker's words.</summary>
public sealed class LogOptionsTests
{
    [Theory]
    [InlineData("mode=sideways", "logger: logging mode not supported: sideways")]
    [InlineData("mode=blocking max-buffer-size=1m", "logger: max-buffer-size option is only supported with 'mode=non-blocking'")]
    [InlineData("max-size=0", "max-size must be a positive number")]
    [InlineData("max-size=1q", "invalid size: '1q'")]
    [InlineData("max-size=big max-file=big", "invalid size: 'big'")]
    [InlineData("max-file=many", "strconv.Atoi: parsing \"many\": invalid syntax")]
    [InlineData("max-file=-1", "max-file cannot be less than 1")]
    [InlineData("compress=perhaps", "strconv.ParseBool: parsing \"perhaps\": invalid syntax")]
    [InlineData("compress=true max-size=1m", "compress cannot be true when max-file is less than 2 or max-size is not set")]
    [InlineData("compress=1 max-file=2", "compress cannot be true when max-file is less than 2 or max-size is not set")]
    [InlineData("compress=t max-file=2 max-size=-1", "compress cannot be true when max-file is less than 2 or max-size is not set")]
    [InlineData("labels-regex=(", "error parsing regexp: `(`")]
    [InlineData("env-regex=[", "error parsing regexp: `[`")]
    [InlineData("tag={{.Colour}}", "log opt 'tag': the template {{.Colour}} is not supported")]
    [InlineData("tag=a{{.Name", "log opt 'tag': the template {{.Name is not supported")]
    public void What_makes_no_sense_is_refused(string options, string message)
    {
        var failure = Assert.Throws<LogException>(() => LogDrivers.Check("json-file", Parse(options)));
        Assert.Equal((ErrorKind.InvalidParameter, message), (failure.Kind, failure.Message));
    }

    [Fact]
    public void A_mode_that_is_not_here_is_told_from_one_that_does_not_exist()
    {
        var failure = Assert.Throws<LogException>(() => LogDrivers.Check("json-file", Parse("mode=non-blocking max-buffer-size=1m")));
        Assert.Equal((ErrorKind.NotImplemented, "log opt 'mode=non-blocking' is not supported: output is never dropped"), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("", 0, 1, false)]
    [InlineData("mode= max-size=-1", 0, 1, false)]
    [InlineData("mode=blocking max-size=10 max-file=+3", 10, 3, false)]
    [InlineData("max-size=10m max-file=5 compress=true", 10_000_000, 5, true)]
    [InlineData("max-size=1.5kb compress=false", 1_500, 1, false)]
    [InlineData("max-size=2GiB labels=a,b env=C labels-regex= env-regex=^D tag=x{{.ID}}{{.DaemonName}}", 2_000_000_000, 1, false)]
    public void What_makes_sense_is_what_the_monitor_is_told(string text, long size, int files, bool compress)
    {
        var options = Parse(text);
        LogDrivers.Check("json-file", options);
        var target = LogDrivers.Require("json-file").Target(new LogPlace("/f", "c"), new LogContainer(), options);
        Assert.Equal(("json-file", "/f/c-json.log", size, files, compress), (target.Driver, target.Path, target.MaxSize, target.MaxFiles, target.Compress));
    }

    [Theory]
    [InlineData("x", "x")]
    [InlineData("{{.ID}}/{{ .FullID }}", "0123456789ab/0123456789abcdef")]
    [InlineData("{{.Name}}-{{.DaemonName}}", "web-hafen")]
    [InlineData("{{.ImageID}} {{.ImageFullID}} {{.ImageName}}", "fedcba987654 sha256:fedcba9876543210 app:1")]
    public void The_fields_of_a_tag_are_the_containers(string tag, string expected)
    {
        var container = new LogContainer
        {
            Id = "0123456789abcdef",
            Name = "web",
            ImageId = "sha256:fedcba9876543210",
            ImageName = "app:1",
            DaemonName = "hafen",
        };
        Assert.Equal(expected, AttributeOptions.Of(container, new Dictionary<string, string> { ["tag"] = tag })["tag"]);
    }

    [Theory]
    [InlineData("labels=a,c,E", "a=1")]
    [InlineData("labels-regex=^[ab]", "a=1 b=2")]
    [InlineData("env=E,a", "E=x=y")]
    [InlineData("env-regex=.", "E=x=y F=")]
    [InlineData("labels=b env=F", "F= b=2")]
    public void Labels_and_variables_are_chosen_by_name_or_pattern(string options, string expected)
    {
        var container = new LogContainer { Labels = new Dictionary<string, string> { ["a"] = "1", ["b"] = "2" }, Environment = ["E=x=y", "F=", "=G", "H"] };
        Assert.Equal(expected, string.Join(' ', AttributeOptions.Of(container, Parse(options)).Select(pair => $"{pair.Key}={pair.Value}")));
    }

    private static Dictionary<string, string> Parse(string options)
        => options.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
}
