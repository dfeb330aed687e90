using Hafen.Errors;
using Hafen.Logging;
using Hafen.Oci.Runtime;

namespace Hafen.Monitor.Protocol;

/// <summary>The records of the protocol as fields of a packet, in both directions.</summary>
public static class MonitorFields
{
    public static void Write(this MessageWriter writer, MonitorCreate create)
    {
        writer.Write(create.Id);
        writer.Write(create.Bundle);
        writer.Write(create.Rootfs.Length);
        foreach (var mount in create.Rootfs)
            Write(writer, mount);
        writer.Write(create.Log.Driver);
        writer.Write(create.Log.Path);
        writer.Write(create.Log.MaxSize);
        writer.Write(create.Log.MaxFiles);
        writer.Write(create.Log.Compress);
        writer.Write(create.Log.Attributes);
        writer.Write(create.OpenStdin);
        writer.Write(create.StdinOnce);
        writer.Write(create.SeccompProgram);
        if (create.Log.Options.Length > 0)
            writer.Extend(ExtensionTag.LogOptions, create.Log.Options);
    }

    public static MonitorCreate ReadCreate(this ref MessageReader reader)
    {
        string id = reader.ReadString();
        string bundle = reader.ReadString();
        var mounts = new SpecMount[reader.ReadCount()];
        for (int i = 0; i < mounts.Length; i++)
            mounts[i] = ReadMount(ref reader);
        var log = new LogTarget
        {
            Driver = reader.ReadString(),
            Path = reader.ReadOptionalString(),
            MaxSize = reader.ReadInt64(),
            MaxFiles = reader.ReadInt32(),
            Compress = reader.ReadBoolean(),
            Attributes = reader.ReadOptionalString(),
        };
        return new MonitorCreate
        {
            Id = id,
            Bundle = bundle,
            Rootfs = mounts,
            OpenStdin = reader.ReadBoolean(),
            StdinOnce = reader.ReadBoolean(),
            SeccompProgram = reader.ReadOptionalString(),
            Log = log with { Options = reader.FindTexts(ExtensionTag.LogOptions) },
        };
    }

    public static void Write(this MessageWriter writer, MonitorAttach attach)
    {
        writer.Write(attach.Stdin);
        writer.Write(attach.Stdout);
        writer.Write(attach.Stderr);
        writer.Write(attach.Multiplexed);
        writer.Write(attach.DetachKeys);
        writer.Write(attach.Prefix);
    }

    public static MonitorAttach ReadAttach(this ref MessageReader reader) => new()
    {
        Stdin = reader.ReadBoolean(),
        Stdout = reader.ReadBoolean(),
        Stderr = reader.ReadBoolean(),
        Multiplexed = reader.ReadBoolean(),
        DetachKeys = reader.ReadBytes(),
        Prefix = reader.ReadBytes(),
    };

    public static void Write(this MessageWriter writer, MonitorExec exec)
    {
        writer.Write(exec.ExecId);
        writer.Write(exec.OpenStdin);
        writer.Write(exec.Attach is not null);
        if (exec.Attach is not null)
            writer.Write(exec.Attach);
    }

    public static MonitorExec ReadExec(this ref MessageReader reader) => new()
    {
        ExecId = reader.ReadString(),
        OpenStdin = reader.ReadBoolean(),
        Attach = reader.ReadBoolean() ? reader.ReadAttach() : null,
    };

    public static void Write(this MessageWriter writer, Failure failure)
    {
        writer.Write((byte)failure.Kind);
        writer.Write(failure.Errno);
        writer.Write(failure.Stage);
        writer.Write(failure.Message);
    }

    public static Failure ReadFailure(this ref MessageReader reader) =>
        new((ErrorKind)reader.ReadByte(), reader.ReadInt32(), reader.ReadString(), reader.ReadString());

    public static void Write(this MessageWriter writer, MonitorHello hello)
    {
        writer.Write(hello.ContainerId);
        writer.Write(hello.MonitorPid);
        writer.Write(hello.InitPid);
        writer.Write((byte)hello.State);
        writer.Write(hello.Execs.Length);
        foreach (var exec in hello.Execs)
        {
            writer.Write(exec.ExecId);
            writer.Write(exec.Pid);
        }
        writer.Write(hello.LostLogLines);
        writer.Extend(ExtensionTag.ProtocolMinor, hello.ProtocolMinor);
    }

    public static MonitorHello ReadHello(this ref MessageReader reader)
    {
        string id = reader.ReadString();
        int monitor = reader.ReadInt32();
        int init = reader.ReadInt32();
        var state = (MonitorState)reader.ReadByte();
        var execs = new MonitorExecState[reader.ReadCount()];
        for (int i = 0; i < execs.Length; i++)
            execs[i] = new MonitorExecState(reader.ReadString(), reader.ReadInt32());
        return new MonitorHello
        {
            ContainerId = id,
            MonitorPid = monitor,
            InitPid = init,
            State = state,
            Execs = execs,
            LostLogLines = reader.ReadInt64(),
            ProtocolMinor = (int)Math.Clamp(reader.FindExtension(ExtensionTag.ProtocolMinor) ?? 0, 0, int.MaxValue),
        };
    }

    /// <summary>The packet of an event.</summary>
    public static MessageWriter Encode(this MonitorEvent happened, uint number)
    {
        switch (happened)
        {
            case MonitorExited exited:
                var writer = new MessageWriter(MessageType.Exited, number);
                writer.Write(exited.ExitCode);
                writer.Write(exited.OomKilled);
                writer.Write(exited.FinishedAt.UtcTicks);
                if (exited.LostLogLines > 0)
                    writer.Extend(ExtensionTag.LostLogLines, exited.LostLogLines);
                return writer;
            case MonitorExecExited exited:
                writer = new MessageWriter(MessageType.ExecExited, number);
                writer.Write(exited.ExecId);
                writer.Write(exited.ExitCode);
                return writer;
            case MonitorDetached detached:
                writer = new MessageWriter(MessageType.Detached, number);
                writer.Write(detached.ExecId);
                return writer;
            case MonitorOutOfMemory:
                return new MessageWriter(MessageType.OutOfMemory, number);
            default:
                throw new ArgumentException(happened.GetType().Name, nameof(happened));
        }
    }

    /// <summary>The event a packet carries; null when it carries something else.</summary>
    public static MonitorEvent? ReadEvent(this ref MessageReader reader) => reader.Type switch
    {
        MessageType.Exited => new MonitorExited
        {
            ExitCode = reader.ReadInt32(),
            OomKilled = reader.ReadBoolean(),
            FinishedAt = new DateTimeOffset(reader.ReadInt64(), TimeSpan.Zero),
            LostLogLines = reader.FindExtension(ExtensionTag.LostLogLines) ?? 0,
        },
        MessageType.ExecExited => new MonitorExecExited { ExecId = reader.ReadString(), ExitCode = reader.ReadInt32() },
        MessageType.Detached => new MonitorDetached { ExecId = reader.ReadOptionalString() },
        MessageType.OutOfMemory => new MonitorOutOfMemory(),
        _ => null,
    };

    private static void Write(MessageWriter writer, SpecMount mount)
    {
        writer.Write(mount.Destination);
        writer.Write(mount.Type);
        writer.Write(mount.Source);
        writer.Write(mount.Options?.Length ?? -1);
        foreach (string option in mount.Options ?? [])
            writer.Write(option);
    }

    private static SpecMount ReadMount(ref MessageReader reader)
    {
        string destination = reader.ReadString();
        string? type = reader.ReadOptionalString();
        string? source = reader.ReadOptionalString();
        int count = reader.ReadInt32();
        string[]? options = null;
        if (count >= 0)
        {
            var list = new List<string>();
            for (int i = 0; i < count; i++)
                list.Add(reader.ReadString());
            options = [.. list];
        }
        return new SpecMount { Destination = destination, Type = type, Source = source, Options = options };
    }
}
