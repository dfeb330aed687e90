using Hafen.Linux.Processes;

namespace Hafen.Hello;

/// <summary>What the <c>hello</c> image says. It proves that an executable ran in a container with nothing else inside.</summary>
internal static unsafe class Greeting
{
    private const int StandardOutput = 1;

    private static ReadOnlySpan<byte> Text => """

        Hello from Hafen! This text was printed inside a container.

        What just happened:
         1. The client asked the daemon, over its socket, to run the image.
         2. The daemon looked for the image and unpacked it, unless it was there already.
         3. The daemon made a container from it: a file system, a network and limits of
            its own. The only file inside is the program that is speaking to you.
         4. The container's monitor sent what the program printed straight to the client,
            and the client to your terminal.

        What to try next:
         What is here                        hafen images; hafen ps -a
         An image from any root file system  hafen import ROOT.tar mine; hafen run -it mine sh
         An image from another machine       hafen load -i IMAGE.tar
         Every command there is              hafen --help

        """u8;

    /// <summary>Writes the greeting with the system call itself: in an empty root there is nothing to lean on.</summary>
    /// <returns>The exit code: 1 when nobody takes the output.</returns>
    public static int Print()
    {
        var rest = Text;
        while (!rest.IsEmpty)
        {
            nint written;
            fixed (byte* start = rest)
                written = SystemCall.Call(SystemCall.write, StandardOutput, (nint)start, rest.Length);
            if (written == -Linux.Errno.EINTR)
                continue;
            if (written <= 0)
                return 1;
            rest = rest[(int)written..];
        }

        return 0;
    }
}
