using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Content.Collection;

/// <summary>
/// Follows what documents refer to (image-spec: an index its manifests, a manifest its configuration and its layers). Only blobs that are there are remembered:
/// what a document names and nobody has costs nothing.
/// </summary>
internal static class ReachableContent
{
    // A document that is longer is none that anybody could use (distribution-spec: registries refuse manifests of more than 4 MiB).
    private const long LongestDocument = 8 << 20;

    /// <summary>Takes everything that can be reached out of <paramref name="candidates"/>.</summary>
    /// <exception cref="IOException">A document cannot be read: nobody knows what it refers to.</exception>
    public static void TakeOut(HashSet<Digest> candidates, IEnumerable<ContentRoot> roots, IContentStore store)
    {
        // A document may be named as a layer as well, which says nothing of what it refers to.
        HashSet<Digest> followed = [];
        Stack<Digest> documents = [];
        foreach (var root in roots)
        {
            if (MediaTypes.IsIndex(root.MediaType) || MediaTypes.IsManifest(root.MediaType))
                Follow(root.Digest);
            else
                candidates.Remove(root.Digest);
        }

        while (documents.TryPop(out var digest))
        {
            byte[] bytes = WellFormed(store.Read(digest));
            // A document that can be taken for both (CVE-2021-41190) keeps what it names as either.
            var manifest = Parse(bytes, ImageJson.Plain.ImageManifest);
            foreach (var part in (manifest?.Layers ?? []).Append(manifest?.Config))
            {
                if (Digest.TryParse(part?.Digest, out var leaf))
                    candidates.Remove(leaf);
            }

            foreach (var part in Parse(bytes, ImageJson.Plain.ImageIndex)?.Manifests ?? [])
            {
                if (Digest.TryParse(part?.Digest, out var document))
                    Follow(document);
            }
        }

        void Follow(Digest digest)
        {
            // One that is not there has come later, if at all, and is none of the candidates; so is what it refers to.
            bool there = candidates.Remove(digest) || store.Has(digest);
            if (there && followed.Add(digest) && store.Size(digest) <= LongestDocument)
                documents.Push(digest);
        }
    }

    /// <summary>Null for what is no such document: nothing can be made of it, and of what it refers to neither.</summary>
    private static T? Parse<T>(byte[] bytes, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As in Go, bytes that are no UTF-8 are replacement characters.</summary>
    private static byte[] WellFormed(byte[] bytes) => Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
}
