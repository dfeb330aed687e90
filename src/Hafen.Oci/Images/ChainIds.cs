using System.Text;

namespace Hafen.Oci.Images;

/// <summary>Names of layers with all that lies below them (image-spec, config.md#layer-chainid).</summary>
public static class ChainIds
{
    /// <summary>The chain ID at each height, lowest first.</summary>
    public static Digest[] Of(IReadOnlyList<Digest> diffIds)
    {
        var chain = new Digest[diffIds.Count];
        for (int i = 0; i < chain.Length; i++)
            chain[i] = Next(i == 0 ? null : chain[i - 1], diffIds[i]);
        return chain;
    }

    /// <summary>The chain ID of a layer above <paramref name="parent"/>.</summary>
    public static Digest Next(Digest? parent, Digest diffId)
        => parent is null ? diffId : Digest.OfSha256(Encoding.ASCII.GetBytes($"{parent} {diffId}"));
}
