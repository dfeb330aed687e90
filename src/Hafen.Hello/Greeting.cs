using Hafen.Linux.Processes;

namespace Hafen.Hello;

/// <summary>What the <c>hello</c> image says. It proves that an executable ran in a container with nothing else inside.</summary>
internal static unsafe class Greeting
{
    private const int StandardOutput = 1;

    private static ReadOnlySpan<byte> Text => """

        Hello! Hafen works: this text was printed inside a container.

        What just happened:
         1. The client asked the daemon, over its socket, to run the image.
         2. The daemon looked for the image and unpacked it, unless it was there already.
         3. The daemon made a container from it: a file system, a network and limits of
            its own. The only file inside is the program that is speaking to you.
         4. The program's output went from the container to the daemon, from there to
            the client, and from the client to your terminal.

        What to try next:
         A shell in a small Linux system     hafen run -it --rm busybox
         A web server on port 8080           hafen run -d -p 8080:80 nginx
         Everything that runs                hafen ps
         Every command there is              hafen --help


        """u8;

    /// <summary>Writes the greeting with the system call itself: in an empty root there is nothing to lean on.</summary>
    /// <returns>The exit code: 1 when nobody takes the output.</returns>
    public static int Print()
    {
        ReadOnlySpan<byte> rest = Text;
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
