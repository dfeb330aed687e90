using Hafen.Dockerfile.Instructions;

namespace Hafen.Dockerfile.Expand;

/// <summary>Pairs whose names and values both may hold variables.</summary>
internal static class ExpandPairs
{
    /// <exception cref="DockerfileException">A name is blank.</exception>
    public static IReadOnlyList<NameValue> Expand(string instruction, IReadOnlyList<NameValue> pairs, Variables variables)
    {
        var expanded = new List<NameValue>(pairs.Count);
        foreach (var (written, value) in pairs)
        {
            string name = VariableText.Expand(written, variables);
            if (name.Length == 0)
                throw new DockerfileException($"{instruction} names can not be blank");
            expanded.Add(new NameValue(name, VariableText.Expand(value, variables)));
        }
        return expanded;
    }
}
