using Hafen.Client.Http;

namespace Hafen.Client.Pooled;

/// <summary>A request on its way.</summary>
internal sealed class PooledPending(Task<PooledResponse> answer, CancellationTokenSource cancelling) : PendingResponse
{
    private bool _taken;

    public override ApiResponse Read()
    {
        var response = answer.GetAwaiter().GetResult();
        _taken = true;
        try
        {
            response.ThrowIfError();
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public override HijackedConnection Hijack() => PooledTransport.Taken((PooledResponse)Read());

    protected override void Dispose(bool disposing)
    {
        if (_taken)
            return;
        _taken = true;
        cancelling.Cancel();

        // One that came all the same is nobody's.
        answer.ContinueWith(
            static done =>
            {
                if (done.IsCompletedSuccessfully)
                    done.Result.Dispose();
                else
                    _ = done.Exception;
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}
