using System.Collections;
using System.Runtime.InteropServices;
using System.Text;

namespace Hafen.Linux.Processes;

/// <summary>A null-terminated array of C strings in native memory, as execve(2) takes.</summary>
public sealed unsafe class NativeStrings : IDisposable
{
    private byte** _pointer;

    public NativeStrings(IReadOnlyList<string> strings)
    {
        nuint size = (nuint)(strings.Count + 1) * (nuint)sizeof(byte*);
        nuint table = size;
        foreach (string text in strings)
            size += (nuint)Encoding.UTF8.GetByteCount(text) + 1;
        _pointer = (byte**)NativeMemory.Alloc(size);
        byte* next = (byte*)_pointer + table;
        for (int i = 0; i < strings.Count; i++)
        {
            _pointer[i] = next;
            int room = (int)(size - (nuint)(next - (byte*)_pointer));
            next += Encoding.UTF8.GetBytes(strings[i], new Span<byte>(next, room));
            *next++ = 0;
        }
        _pointer[strings.Count] = null;
    }

    public byte** Pointer => _pointer;

    /// <summary>This process's environment.</summary>
    public static NativeStrings OfEnvironment()
    {
        var lines = new List<string>();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            lines.Add($"{variable.Key}={variable.Value}");
        return new NativeStrings(lines);
    }

    public void Dispose()
    {
        NativeMemory.Free(_pointer);
        _pointer = null;
    }
}
