namespace Hafen.Client.Errors;

/// <summary>The daemon answered with an error: its status and its <c>message</c> text, word for word.</summary>
public sealed class ApiException : Exception
{
    public ApiException(int status, string message)
        : base(message) => Status = status;

    /// <summary>HTTP status code.</summary>
    public int Status { get; }

    public bool IsNotFound => Status == 404;

    public bool IsConflict => Status == 409;
}
