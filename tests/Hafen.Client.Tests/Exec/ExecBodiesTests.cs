using System.Text.Json;
using Hafen.Api;
using Hafen.Client.Errors;
using Hafen.Client.Exec;

namespace Hafen.Client.Tests.Exec;

public sealed class ExecBodiesTests
{
    [Fact]
    public void What_is_written_by_hand_says_what_the_serializer_would()
    {
        var create = new ExecCreateRequest
        {
            User = "a:b",
            Privileged = true,
            Tty = true,
            ConsoleSize = [24, 80],
            AttachStdin = true,
            AttachStderr = true,
            AttachStdout = true,
            DetachKeys = "ctrl-a,\"",
            Env = ["A=1", "B=\n\\"],
            WorkingDir = "/w ö",
            Cmd = ["sh", "-c", "echo \"\t\""],
            Detach = true,
        };
        AssertSame(JsonSerializer.SerializeToUtf8Bytes(create, ApiJson.Default.ExecCreateRequest), ExecBodies.Write(create));
        var start = new ExecStartRequest { Detach = true, Tty = true, ConsoleSize = [1, 2] };
        AssertSame(JsonSerializer.SerializeToUtf8Bytes(start, ApiJson.Default.ExecStartRequest), ExecBodies.Write(start));
    }

    [Theory]
    [InlineData("""{"ProcessConfig":{"ExitCode":9},"ExitCode":7,"ID":"x"}""", 7)]
    [InlineData("""{"ExitCode":null}""", null)]
    [InlineData("""{"Running":true}""", null)]
    public void Exit_codes(string json, int? wanted) => Assert.Equal(wanted, ExecBodies.ReadExitCode(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Ids()
    {
        Assert.Equal("abc", ExecBodies.ReadId("""{"Id":"abc"}"""u8));
        Assert.Throws<ProtocolException>(() => ExecBodies.ReadId("{}"u8));
        Assert.Throws<ProtocolException>(() => ExecBodies.ReadId("no json"u8));
    }

    /// <summary>Every member is there, with the same value.</summary>
    private static void AssertSame(byte[] wanted, byte[] actual)
    {
        using var one = JsonDocument.Parse(wanted);
        using var other = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(one.RootElement, other.RootElement), System.Text.Encoding.UTF8.GetString(actual));
    }
}
