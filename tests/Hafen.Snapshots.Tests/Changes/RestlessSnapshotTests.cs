using System.Text;
using Hafen.Snapshots.Tar;
using Hafen.Snapshots.Tests.Overlay;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Changes;

/// <summary>A container goes on while its files are read.</summary>
public sealed class RestlessSnapshotTests
{
    [Fact]
    public async Task Whatever_a_container_does_meanwhile_the_archive_is_whole_and_of_the_snapshot_alone()
    {
        await using LayerFixture fixture = new();
        File.WriteAllText($"{fixture.Scratch}/secret", "of the host");
        var parent = await fixture.ApplyAsync(new TarBuilder().Folder("below").File("below/a").File("below/b").Build());
        fixture.Snapshotter.Prepare("one", parent, keep: false);
        string root = fixture.MountSnapshot("one");
        using var stop = new CancellationTokenSource();
        // Files grow, shrink, vanish and become links to outside; folders become links and come back; what is below is deleted and made again.
        var churn = Task.Run(() =>
        {
            byte[] content = new byte[300_000];
            content.AsSpan().Fill((byte)'x');
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                string file = $"{root}/f{i % 20}", folder = $"{root}/d{i % 5}";
                File.Delete(file);
                if (i % 3 == 0)
                    File.CreateSymbolicLink(file, $"{fixture.Scratch}/secret");
                else if (i % 3 == 1)
                    File.WriteAllBytes(file, content[..(i * 7919 % content.Length)]);
                if (i % 3 == 1)
                {
                    using var open = File.OpenWrite(file);
                    open.SetLength(i * 31 % content.Length);
                }

                if (new DirectoryInfo(folder).LinkTarget is not null)
                    File.Delete(folder);
                else if (Directory.Exists(folder))
                    Directory.Delete(folder, recursive: true);
                if (i % 2 == 0)
                    File.CreateSymbolicLink(folder, fixture.Scratch);
                else
                    Directory.CreateDirectory($"{folder}/inner");
                if (i % 2 == 1)
                    File.WriteAllText($"{folder}/inner/secret", "x");
                File.Delete($"{root}/below/a");
                if (i % 2 == 0)
                    File.WriteAllText($"{root}/below/a", "x");
            }
        });
        try
        {
            for (int round = 0; round < 60; round++)
            {
                var (_, tar) = await fixture.Snapshotter.ChangesAsync("one");
                Check(TarListing.Read(tar));
                Check(TarListing.Read(await fixture.Snapshotter.TreeAsync("one")));
                _ = fixture.Snapshotter.Lines("one");
            }
        }
        finally
        {
            await stop.CancelAsync();
            await churn;
        }

        static void Check(List<(TarEntry Entry, byte[] Data)> entries)
        {
            Assert.Equal(entries.Count, entries.Select(entry => entry.Entry.Name.TrimEnd('/')).Distinct().Count());
            // Nothing but what the container wrote, and zeros where a file was cut off.
            Assert.All(entries, entry => Assert.Equal(-1, entry.Data.AsSpan().IndexOfAnyExcept((byte)'x', (byte)0)));
            Assert.DoesNotContain(entries, entry => Encoding.Latin1.GetString(entry.Data).Contains("host", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_snapshot_that_is_removed_meanwhile_is_an_error_and_no_short_list()
    {
        await using LayerFixture fixture = new();
        fixture.Snapshotter.Prepare("one", null, keep: false);
        string upper = fixture.Snapshotter.Describe("one")["UpperDir"];
        for (int i = 0; i < 100; i++)
            File.WriteAllText($"{upper}/f{i:d3}", new string('x', 100_000));
        WaitingStream tar = new();
        var writing = fixture.Snapshotter.WriteChangesAsync("one", tar, default);
        await tar.Reached.Task;
        using (var changes = fixture.Snapshotter.Changes("one", default).GetEnumerator())
        {
            Assert.True(changes.MoveNext());
            fixture.Snapshotter.Remove("one");
            // A new one of the same name is another one.
            fixture.Snapshotter.Prepare("one", null, keep: false);
            tar.Go.SetResult();
            await Assert.ThrowsAsync<KeyNotFoundException>(() => writing);
            Assert.Throws<KeyNotFoundException>(() =>
            {
                while (changes.MoveNext())
                {
                    // To its end.
                }
            });
        }
    }

    private sealed class WaitingStream : MemoryStream
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reached.TrySetResult();
            await Go.Task;
        }
    }
}
