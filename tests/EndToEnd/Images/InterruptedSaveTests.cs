using System.Net.Sockets;
using System.Text;
using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Images;

/// <summary>A save that is interrupted in the middle of the archive, which a daemon that stops sending makes sure of.</summary>
public sealed class InterruptedSaveTests : IDisposable
{
    private readonly string _folder = TestRun.NewFolder("save");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task Nothing_is_left_of_it(string signal, int code)
    {
        string socket = Path.Combine(_folder, "s");
        string target = Path.Combine(_folder, "image.tar");
        File.WriteAllText(target, "earlier");
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        listener.Listen();

        using var saving = new Client(Daemon.Executable("hafen"), "unix://" + socket).Start("save", "-o", target, "image");
        using var connection = await listener.AcceptAsync();
        await connection.ReceiveAsync(new byte[4096]);
        await connection.SendAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\nContent-Length: 1000\r\n\r\nbeginning"));
        for (int attempt = 0; attempt < 1200 && !Directory.GetFiles(_folder, "*.partial").Any(part => new FileInfo(part).Length > 0); attempt++)
            await Task.Delay(50);
        Assert.Single(Directory.GetFiles(_folder, "*.partial"));

        Command.Run("kill", "-" + signal, saving.Id.ToString()).Ok();
        await saving.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(code, saving.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder, "*.partial"));
        Assert.Equal("earlier", File.ReadAllText(target));
    }
}
