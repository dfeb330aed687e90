using Hafen.Errors;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tar;

namespace Hafen.Images.BuiltIn;

/// <summary>The image <c>hello-world</c>: one static executable and nothing else, the same bytes whenever it is made.</summary>
internal static class HelloWorld
{
    public static ImageReference Reference { get; } = ImageReference.Parse("hello-world");

    /// <exception cref="ImageException">The executable is not installed.</exception>
    public static (ImageConfig Config, byte[] Tar) Make(string executable)
    {
        byte[] program;
        try
        {
            program = File.ReadAllBytes(executable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ImageException(ErrorKind.NotFound, $"the built-in image hello-world needs the executable {executable}: {exception.Message}", exception);
        }

        using MemoryStream tar = new();
        tar.Write(TarWriter.Header("hello", TarType.File, 0x1ED, program.Length, 0));
        tar.Write(program);
        tar.Write(TarWriter.Padding(program.Length));
        tar.Write(TarWriter.End);
        ImageConfig config = new()
        {
            Created = DateTimeOffset.UnixEpoch,
            Architecture = HostPlatform.Architecture,
            Os = "linux",
            Config = new ImageProcessConfig
            {
                Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                Cmd = ["/hello"],
                WorkingDir = "/",
            },
            History =
            [
                new ImageHistory { Created = DateTimeOffset.UnixEpoch, CreatedBy = "COPY hello / # built in" },
                new ImageHistory { Created = DateTimeOffset.UnixEpoch, CreatedBy = "CMD [\"/hello\"]", EmptyLayer = true },
            ],
        };
        return (config, tar.ToArray());
    }
}
