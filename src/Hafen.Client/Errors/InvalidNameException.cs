namespace Hafen.Client.Errors;

/// <summary>An object cannot have this name: a request with it would ask the daemon for something else.</summary>
public sealed class InvalidNameException : Exception
{
    public InvalidNameException(string message)
        : base(message)
    {
    }
}
