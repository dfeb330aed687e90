using System.Text;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Events;
using Hafen.Linux.Terminals;

namespace Hafen.Cli.Session;

/// <summary>
/// The three standard streams as descriptors. The runtime's own console is not used: it would cost start-up time, and change signal
/// handlers and terminal settings.
/// </summary>
internal sealed class CliStreams(int input, int output, int error)
{
    /// <summary>The width help is wrapped to when no terminal tells one.</summary>
    private const int DefaultWidth = 80;

    public int Input => input;

    public int Output => output;

    public int Error => error;

    public bool InputIsTerminal { get; } = Terminal.IsTerminal(input);

    public bool OutputIsTerminal { get; } = Terminal.IsTerminal(output);

    /// <summary>Columns of the terminal at the output, or 80.</summary>
    public int Width => Terminal.TryGetWindowSize(output, out var size) && size.Width > 0 ? size.Width : DefaultWidth;

    public void Write(string text) => WriteText(output, text);

    public void WriteLine(string text) => WriteText(output, text + "\n");

    public void WriteError(string text) => WriteText(error, text);

    public void WriteErrorLine(string text) => WriteText(error, text + "\n");

    /// <summary>Writes all bytes to one of the descriptors, waiting as long as it takes.</summary>
    /// <exception cref="BrokenOutputException">Nobody reads there any more.</exception>
    /// <exception cref="OutputException">It cannot be written to.</exception>
    public static void WriteAll(int descriptor, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int count = RawDescriptor.Write(descriptor, bytes);
            if (count >= 0)
            {
                bytes = bytes[count..];
                continue;
            }

            switch (-count)
            {
                case Errno.EINTR:
                    break;
                case Errno.EAGAIN:
                    // Somebody made the shared file description non-blocking.
                    Poll.Wait([new PollEntry(descriptor, Poll.Out)], -1);
                    break;
                case Errno.EPIPE:
                    throw new BrokenOutputException();
                default:
                    throw new OutputException(descriptor == 2 ? "stderr" : "stdout", Errno.Text(-count));
            }
        }
    }

    private static void WriteText(int descriptor, string text) => WriteAll(descriptor, Encoding.UTF8.GetBytes(text));
}
