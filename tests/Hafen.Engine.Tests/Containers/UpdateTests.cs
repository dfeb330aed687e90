using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;

namespace Hafen.Engine.Tests.Containers;

public sealed class UpdateTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Theory]
    [InlineData(0, 0L)]
    [InlineData(-1, 0L)]
    [InlineData(9, 9L)]
    public async Task A_limit_of_processes_that_is_lifted_is_zero(long given, long shown)
    {
        string id = await _test.CreateAsync(new HostConfig { PidsLimit = 5 });
        await UpdateAsync(id, new ContainerUpdateRequest { PidsLimit = given });
        Assert.Equal(shown, _test.Inspect(id).HostConfig.PidsLimit);
        await UpdateAsync(id, new ContainerUpdateRequest { CpuShares = 7 });
        Assert.Equal(shown, _test.Inspect(id).HostConfig.PidsLimit);
    }

    public static TheoryData<HostConfig, ContainerUpdateRequest, string> Conflicts => new()
    {
        { new() { NanoCpus = 1_000_000_000 }, new() { CpuQuota = 5000 }, "Conflicting options: CPU Quota cannot be updated as NanoCPUs has already been set" },
        { new() { NanoCpus = 1_000_000_000 }, new() { CpuPeriod = 5000 }, "Conflicting options: CPU Period cannot be updated as NanoCPUs has already been set" },
        { new() { CpuQuota = 5000 }, new() { NanoCpus = 1_000_000_000 }, "Conflicting options: Nano CPUs cannot be updated as CPU Quota has already been set" },
        { new() { CpuPeriod = 5000 }, new() { NanoCpus = 1_000_000_000 }, "Conflicting options: Nano CPUs cannot be updated as CPU Period has already been set" },
        { new() { Memory = 16 << 20 }, new() { Memory = 64 << 20 }, "Memory limit should be smaller than already set memoryswap limit, update the memoryswap at the same time" },
        { new() { AutoRemove = true }, new() { RestartPolicy = new() { Name = "always" } }, "Restart policy cannot be updated because AutoRemove is enabled for the container" },
    };

    [Theory, MemberData(nameof(Conflicts))]
    public async Task What_does_not_go_together_is_refused_in_dockers_words(HostConfig host, ContainerUpdateRequest request, string message)
    {
        string id = await _test.CreateAsync(host);
        var error = await Assert.ThrowsAsync<EngineException>(() => UpdateAsync(id, request));
        Assert.Equal((ErrorKind.Conflict, $"Cannot update container {id}: {message}"), (error.Kind, error.Message));
    }

    private Task UpdateAsync(string id, ContainerUpdateRequest request) => _test.Containers.Update.RunAsync(id, request, CancellationToken.None);
}
