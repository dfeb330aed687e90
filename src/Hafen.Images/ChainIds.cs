using System.Text;
using Hafen.Oci;

namespace Hafen.Images;

/// <summary>Names of layers with all that lies below them (image-spec, config.md#layer-chainid).</summary>
public static class ChainIds
{
    /// <summary>The chain ID at each height, lowest first.</summary>
    public static Digest[] Of(IReadOnlyList<Digest> diffIds)
    {
        var chain = new Digest[diffIds.Count];
        for (int i = 0; i < chain.Length; i++)
        {
            chain[i] = i == 0 ? diffIds[0] : Digest.OfSha256(Encoding.ASCII.GetBytes($"{chain[i - 1]} {diffIds[i]}"));
        }

        return chain;
    }
}
