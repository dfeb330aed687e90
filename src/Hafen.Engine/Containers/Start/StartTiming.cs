using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Hafen.Engine.Containers.Start;

/// <summary>How long each step of a start took, for the debug log.</summary>
internal sealed class StartTiming
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly StringBuilder _text = new();
    private long _last = Stopwatch.GetTimestamp();

    public void Mark(string step)
    {
        long now = Stopwatch.GetTimestamp();
        _text.Append(CultureInfo.InvariantCulture, $"{step} {Stopwatch.GetElapsedTime(_last, now).TotalMilliseconds:F2}, ");
        _last = now;
    }

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{_text}total {Stopwatch.GetElapsedTime(_began).TotalMilliseconds:F2} ms");
}
