using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Seccomp;

/// <summary>
/// Compiled filters on disk, one file a distinct spec, so that a container start never compiles. The file is the raw array of
/// <c>struct sock_filter</c>, ready for <c>seccomp(2)</c>. Safe for concurrent use, also by several processes.
/// </summary>
public sealed class SeccompPrograms
{
    /// <summary>Counts changes of what we make of the same spec, so that older files are not taken.</summary>
    private const int Generation = 1;
    private const int InstructionSize = 8;

    private readonly Lazy<string> _compiler = new(() => SeccompCompiler.LibraryVersion ?? "none");

    /// <param name="folder">Where the files live; made when missing.</param>
    public SeccompPrograms(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Path of the compiled program, compiling it when it is not there yet.</summary>
    /// <exception cref="SeccompException">The spec cannot be compiled.</exception>
    public string Get(SpecSeccomp spec)
    {
        string path = Path.Combine(Folder, Key(spec) + ".bpf");
        var present = new FileInfo(path);
        if (present.Exists && present.Length > 0 && present.Length % InstructionSize == 0)
            return path;
        byte[] program = SeccompCompiler.Compile(spec);
        Directory.CreateDirectory(Folder);
        string temporary = $"{path}.{Environment.ProcessId}.{Guid.NewGuid():N}";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                file.Write(program);
                // A name that stands for a filter must never lead to half of one, not even after a power cut.
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        return path;
    }

    /// <summary>The library's version is part of the key: a newer one knows more system calls.</summary>
    private string Key(SpecSeccomp spec)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"{Generation} {SeccompProfile.NativeArchitecture} {_compiler.Value}\n"));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(spec, RuntimeSpecJson.Default.SpecSeccomp));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
