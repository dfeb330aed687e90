namespace Hafen.Logging;

/// <summary>Which output of a process; the values are those of the Engine API's stream headers.</summary>
public enum LogStream : byte
{
    Stdout = 1,
    Stderr = 2,
}
