using Hafen.Logging.Options;
using Hafen.Logging.Readers;
using Hafen.Logging.Writers;

namespace Hafen.Logging;

/// <summary>
/// A log driver: what its options are, how a container's output is written, how it is read again. Everything else asks here and compares no name. A driver is a
/// folder of this room and a line in <see cref="LogDrivers"/>.
/// </summary>
/// <remarks>
/// The daemon describes, checks and reads; the container's monitor writes, in a process of its own with one thread, told by a <see cref="LogTarget"/> what to do.
/// An executable holds only those members that it calls, so what checks and reads costs the monitor nothing: no member's work may be done in a constructor or
/// be kept in a field.
/// </remarks>
public interface ILogDriver
{
    /// <summary>As it stands in <c>--log-driver</c>.</summary>
    string Name { get; }

    /// <summary>The options it has, in the order in which they are checked; null for a driver that, as Docker's <c>none</c>, takes any and minds none.</summary>
    IReadOnlyList<LogOption>? Options { get; }

    /// <summary>Checks what depends on the container, too, once that is known and before it is made.</summary>
    /// <exception cref="LogException">The log cannot carry what the options choose.</exception>
    void CheckContainer(LogContainer container, IReadOnlyDictionary<string, string> options);

    /// <summary>The file that a container's log is in, as <c>inspect</c> shows it; null when there is none to be shown.</summary>
    string? FileOf(LogPlace place);

    /// <summary>What the monitor is told. The options have been checked.</summary>
    LogTarget Target(LogPlace place, LogContainer container, IReadOnlyDictionary<string, string> options);

    /// <summary>Begins to write. In the monitor.</summary>
    /// <param name="target">What <see cref="Target"/> said, of this release's daemon or of another's.</param>
    /// <param name="host">Does what a single-threaded writer cannot do itself.</param>
    /// <returns>Null when nothing is to be written.</returns>
    /// <exception cref="Linux.LinuxException">It cannot be written.</exception>
    ILogWriter? OpenWriter(LogTarget target, ILogHost host);

    /// <summary>What <c>logs</c> reads; null when the driver's logs cannot be read. It costs nothing before it is read from.</summary>
    ILogReader? OpenReader(LogPlace place);
}
