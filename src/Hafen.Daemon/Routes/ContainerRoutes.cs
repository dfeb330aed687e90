using Hafen.Api;
using Hafen.Daemon.Http;
using Hafen.Daemon.Http.Routing;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Times;
using Microsoft.AspNetCore.Http;

namespace Hafen.Daemon.Routes;

/// <summary><c>/containers/…</c>. A change that has begun is finished, whether or not its client waits for the end.</summary>
internal sealed class ContainerRoutes(ContainerUseCases containers, CreateExec createExec)
{
    public void AddTo(RouteTable routes) => routes
        .Get("/containers/json", ListAsync)
        .Post("/containers/create", CreateAsync)
        .Post("/containers/prune", PruneAsync)
        .Get("/containers/{id:.*}/json", InspectAsync)
        .Get("/containers/{id:.*}/top", TopAsync)
        .Get("/containers/{id:.*}/logs", LogsAsync)
        .Post("/containers/{id:.*}/start", StartAsync)
        .Post("/containers/{id:.*}/stop", StopAsync)
        .Post("/containers/{id:.*}/restart", RestartAsync)
        .Post("/containers/{id:.*}/kill", KillAsync)
        .Post("/containers/{id:.*}/pause", PauseAsync)
        .Post("/containers/{id:.*}/unpause", UnpauseAsync)
        .Post("/containers/{id:.*}/rename", RenameAsync)
        .Post("/containers/{id:.*}/resize", ResizeAsync)
        .Post("/containers/{id:.*}/update", UpdateAsync)
        .Post("/containers/{id:.*}/wait", WaitAsync)
        .Post("/containers/{id:.*}/attach", request => AttachRoute.RunAsync(containers, request))
        .Post("/containers/{id:.*}/exec", CreateExecAsync)
        .Delete("/containers/{id:.*}", RemoveAsync)
        .Get("/containers/{id:.*}/changes", request => throw Missing(request, "list changed files"))
        .Get("/containers/{id:.*}/export", request => throw Missing(request, "export containers"))
        .Get("/containers/{id:.*}/archive", request => throw Missing(request, "copy files out of containers"))
        .Head("/containers/{id:.*}/archive", request => throw Missing(request, "copy files out of containers"))
        .Put("/containers/{id:.*}/archive", request => throw Missing(request, "copy files into containers"))
        .Get("/containers/{id:.*}/stats", request => throw Missing(request, "measure containers"))
        .Get("/containers/{id:.*}/attach/ws", request => throw Missing(request, "attach over web sockets"));

    /// <summary>What this version cannot do, refused by name once it is clear that there is such a container.</summary>
    private EngineException Missing(ApiRequest request, string what)
    {
        containers.Inspect.Run(request["id"], size: false);
        return EngineException.NotImplemented($"this version of Hafen cannot {what}");
    }

    private Task ListAsync(ApiRequest request)
    {
        var filters = request.QueryFilters();
        foreach (string name in (ReadOnlySpan<string>)["before", "since"])
        {
            // Parameters of their own before they became filters.
            if (request.Query(name) is { Length: > 0 } value)
                filters = filters.With(name, value);
        }
        var list = containers.List.Run(new ListContainersRequest
        {
            All = request.QueryFlag("all"),
            Limit = request.QueryInt("limit") ?? 0,
            Size = request.QueryFlag("size"),
            Filters = filters,
        });
        return request.WriteJsonAsync(list, ApiJson.Default.ContainerSummaryArray);
    }

    private async Task CreateAsync(ApiRequest request)
    {
        var body = await request.ReadJsonAsync(ApiJson.Default.ContainerCreateRequest)
            ?? throw EngineException.InvalidParameter(request.HasBody
                ? "config cannot be empty in order to create a container"
                : "invalid JSON: got EOF while reading request body");
        var wanted = new CreateContainerRequest
        {
            Name = request.Query("name"),
            Body = body,
            Platform = request.Has(ApiFeature.PlatformOfCreate) ? request.Query("platform") : null,
        };
        var created = await containers.Create.RunAsync(RequestRules.Table.Adapt(wanted, request.Version), request.Aborted);
        await request.WriteJsonAsync(created, ApiJson.Default.ContainerCreateResponse, StatusCodes.Status201Created);
    }

    private async Task PruneAsync(ApiRequest request)
    {
        var report = await containers.Prune.RunAsync(request.QueryFilters(), CancellationToken.None);
        await request.WriteJsonAsync(report, ApiJson.Default.ContainersPruneReport);
    }

    private Task InspectAsync(ApiRequest request)
        => request.WriteJsonAsync(containers.Inspect.Run(request["id"], request.QueryFlag("size")), ApiJson.Default.ContainerInspect);

    private async Task TopAsync(ApiRequest request)
    {
        var top = await containers.Top.RunAsync(request["id"], request.Query("ps_args"), request.Aborted);
        await request.WriteJsonAsync(top, ApiJson.Default.ContainerTop);
    }

    private async Task LogsAsync(ApiRequest request)
    {
        var wanted = new LogsRequest
        {
            Stdout = request.QueryFlag("stdout"),
            Stderr = request.QueryFlag("stderr"),
            Follow = request.QueryFlag("follow"),
            Timestamps = request.QueryFlag("timestamps"),
            Details = request.QueryFlag("details"),
            // What is no number means everything: "all", and nothing at all.
            Tail = long.TryParse(request.Query("tail"), out long tail) && tail >= 0 ? tail : null,
            Since = Positive(ApiTimestamp.ParseUnix("since", request.Query("since"))),
            Until = Positive(ApiTimestamp.ParseUnix("until", request.Query("until"))),
        };
        var log = containers.Logs.Run(request["id"], wanted);
        bool named = log.Multiplexed && request.Has(ApiFeature.MultiplexedStreamType);
        await request.StartStreamAsync(named ? "application/vnd.docker.multiplexed-stream" : "application/vnd.docker.raw-stream");
        await log.CopyAsync(request.Output, request.Aborted);
    }

    /// <summary>Clients send 0 for "no limit".</summary>
    private static long? Positive(long? time) => time > 0 ? time : null;

    private async Task StartAsync(ApiRequest request)
    {
        // Until API 1.23 a start could carry a configuration; a body of "{}" or "null" is harmless.
        if (request.Http.Request.ContentLength > 7 || request.Http.Request.Headers.TransferEncoding.Count > 0)
            throw EngineException.InvalidParameter("starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24");
        if (request.Query("checkpoint") is { Length: > 0 })
            throw EngineException.InvalidParameter("checkpoint is only supported in experimental mode");
        await containers.Start.RunAsync(request["id"], CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }

    private async Task StopAsync(ApiRequest request)
    {
        await containers.Stop.RunAsync(request["id"], StopSignal(request), request.QueryInt("t"), CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }

    private static string? StopSignal(ApiRequest request) => request.Has(ApiFeature.StopSignal) ? request.Query("signal") : null;

    private async Task RestartAsync(ApiRequest request)
    {
        await containers.Restart.RunAsync(request["id"], StopSignal(request), request.QueryInt("t"), CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }

    private async Task KillAsync(ApiRequest request)
    {
        await containers.Kill.RunAsync(request["id"], request.Query("signal"), CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }

    private async Task PauseAsync(ApiRequest request)
    {
        await containers.Pause.RunAsync(request["id"], CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }

    private async Task UnpauseAsync(ApiRequest request)
    {
        await containers.Unpause.RunAsync(request["id"], CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }

    private async Task RenameAsync(ApiRequest request)
    {
        await containers.Rename.RunAsync(request["id"], request.Query("name"), CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }

    private async Task ResizeAsync(ApiRequest request)
    {
        var (height, width) = TerminalSize.Of(request);
        await containers.Resize.RunAsync(request["id"], height, width, request.Aborted);
        await request.WriteStatusAsync(StatusCodes.Status200OK);
    }

    private async Task UpdateAsync(ApiRequest request)
    {
        var body = await request.ReadJsonAsync(ApiJson.Default.ContainerUpdateRequest) ?? new ContainerUpdateRequest();
        var answer = await containers.Update.RunAsync(request["id"], body, CancellationToken.None);
        await request.WriteJsonAsync(answer, ApiJson.Default.ContainerUpdateResponse);
    }

    private async Task WaitAsync(ApiRequest request)
    {
        bool old = !request.Has(ApiFeature.WaitCondition);
        var condition = old ? WaitCondition.NotRunning : WaitConditionName.Parse(request.Query("condition"));
        var waiting = containers.Wait.RunAsync(request["id"], condition, request.Aborted);
        // The head goes out before the end is known: clients start the container once they have it.
        if (!old)
            await request.StartStreamAsync("application/json");
        var result = await waiting;
        var answer = new WaitResponse
        {
            StatusCode = result.ExitCode,
            Error = string.IsNullOrEmpty(result.Error) ? null : new WaitError { Message = result.Error },
        };
        if (old)
        {
            await request.WriteJsonAsync(answer, ApiJson.Default.WaitResponse);
            return;
        }
        JsonLine.Write(request.Output, answer, ApiJson.Default.WaitResponse);
        await request.Output.FlushAsync(request.Aborted);
    }

    private async Task CreateExecAsync(ApiRequest request)
    {
        var body = await request.ReadJsonAsync(ApiJson.Default.ExecCreateRequest) ?? new ExecCreateRequest();
        string id = await createExec.RunAsync(request["id"], body, request.Aborted);
        await request.WriteJsonAsync(new IdResponse { Id = id }, ApiJson.Default.IdResponse, StatusCodes.Status201Created);
    }

    private async Task RemoveAsync(ApiRequest request)
    {
        if (request.QueryFlag("link"))
            throw EngineException.NotImplemented("links between containers are not supported");
        await containers.Remove.RunAsync(request["id"], request.QueryFlag("force"), request.QueryFlag("v"), CancellationToken.None);
        await request.WriteStatusAsync(StatusCodes.Status204NoContent);
    }
}
