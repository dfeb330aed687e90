using Hafen.Linux.Descriptors;
using Hafen.Logging.Files;
using Hafen.Logging.Writers;

namespace Hafen.Logging.Tests.Writers;

/// <summary>A host that compresses nothing before the test says so.</summary>
internal sealed class HeldHost : ILogHost
{
    private int _source = -1, _target = -1;
    private Action<bool>? _finished;

    public int Started { get; private set; }

    public bool Busy => _finished is not null;

    public bool Cancelled { get; private set; }

    public bool Compress(int source, int target, Action<bool> finished)
    {
        Assert.Null(_finished);
        Started++;
        Cancelled = false;
        _source = RawDescriptor.Duplicate(source);
        _target = RawDescriptor.Duplicate(target);
        _finished = finished;
        return true;
    }

    public void CancelCompression() => Cancelled = true;

    /// <summary>The compression ends, whole.</summary>
    public void Complete()
    {
        Assert.Equal(0, CompressLog.Run(_source, _target));
        Report(true);
    }

    /// <summary>The compression ends in its middle.</summary>
    public void Fail()
    {
        RawDescriptor.Write(_target, "half"u8);
        RawDescriptor.Close(_source);
        RawDescriptor.Close(_target);
        Report(false);
    }

    private void Report(bool whole)
    {
        var finished = _finished!;
        _finished = null;
        finished(whole);
    }
}
