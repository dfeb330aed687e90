namespace Hafen.Engine.Host;

/// <summary>Name and version of the distribution (os-release(5)).</summary>
public sealed record OperatingSystemInfo(string Name, string Version)
{
    public static OperatingSystemInfo Read()
    {
        foreach (string path in (string[])["/etc/os-release", "/usr/lib/os-release"])
        {
            if (File.Exists(path))
                return Parse(File.ReadAllLines(path));
        }
        return new OperatingSystemInfo("Linux", "");
    }

    public static OperatingSystemInfo Parse(IEnumerable<string> lines)
    {
        string name = "Linux", pretty = "", version = "";
        foreach (string line in lines)
        {
            int equals = line.IndexOf('=');
            if (equals < 0)
                continue;
            string value = line[(equals + 1)..].Trim().Trim('"', '\'');
            switch (line[..equals].Trim())
            {
                case "PRETTY_NAME":
                    pretty = value;
                    break;
                case "NAME":
                    name = value;
                    break;
                case "VERSION_ID":
                    version = value;
                    break;
            }
        }
        return new OperatingSystemInfo(pretty.Length > 0 ? pretty : name, version);
    }
}
