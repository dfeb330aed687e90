using Hafen.Linux;
using Hafen.Linux.FileSystem;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>
/// HOME from the image's /etc/passwd. The file is the image's, so it is read in pieces of fixed size and up to a limit, and only a regular file is
/// read at all; whatever is odd about it means <c>/</c>.
/// </summary>
internal static unsafe class ChildHome
{
    private const int PieceSize = 4096, MaxSize = 4 << 20, UserField = 2, HomeField = 5, PrefixLength = 5;

    public static nint Find(ChildState* state, Step* step)
    {
        nint file;
        fixed (byte* path = "/etc/passwd"u8)
            file = ChildPaths.Open(state->Root, path, OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK | OpenFlags.O_NOCTTY);
        if (file < 0)
            return 0;
        if (ChildMounts.FileType((int)file) == statx_t.S_IFREG && Scan(file, (uint)step->Value, step->Data, (int)step->DataLength))
            state->Home = step->Data;
        Direct(close, file);
        return 0;
    }

    /// <summary>Writes the home of the first line with that user number behind the prefix <c>HOME=</c>.</summary>
    private static bool Scan(nint file, uint user, byte* variable, int room)
    {
        byte* piece = stackalloc byte[PieceSize];
        int field = 0;
        ulong number = 0;
        int digits = 0;
        int length = 0;
        for (int total = 0; total < MaxSize;)
        {
            nint count = Direct(read, file, (nint)piece, PieceSize);
            if (count < 0)
                return false;
            for (int i = 0; i < count || (count == 0 && i == 0); i++)
            {
                byte letter = count == 0 ? (byte)'\n' : piece[i];
                if (letter == '\n')
                {
                    if (field >= HomeField && digits > 0 && number == user && length > 0)
                    {
                        variable[PrefixLength + length] = 0;
                        return true;
                    }

                    field = digits = length = 0;
                    number = 0;
                }
                else if (letter == ':')
                {
                    field++;
                }
                else if (field == UserField)
                {
                    bool isDigit = letter is >= (byte)'0' and <= (byte)'9' && digits < 10 && digits >= 0;
                    number = isDigit ? number * 10 + (ulong)(letter - '0') : 0;
                    digits = isDigit ? digits + 1 : int.MinValue;
                }
                else if (field == HomeField)
                {
                    if (PrefixLength + length + 1 >= room)
                        return false;
                    variable[PrefixLength + length++] = letter;
                }
            }

            if (count == 0)
                return false;
            total += (int)count;
        }

        return false;
    }
}
