using Hafen.Cli.Commands.Containers.Options;

namespace Hafen.Cli.Tests.Commands;

public sealed class CsvFieldsTests
{
    [Theory]
    [InlineData("a,b", "a|b")]
    [InlineData("a,,b", "a||b")]
    [InlineData("\"a,b\",c", "a,b|c")]
    [InlineData("\"a\"\"b\"", "a\"b")]
    public void Fields(string line, string wanted) => Assert.Equal(wanted, string.Join('|', CsvFields.Split(line)));

    [Theory]
    [InlineData("type=tmpfs,dst=\"/a", "parse error on line 1, column 16: bare \" in non-quoted-field")]
    [InlineData("\"a\"b", "parse error on line 1, column 3: extraneous or missing \" in quoted-field")]
    [InlineData("a,\"b", "parse error on line 1, column 5: extraneous or missing \" in quoted-field")]
    public void Stray_quotes_are_refused(string line, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => CsvFields.Split(line)).Message);

    [Theory]
    [InlineData("count=1,count=2", "gpu request key 'count' can be specified only once")]
    [InlineData("all,count=2", "gpu request key 'count' can be specified only once")]
    [InlineData("all,all", "gpu request key 'all' can be specified only once")]
    public void A_gpu_request_says_each_thing_once(string text, string message)
        => Assert.Equal(message, Assert.Throws<FormatException>(() => GpuSpec.Parse(text)).Message);
}
