using Hafen.Engine.Events;
using Hafen.Images;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>Tells what happens to images. An event's attributes are the image's labels and <c>name</c>.</summary>
public sealed class ImageEvents(EventStream events)
{
    /// <param name="action"><c>tag</c>, <c>untag</c>, <c>delete</c>, <c>import</c>, <c>load</c>, <c>save</c>.</param>
    /// <param name="image">Whom it happened to.</param>
    /// <param name="name">Under which name; null for its ID.</param>
    public void Publish(string action, Image image, string? name = null)
    {
        string id = image.Id.ToString();
        Publish(action, id, name ?? id, image);
    }

    /// <summary>A pull is an event of the name, not of the image.</summary>
    public void PublishPull(ImageReference name, Image image) => Publish("pull", name.Familiar, name.FamiliarName, image);

    /// <param name="reclaimed">Bytes that the prune has gained.</param>
    public void PublishPrune(long reclaimed) => events.PublishPrune("image", reclaimed);

    private void Publish(string action, string id, string name, Image image)
        => events.Publish("image", action, id, new Dictionary<string, string>(image.Config.Config?.Labels ?? []) { ["name"] = name });
}
