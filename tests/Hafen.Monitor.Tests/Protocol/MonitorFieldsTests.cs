using System.Text.Json;
using Hafen.Errors;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Sockets;
using Hafen.Logging;
using Hafen.Monitor.Protocol;
using Hafen.Oci.Runtime;

namespace Hafen.Monitor.Tests.Protocol;

public class MonitorFieldsTests
{
    [Fact]
    public void Create_survives_the_way()
    {
        var create = new MonitorCreate
        {
            Id = new string('a', 64),
            Bundle = "/b/ü",
            Rootfs = [new SpecMount { Destination = "/", Type = "overlay", Source = "overlay", Options = ["lowerdir=a:b", "x"] }, new SpecMount { Destination = "/d" }],
            Log = new LogTarget { Driver = "json-file", Path = "/l", MaxSize = 1L << 40, MaxFiles = 3, Compress = true, Attributes = "{}", Options = ["address=udp://ü", "", "x=y=z"] },
            OpenStdin = true,
            StdinOnce = true,
            SeccompProgram = "/s",
        };
        var writer = new MessageWriter(MessageType.Create, 7);
        writer.Write(create);
        var reader = new MessageReader(writer.Bytes);
        Assert.Equal((MessageType.Create, 7u), (reader.Type, reader.Number));
        Assert.Equal(JsonSerializer.Serialize(create), JsonSerializer.Serialize(reader.ReadCreate()));
    }

    [Fact]
    public void Exec_attach_failure_and_hello_survive_the_way()
    {
        var exec = new MonitorExec { ExecId = "e", OpenStdin = true, Attach = new MonitorAttach { Stdin = true, Stderr = true, Multiplexed = true, DetachKeys = [16, 17], Prefix = [1, 2, 3] } };
        var failure = new Failure(ErrorKind.CommandNotFound, 2, "execve", "no such file");
        var hello = new MonitorHello { ContainerId = "c", MonitorPid = 1, InitPid = 2, State = MonitorState.Running, Execs = [new("e", 3)], LostLogLines = 4 };
        var writer = new MessageWriter(MessageType.Exec, 1);
        writer.Write(exec);
        writer.Write(failure);
        writer.Write(hello);
        var reader = new MessageReader(writer.Bytes);
        Assert.Equal(JsonSerializer.Serialize(exec), JsonSerializer.Serialize(reader.ReadExec()));
        Assert.Equal(failure, reader.ReadFailure());
        Assert.Equal(JsonSerializer.Serialize(hello), JsonSerializer.Serialize(reader.ReadHello()));
    }

    public static TheoryData<MonitorEvent> Events =>
    [
        new MonitorExited { ExitCode = 137, OomKilled = true, FinishedAt = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1234567) },
        new MonitorExited { ExitCode = 0, OomKilled = false, FinishedAt = DateTimeOffset.UnixEpoch, LostLogLines = 7 },
        new MonitorExecExited { ExecId = "e", ExitCode = 1 },
        new MonitorDetached { ExecId = "e" },
        new MonitorDetached(),
    ];

    [Theory]
    [MemberData(nameof(Events))]
    public void Events_survive_the_way(MonitorEvent happened)
    {
        var reader = new MessageReader(happened.Encode(9).Bytes);
        Assert.Equal(9u, reader.Number);
        Assert.Equal(happened, reader.ReadEvent());
    }

    [Fact]
    public void A_packet_cut_anywhere_is_refused()
    {
        var writer = new MessageWriter(MessageType.Exec, 1);
        writer.Write(new MonitorExec { ExecId = "e", Attach = new MonitorAttach { Prefix = [1, 2, 3] } });
        byte[] packet = writer.Bytes.ToArray();
        for (int length = 0; length < packet.Length; length++)
            Assert.Throws<InvalidDataException>(() => new MessageReader(packet.AsSpan(0, length)).ReadExecOnce());
    }

    /// <summary>What monitors and daemons of the first release sent and expect; a change of these bytes is a daemon that loses its containers.</summary>
    [Theory]
    [InlineData("create", "0200010007000000010000006301000000620100000001000000640100000074FFFFFFFF0100000001000000"
        + "6F090000006A736F6E2D66696C65010000006C050000000000000003000000010200000024240100FFFFFFFF")]
    [InlineData("attach", "0400010007000000FFFFFFFF010100010200000010110100000009")]
    [InlineData("exec", "05000100070000000100000065010101010001020000001011010000000902000000" + "7B7D")]
    [InlineData("failure", "2100010007000000020200000001000000730100000" + "06D")]
    public void The_fields_in_order_are_those_of_the_first_release(string message, string expected)
    {
        var attach = new MonitorAttach { Stdin = true, Stdout = true, Multiplexed = true, DetachKeys = [16, 17], Prefix = [9] };
        var writer = new MessageWriter(
            message switch { "create" => MessageType.Create, "attach" => MessageType.Attach, "exec" => MessageType.Exec, _ => MessageType.Failed }, 7);
        switch (message)
        {
            case "create":
                writer.Write(new MonitorCreate
                {
                    Id = "c",
                    Bundle = "b",
                    Rootfs = [new SpecMount { Destination = "d", Type = "t", Options = ["o"] }],
                    Log = new LogTarget { Driver = "json-file", Path = "l", MaxSize = 5, MaxFiles = 3, Compress = true, Attributes = "$$" },
                    OpenStdin = true,
                });
                break;
            case "attach":
                writer.Write((string?)null);
                writer.Write(attach);
                break;
            case "exec":
                writer.Write(new MonitorExec { ExecId = "e", OpenStdin = true, Attach = attach with { Stdout = true } });
                writer.Write("{}"u8);
                break;
            default:
                writer.Write(new Failure(ErrorKind.CommandNotFound, 2, "s", "m"));
                break;
        }
        Assert.Equal(expected, Convert.ToHexString(writer.Bytes));
    }

    [Fact]
    public void The_greeting_is_that_of_the_first_release_and_extensions()
    {
        var writer = new MessageWriter(MessageType.Hello, 0);
        writer.Write(new MonitorHello { ContainerId = "c", MonitorPid = 1, InitPid = 2, State = MonitorState.Running, Execs = [new("e", 3)], LostLogLines = 4, ProtocolMinor = 1 });
        const string first = "0100010000000000010000006301000000020000000201000000010000006503000000" + "0400000000000000";
        Assert.Equal(first + "0100" + "08000000" + "0100000000000000", Convert.ToHexString(writer.Bytes));
        Assert.Equal(0, new MessageReader(Convert.FromHexString(first)).ReadHelloOnce().ProtocolMinor);
    }

    [Fact]
    public void Extensions_that_are_not_known_are_skipped_and_broken_ones_are_refused()
    {
        var writer = new MessageWriter(MessageType.Start, 1);
        writer.Extend((ExtensionTag)60_000, 5);
        writer.Extend(ExtensionTag.AnswerBefore, 6);
        writer.Extend((ExtensionTag)60_001, 7);
        Assert.Equal(6, new MessageReader(writer.Bytes).FindOnce(ExtensionTag.AnswerBefore));
        Assert.Null(new MessageReader(writer.Bytes).FindOnce(ExtensionTag.ProtocolMinor));
        byte[] cut = writer.Bytes[..^1].ToArray();
        Assert.Throws<InvalidDataException>(() => new MessageReader(cut).FindOnce(ExtensionTag.AnswerBefore));
    }

    [Fact]
    public void What_is_not_there_is_not_sent()
    {
        var writer = new MessageWriter(MessageType.Create, 7);
        writer.Write(new MonitorCreate { Id = "c", Bundle = "b", Log = new LogTarget { Driver = "none" } });
        Assert.Empty(new MessageReader(writer.Bytes).ReadCreateOnce().Log.Options);
        var exited = new MonitorExited { ExitCode = 1, OomKilled = false, FinishedAt = DateTimeOffset.UnixEpoch }.Encode(1);
        Assert.Equal(MessageWriter.HeaderLength + sizeof(int) + 1 + sizeof(long), exited.Bytes.Length);
        Assert.Equal(0, Assert.IsType<MonitorExited>(new MessageReader(exited.Bytes).ReadEventOnce()).LostLogLines);
    }

    [Fact]
    public void Texts_of_an_extension_are_found_among_others_and_leave_them_in_place()
    {
        var writer = new MessageWriter(MessageType.Create, 1);
        writer.Extend((ExtensionTag)60_000, 5);
        writer.Extend(ExtensionTag.LogOptions, ["a=1", "b="]);
        writer.Extend(ExtensionTag.AnswerBefore, 6);
        var reader = new MessageReader(writer.Bytes);
        Assert.Equal(["a=1", "b="], reader.FindTexts(ExtensionTag.LogOptions));
        Assert.Equal(6, reader.FindExtension(ExtensionTag.AnswerBefore));
        byte[] cut = writer.Bytes[..^1].ToArray();
        Assert.Throws<InvalidDataException>(() => new MessageReader(cut).FindTextsOnce(ExtensionTag.LogOptions));
    }

    [Fact]
    public void Another_version_is_refused()
    {
        byte[] packet = new MessageWriter(MessageType.Start, 1).Bytes.ToArray();
        packet[2]++;
        Assert.Throws<InvalidDataException>(() => new MessageReader(packet).Number);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(MonitorPackets.InlineLimit)]
    [InlineData(3_000_000)]
    public void A_packet_of_any_size_arrives_with_its_descriptor(int size)
    {
        var (first, second) = PacketSocket.CreatePair();
        var pipe = Pipe.Create();
        try
        {
            var writer = new MessageWriter(MessageType.Exec, 5);
            writer.Write(Enumerable.Range(0, size).Select(i => (byte)i).ToArray());
            Assert.Equal(0, MonitorPackets.Send(first, writer.Bytes, pipe.WriteEnd));
            Span<int> descriptors = stackalloc int[PacketSocket.MaximumDescriptors];
            int length = MonitorPackets.Receive(second, new byte[MonitorPackets.InlineLimit], out var packet, descriptors, out int count);
            Assert.Equal(writer.Bytes.Length, length);
            Assert.True(packet.SequenceEqual(writer.Bytes));
            Assert.Equal(1, count);
            RawDescriptor.Write(descriptors[0], "x"u8);
            RawDescriptor.Close(descriptors[0]);
            Assert.Equal(1, RawDescriptor.Waiting(pipe.ReadEnd));
        }
        finally
        {
            foreach (int descriptor in (int[])[first, second, pipe.ReadEnd, pipe.WriteEnd])
                RawDescriptor.Close(descriptor);
        }
    }

    [Fact]
    public void A_path_too_long_for_a_socket_address_works()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(Directory.CreateDirectory(folder[new string('d', 150)]).FullName, "monitor.sock");
        int listener = PacketSocket.Listen(path);
        int client = PacketSocket.Connect(path);
        Assert.True(client >= 0);
        Assert.Equal(Environment.ProcessId, PacketSocket.PeerPid(client));
        Assert.Equal((UnixFileMode)0x180, File.GetUnixFileMode(path));
        RawDescriptor.Close(client);
        RawDescriptor.Close(listener);
        Assert.Equal(-111, PacketSocket.Connect(path));
    }
}

file static class Readers
{
    // A ref struct cannot be captured by a lambda, so reading happens in one expression.
    public static MonitorExec ReadExecOnce(this MessageReader reader) => reader.ReadExec();

    public static MonitorHello ReadHelloOnce(this MessageReader reader) => reader.ReadHello();

    public static MonitorCreate ReadCreateOnce(this MessageReader reader) => reader.ReadCreate();

    public static MonitorEvent? ReadEventOnce(this MessageReader reader) => reader.ReadEvent();

    public static string[] FindTextsOnce(this MessageReader reader, ExtensionTag tag) => reader.FindTexts(tag);

    public static long? FindOnce(this MessageReader reader, ExtensionTag tag) => reader.FindExtension(tag);
}
