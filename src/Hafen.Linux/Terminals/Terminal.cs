using System.Runtime.InteropServices;

namespace Hafen.Linux.Terminals;

/// <summary>What a program asks of a terminal: whether it is one, its size, raw mode and back.</summary>
public static unsafe partial class Terminal
{
    private const int TCSANOW = 0, TCSADRAIN = 1;
    private const nuint TIOCGWINSZ = 0x5413, TIOCSWINSZ = 0x5414;

    private const uint IGNBRK = 0x1, BRKINT = 0x2, PARMRK = 0x8, ISTRIP = 0x20, INLCR = 0x40, IGNCR = 0x80, ICRNL = 0x100, IXON = 0x400;
    private const uint OPOST = 0x1;
    private const uint ISIG = 0x1, ICANON = 0x2, ECHO = 0x8, ECHONL = 0x40, IEXTEN = 0x8000;
    private const uint CSIZE = 0x30, CS8 = 0x30, PARENB = 0x100;
    private const int VTIME = 5, VMIN = 6;

    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(int descriptor)
    {
        TerminalAttributes attributes;
        return tcgetattr(descriptor, &attributes) == 0;
    }

    /// <summary>
    /// Puts the terminal into raw mode (cfmakeraw(3): no echo, no line editing, no signals, no output processing) and returns its former
    /// attributes for <see cref="Restore"/>.
    /// </summary>
    /// <exception cref="LinuxException">ENOTTY when it is no terminal.</exception>
    public static TerminalAttributes MakeRaw(int descriptor)
    {
        var before = GetAttributes(descriptor);
        var raw = Raw(before);
        SetAttributes(descriptor, raw, TCSANOW);
        return before;
    }

    /// <summary>Gives a terminal the attributes it had; output already written is still shown as it was meant.</summary>
    public static void Restore(int descriptor, in TerminalAttributes before) => SetAttributes(descriptor, before, TCSADRAIN);

    /// <summary>The terminal's size; false when the descriptor is no terminal.</summary>
    public static bool TryGetWindowSize(int descriptor, out WindowSize size)
    {
        WindowSize found;
        bool known = ioctl(descriptor, TIOCGWINSZ, &found) == 0;
        size = known ? found : default;
        return known;
    }

    /// <summary>Sets the terminal's size; the kernel tells its foreground processes with SIGWINCH.</summary>
    /// <exception cref="LinuxException">ENOTTY when it is no terminal.</exception>
    public static void SetWindowSize(int descriptor, WindowSize size)
    {
        if (ioctl(descriptor, TIOCSWINSZ, &size) != 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "ioctl(TIOCSWINSZ)");
    }

    /// <summary>The raw form of some attributes.</summary>
    public static TerminalAttributes Raw(in TerminalAttributes attributes)
    {
        var raw = attributes;
        raw.c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
        raw.c_oflag &= ~OPOST;
        raw.c_lflag &= ~(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
        raw.c_cflag &= ~(CSIZE | PARENB);
        raw.c_cflag |= CS8;
        raw.c_cc[VMIN] = 1;
        raw.c_cc[VTIME] = 0;
        return raw;
    }

    private static TerminalAttributes GetAttributes(int descriptor)
    {
        TerminalAttributes attributes;
        if (tcgetattr(descriptor, &attributes) != 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "tcgetattr");
        return attributes;
    }

    private static void SetAttributes(int descriptor, TerminalAttributes attributes, int when)
    {
        while (tcsetattr(descriptor, when, &attributes) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINTR)
                throw new LinuxException(errno, "tcsetattr");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int fd, TerminalAttributes* attributes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int fd, int when, TerminalAttributes* attributes);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);
}
