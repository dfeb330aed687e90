namespace Hafen.Engine.Host;

/// <summary>The ID of this installation: made once, kept in the data folder.</summary>
public static class EngineId
{
    public static string Ensure(string root)
    {
        string path = Path.Combine(root, "engine-id");
        try
        {
            string known = File.ReadAllText(path).Trim();
            if (Guid.TryParse(known, out _))
                return known;
        }
        catch (FileNotFoundException)
        {
            // The first start.
        }
        string id = Guid.NewGuid().ToString();
        string temporary = path + ".new";
        File.WriteAllText(temporary, id);
        File.Move(temporary, path, overwrite: true);
        return id;
    }
}
