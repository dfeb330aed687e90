using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Engine.Images;
using Hafen.Engine.State;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Images;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Oci.Runtime;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Engine.Tests.Images;

/// <summary>Lists, prunes, histories and events over a store in memory.</summary>
public sealed class ImageUseCaseTests
{
    private static readonly DateTimeOffset s_may = new(2024, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly EventStream _events = new();
    private readonly FakeSnapshots _layers = new();
    private readonly Store _store;
    private readonly ContainerStore _containers = new("", NullLogger.Instance);
    private readonly FakeTimeProvider _time = new(s_may.AddDays(3));
    private readonly ImageUseCases _images;

    public ImageUseCaseTests()
    {
        // base <- app; tool stands alone; one has no name.
        _layers.AddLayer(Id('1'), null, 100);
        _layers.AddLayer(Id('2'), Id('1'), 20);
        _layers.AddLayer(Id('3'), null, 7);
        _store = new Store(
            Make('a', '1', days: 0, ["base:1", "base:2"], ("kind", "os")),
            Make('b', '2', days: 1, ["registry:5000/team/app:1"], ("kind", "app")),
            Make('c', '3', days: 2, ["tool:latest"]),
            Make('d', '3', days: 3, []));
        _images = ImageUseCases.Compose(_store, _layers, new ContainerUses(_containers), _events, _time);
    }

    private string List(string filters) => string.Join(' ', _images.List.Run(new ListImagesRequest { Filters = FilterSet.Parse(filters) }).Select(image => image.Id[7]));

    [Theory]
    [InlineData("", "d c b a")]
    [InlineData("""{"dangling":["true"]}""", "d")]
    [InlineData("""{"dangling":["0"]}""", "c b a")]
    [InlineData("""{"label":["kind"]}""", "b a")]
    [InlineData("""{"label":["kind=app"]}""", "b")]
    [InlineData("""{"label!":["kind=app"]}""", "d c a")]
    [InlineData("""{"before":["tool"]}""", "b a")]
    [InlineData("""{"since":["base:1"]}""", "d c b")]
    [InlineData("""{"reference":["base"]}""", "a")]
    [InlineData("""{"reference":["*:latest"]}""", "c")]
    [InlineData("""{"reference":["registry:5000/*/*"]}""", "b")]
    [InlineData("""{"until":["2024-05-02T13:00:00Z"]}""", "b a")]
    [InlineData("""{"until":["36h"]}""", "b a")]
    public void Filters(string filters, string expected) => Assert.Equal(expected, List(filters));

    [Theory]
    [InlineData("""{"colour":["blue"]}""", "invalid filter 'colour'")]
    [InlineData("""{"dangling":["perhaps"]}""", "invalid filter 'dangling=[perhaps]'")]
    [InlineData("""{"before":["nothing"]}""", "No such image: nothing:latest")]
    public void Wrong_filters(string filters, string message) => Assert.Equal(message, Assert.Throws<EngineException>(() => List(filters)).Message);

    [Fact]
    public void A_reference_filter_shows_the_names_it_matches()
    {
        var image = Assert.Single(_images.List.Run(new ListImagesRequest { Filters = FilterSet.Parse("""{"reference":["base:2"]}""") }));
        Assert.Equal(["base:2"], image.RepoTags);
    }

    [Fact]
    public void Shared_bytes_are_those_of_layers_in_several_images()
    {
        var sizes = _images.List.Run(new ListImagesRequest { SharedSize = true }).ToDictionary(image => image.Id[7], image => image.SharedSize);
        Assert.Equal(100, sizes['a']);
        Assert.Equal(100, sizes['b']);
        Assert.Equal(7, sizes['c']);
        Assert.All(_images.List.Run(new ListImagesRequest()), image => Assert.Equal(-1, image.SharedSize));
    }

    [Fact]
    public void Containers_that_use_an_image_are_counted()
    {
        Use("b");
        Assert.Equal("b:1", string.Join(' ', _images.List.Run(new ListImagesRequest()).Where(image => image.Containers > 0).Select(image => $"{image.Id[7]}:{image.Containers}")));
    }

    [Fact]
    public void Prune_takes_nameless_images_and_on_demand_all_unused_ones()
    {
        Use("b");
        var first = _images.Prune.Run(FilterSet.Empty);
        Assert.Equal("sha256:" + new string('d', 64), Assert.Single(first.ImagesDeleted!).Deleted);
        // Its layer is still needed by another image.
        Assert.Equal(0ul, first.SpaceReclaimed);
        var second = _images.Prune.Run(FilterSet.Parse("""{"dangling":["false"]}"""));
        Assert.Equal("b", List(""));
        Assert.Equal(7ul, second.SpaceReclaimed);
        Assert.Contains(second.ImagesDeleted!, removal => removal.Untagged == "base:2");
    }

    [Fact]
    public void Prune_goes_by_what_holds_when_an_image_goes()
    {
        // Removed by somebody else.
        _store.Meanwhile = () => _images.Remove.Run(Id('d').ToString(), force: false);
        Assert.Null(_images.Prune.Run(FilterSet.Empty).ImagesDeleted);

        // Named.
        _images.Remove.Run("tool", force: false);
        _store.Add(Make('e', '3', days: 3, []));
        _store.Meanwhile = () => _images.Tag.Run(Id('e').ToString(), "named", "1");
        Assert.Null(_images.Prune.Run(FilterSet.Empty).ImagesDeleted);
        Assert.Equal("e", List("""{"reference":["named"]}"""));

        // Used by a container.
        _store.Meanwhile = () => Use("abe");
        Assert.Null(_images.Prune.Run(FilterSet.Parse("""{"dangling":["false"]}""")).ImagesDeleted);
    }

    [Fact]
    public void Inspect_tells_where_the_files_lie()
        => Assert.Equal($"/layers/{Id('2').Hex}", _images.Inspect.Run("registry:5000/team/app:1").GraphDriver.Data!["UpperDir"]);

    [Fact]
    public void History_gives_each_layer_its_step()
    {
        var steps = _images.History.Run("registry:5000/team/app:1");
        Assert.Equal("RUN x=20|ENV a=b=0|ADD base=100", string.Join('|', steps.Select(step => $"{step.CreatedBy}={step.Size}")));
        Assert.Equal(Id('b').ToString(), steps[0].Id);
        Assert.Equal(["registry:5000/team/app:1"], steps[0].Tags!);
        Assert.All(steps.Skip(1), step => Assert.Equal("<missing>", step.Id));
    }

    [Fact]
    public void Changes_are_told()
    {
        using var listener = _events.Subscribe(null, null, FilterSet.Empty);
        _images.Tag.Run("tool", "other", "2");
        _images.Remove.Run("other:2", force: false);
        _images.Remove.Run("tool", force: false);
        var told = new List<string>();
        while (listener.Reader.TryRead(out var message))
            told.Add($"{message.Type} {message.Action} {message.Actor.ID[7]} {message.Actor.Attributes["name"]}");
        string id = Id('c').ToString();
        Assert.Equal(["image tag c other:2", $"image untag c {id}", $"image untag c {id}", $"image delete c {id}"], told);
    }

    [Theory]
    [InlineData("Bad", null, "invalid reference format: repository name (library/Bad) must be lowercase")]
    [InlineData("good", "bad tag", "invalid tag format")]
    [InlineData("sha256", null, "refusing to create an ambiguous tag using digest algorithm as name")]
    public void Malformed_names_are_refused(string repository, string? tag, string message)
        => Assert.Equal(message, Assert.Throws<EngineException>(() => _images.Tag.Run("tool", repository, tag)).Message);

    [Fact]
    public async Task What_cannot_be_pulled_says_what_to_do()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => _images.Pull.RunAsync("nginx", "1", CancellationToken.None));
        Assert.Equal(ErrorKind.NotImplemented, failure.Kind);
        Assert.Contains("cannot pull nginx:1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("docker load", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>A container that does not run is made of each image.</summary>
    private void Use(string images)
    {
        foreach (char image in images)
        {
            var record = new ContainerRecord
            {
                Id = new string(image, 64),
                Name = image.ToString(),
                Created = s_may,
                ImageId = Id(image).ToString(),
                Config = new ContainerConfig(),
                HostConfig = new HostConfig(),
                Networks = [],
                Mounts = [],
            };
            _containers.Add(new Container(record, new ContainerState { Status = ContainerStatus.Exited }, folder: ""));
        }
    }

    private static Digest Id(char letter) => Digest.Parse("sha256:" + new string(letter, 64));

    private static Image Make(char id, char top, int days, string[] names, params (string Key, string Value)[] labels) => new()
    {
        Id = Id(id),
        Config = new ImageConfig
        {
            Created = s_may.AddDays(days),
            Config = new ImageProcessConfig { Labels = labels.ToDictionary(label => label.Key, label => label.Value) },
            History =
            [
                new ImageHistory { CreatedBy = "ADD base" },
                new ImageHistory { CreatedBy = "ENV a=b", EmptyLayer = true },
                new ImageHistory { CreatedBy = "RUN x" },
            ],
        },
        Tags = [.. names.Select(ImageReference.Parse)],
        RepoDigests = [],
        TopLayer = Id(top),
        Size = 0,
        LastTagged = null,
    };

    private sealed class Store(params Image[] images) : IImageStore
    {
        private readonly List<Image> _images = [.. images];

        public void Add(Image image) => _images.Add(image);

        public Image? Find(string reference)
            => _images.FirstOrDefault(image => image.Id.ToString() == reference || image.Tags.Any(tag => tag == ImageReference.Parse(reference)));

        public IReadOnlyList<Image> List() => [.. _images];

        public IReadOnlyList<string> LeftAlone => [];

        public Image? Tag(Image image, ImageReference reference)
        {
            Replace(image, image with { Tags = [.. image.Tags, reference] });
            return null;
        }

        public IReadOnlyList<ImageRemoval> Untag(string reference)
        {
            var image = Find(reference)!;
            var name = ImageReference.Parse(reference);
            Replace(image, image with { Tags = [.. image.Tags.Where(tag => tag != name)] });
            return [new ImageRemoval(name.Familiar, null)];
        }

        public IReadOnlyList<ImageRemoval> Remove(string reference, bool force)
        {
            var image = Find(reference)!;
            bool byId = image.Id.ToString() == reference;
            if (!byId && image.Tags.Count > 1)
                return Untag(reference);
            _images.Remove(image);
            return [.. image.Tags.Select(tag => new ImageRemoval(tag.Familiar, null)), new ImageRemoval(null, image.Id.ToString())];
        }

        /// <summary>What others do before an image is removed.</summary>
        public Action? Meanwhile { get; set; }

        public IReadOnlyList<ImageRemoval> RemoveIf(Digest id, Func<Image, bool> condition)
        {
            Meanwhile?.Invoke();
            return Find(id.ToString()) is { } image && condition(image) ? Remove(id.ToString(), force: true) : [];
        }

        public Task<LoadResult> LoadAsync(Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<Image> ImportAsync(Stream tar, ImageReference? reference, ImageConfig config, string? message, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task SaveAsync(IReadOnlyList<string> references, Stream archive, CancellationToken cancellationToken) => throw new NotSupportedException();
        public Task<Image> LoadBuiltInAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

        private void Replace(Image before, Image after) => _images[_images.IndexOf(before)] = after;
    }
}
