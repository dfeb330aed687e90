using System.Text;
using Hafen.Errors;

namespace Hafen.Logging.Options;

/// <summary>The template of <c>tag</c>; what goes beyond plain fields is refused by name.</summary>
internal static class LogTag
{
    private const int ShortLength = 12;

    /// <summary>Puts in the fields.</summary>
    /// <exception cref="LogException">A field that there is not, or more than a field.</exception>
    public static string Fill(string template, Func<string, string> field)
    {
        var text = new StringBuilder();
        int at = 0;
        while (at < template.Length)
        {
            int open = template.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0)
                break;
            int close = template.IndexOf("}}", open, StringComparison.Ordinal);
            string name = close < 0 ? "" : template[(open + 2)..close].Trim();
            if (name is not (".ID" or ".FullID" or ".Name" or ".ImageID" or ".ImageFullID" or ".ImageName" or ".DaemonName"))
            {
                string wrong = template[open..(close < 0 ? template.Length : close + 2)];
                throw new LogException(ErrorKind.InvalidParameter, $"log opt 'tag': the template {wrong} is not supported");
            }
            text.Append(template, at, open - at).Append(field(name));
            at = close + 2;
        }
        return text.Append(template, at, template.Length - at).ToString();
    }

    /// <summary>A field's value.</summary>
    public static string Field(LogContainer container, string field) => field switch
    {
        ".ID" => Short(container.Id),
        ".FullID" => container.Id,
        ".Name" => container.Name,
        ".ImageID" => Short(container.ImageId[(container.ImageId.IndexOf(':', StringComparison.Ordinal) + 1)..]),
        ".ImageFullID" => container.ImageId,
        ".ImageName" => container.ImageName,
        _ => container.DaemonName,
    };

    private static string Short(string id) => id.Length > ShortLength ? id[..ShortLength] : id;
}
