using System.Net.Sockets;
using System.Text;

namespace Hafen.Bench;

/// <summary>The Engine API over a unix socket, connections kept.</summary>
internal static class Api
{
    private static readonly Dictionary<string, HttpClient> s_clients = [];

    public static string Get(Server server, string path) => Send(server, HttpMethod.Get, path, null);

    public static string Send(Server server, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, "http://d" + path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = Client(server).Send(request);
        using var reader = new StreamReader(response.Content.ReadAsStream());
        string text = reader.ReadToEnd();
        return response.IsSuccessStatusCode ? text : throw new HttpRequestException($"{method} {path} on {server.Name}: {(int)response.StatusCode} {text}");
    }

    private static HttpClient Client(Server server)
    {
        lock (s_clients)
        {
            if (s_clients.TryGetValue(server.Host, out var known))
                return known;
            var handler = new SocketsHttpHandler
            {
                ConnectCallback = async (_, token) =>
                {
                    var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                    await socket.ConnectAsync(new UnixDomainSocketEndPoint(server.Socket), token);
                    return new NetworkStream(socket, ownsSocket: true);
                },
            };
            return s_clients[server.Host] = new HttpClient(handler) { Timeout = TimeSpan.FromMinutes(5) };
        }
    }
}
