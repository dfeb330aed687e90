using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Tests.Layers;

public sealed class ReplacementsTests
{
    [Fact]
    public void What_became_of_a_file_is_found_as_by_looking_through_all()
    {
        Random random = new(7);
        string[] words = ["a", "b", "a!", "a.b", "ab", "\u00ff"];
        for (int round = 0; round < 300; round++)
        {
            List<Replacement> list = [];
            for (int contents = 0, n = random.Next(12); list.Count < n; contents += random.Next(3))
                list.Add(new Replacement(contents, Path()));
            Replacements replacements = new(list);
            for (int i = 0; i < 50; i++)
            {
                string path = Path();
                int content = random.Next(20);
                int index = list.FindIndex(r => r.Contents > content && (path == r.Path || path.StartsWith(r.Path + "/", StringComparison.Ordinal)));
                Assert.Equal(index < 0 ? null : (index, list[index].Path.Length), replacements.Find(path, content));
            }
        }

        string Path() => string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => words[random.Next(words.Length)]));
    }
}
