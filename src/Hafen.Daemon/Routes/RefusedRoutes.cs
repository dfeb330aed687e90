using Hafen.Api;
using Hafen.Daemon.Http.Routing;
using Hafen.Engine;
using Hafen.Errors;

namespace Hafen.Daemon.Routes;

/// <summary>Parts of the Engine API this version does not have, refused by name.</summary>
internal static class RefusedRoutes
{
    private static readonly string[] s_methods = ["GET", "POST", "PUT", "DELETE"];

    private static readonly string[] s_swarm =
    [
        "/swarm", "/swarm/{verb:.*}", "/services", "/services/{id:.*}", "/nodes", "/nodes/{id:.*}", "/tasks", "/tasks/{id:.*}",
        "/secrets", "/secrets/{id:.*}", "/configs", "/configs/{id:.*}",
    ];

    public static void AddTo(RouteTable routes)
    {
        foreach (string pattern in s_swarm)
        {
            Refuse(routes, pattern, ErrorKind.Unavailable,
                "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.");
        }
        routes.Post("/swarm/init", _ => throw NotHere("swarm mode"));
        routes.Post("/swarm/join", _ => throw NotHere("swarm mode"));
        routes.Post("/build", _ => throw NotHere("an image builder: build elsewhere and bring the image with 'docker save' and 'docker load'"));
        // There is nothing to prune, which is no reason for "docker system prune" to fail.
        routes.Post("/build/prune", request => request.WriteJsonAsync(new BuildCachePruneReport(), ApiJson.Default.BuildCachePruneReport));
        routes.Post("/commit", _ => throw EngineException.NotImplemented("this version of Hafen cannot make images of containers (commit)"));
        routes.Post("/build/cancel", _ => throw NotHere("an image builder"));
        routes.Post("/session", _ => throw NotHere("BuildKit sessions"));
        routes.Post("/grpc", _ => throw NotHere("BuildKit"));
        routes.Get("/plugins", request => request.WriteTextAsync("[]\n", "application/json"));
        // "inspect NAME" asks for a plugin of that name last: there is none.
        routes.Get("/plugins/{name:.*}/json", request => throw EngineException.NotFound($"plugin \"{request["name"]}\" not found"));
        Refuse(routes, "/plugins/{name:.*}", ErrorKind.NotImplemented, "this version of Hafen has no plugins");
    }

    private static EngineException NotHere(string what) => EngineException.NotImplemented($"this version of Hafen does not have {what}");

    private static void Refuse(RouteTable routes, string pattern, ErrorKind kind, string message)
    {
        foreach (string method in s_methods)
            routes.Add(method, pattern, _ => throw new EngineException(kind, message));
    }
}
