using Hafen.Volumes.Local;

namespace Hafen.Volumes.Tests.Local;

public sealed class BlockingCallTests
{
    [Fact]
    public async Task A_call_that_does_not_come_back_takes_neither_the_callers_thread_nor_one_of_the_pool()
    {
        using var server = new ManualResetEventSlim();
        var call = BlockingCall.RunAsync(() =>
        {
            server.Wait();
            return Thread.CurrentThread.IsThreadPoolThread;
        });
        Assert.False(call.IsCompleted);
        server.Set();
        Assert.False(await call.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public async Task What_it_fails_with_is_the_callers_to_hear()
        => Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(() => BlockingCall.RunAsync(() => throw new IOException("gone")))).Message);
}
