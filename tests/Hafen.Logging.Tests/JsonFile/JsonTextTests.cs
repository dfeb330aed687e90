using System.Text;
using Hafen.Logging.JsonFile;

namespace Hafen.Logging.Tests.JsonFile;

public class JsonTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("a\"b\\c", "a\\\"b\\\\c")]
    [InlineData("\n\r\t\b\f\0\u001f\u007f", "\\n\\r\\u0009\\u0008\\u000c\\u0000\\u001f\u007f")]
    [InlineData("<a>&", "\\u003ca\\u003e\\u0026")]
    [InlineData("ü日🐳", "ü日🐳")]
    [InlineData("\u2027\u2028\u2029\u202a", "\u2027\\u2028\\u2029\u202a")]
    [InlineData("\ufffd", "\ufffd")]
    public void Text_is_escaped_as_Go_does(string text, string expected) => Assert.Equal(expected, Escape(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData(new byte[] { 0xff }, "\\ufffd")]
    [InlineData(new byte[] { 0xc3, 0x28 }, "\\ufffd(")]
    [InlineData(new byte[] { 0xe2, 0x82 }, "\\ufffd\\ufffd")]
    [InlineData(new byte[] { 0xed, 0xa0, 0x80 }, "\\ufffd\\ufffd\\ufffd")]
    [InlineData(new byte[] { 0xf0, 0x9f, 0x90, 0x61 }, "\\ufffd\\ufffd\\ufffda")]
    [InlineData(new byte[] { 0xc0, 0xaf }, "\\ufffd\\ufffd")]
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 }, "\\ufffd\\ufffd\\ufffd\\ufffd")]
    public void Each_byte_that_is_no_UTF8_is_replaced_by_itself(byte[] bytes, string expected) => Assert.Equal(expected, Escape(bytes));

    [Fact]
    public void Every_byte_between_long_runs_survives()
    {
        for (int value = 0; value < 128; value++)
        {
            string run = new string('x', 40);
            string escaped = Escape(Encoding.ASCII.GetBytes(run + (char)value + run));
            Assert.StartsWith(run, escaped);
            Assert.EndsWith(run, escaped);
            Assert.Equal(((char)value).ToString(), System.Text.Json.JsonDocument.Parse($"\"{escaped}\"").RootElement.GetString()![40..^40]);
        }
    }

    private static string Escape(byte[] source)
    {
        byte[] target = new byte[source.Length * JsonText.Expansion];
        return Encoding.UTF8.GetString(target, 0, JsonText.Escape(source, target));
    }
}
