using System.Globalization;
using Hafen.Api;

namespace Hafen.Engine.Containers.Create;

/// <summary>Options of tmpfs mounts as mount(8) words.</summary>
internal static class TmpfsSettings
{
    private static readonly IReadOnlySet<string> s_words = new HashSet<string>(StringComparer.Ordinal)
    {
        "exec", "noexec", "suid", "nosuid", "dev", "nodev", "ro", "rw", "sync", "async", "dirsync", "mand", "nomand", "atime", "noatime",
        "diratime", "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "private", "rprivate", "shared",
        "rshared", "slave", "rslave", "unbindable", "runbindable", "defaults",
    };

    private static readonly IReadOnlySet<string> s_keys = new HashSet<string>(StringComparer.Ordinal)
    {
        "mode", "uid", "gid", "nr_inodes", "nr_blocks", "size", "mpol",
    };

    /// <summary>The words of <c>--tmpfs PATH:WORDS</c>, after the defaults they can undo.</summary>
    /// <exception cref="EngineException">An unknown word.</exception>
    public static string FromWords(string words)
    {
        var options = new List<string> { "noexec", "nosuid", "nodev" };
        foreach (string word in words.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = word.IndexOf('=', StringComparison.Ordinal);
            bool known = equals < 0 ? s_words.Contains(word) : s_keys.Contains(word[..equals]);
            if (!known)
                throw EngineException.InvalidParameter($"invalid tmpfs option [\"{word}\"]");
            // The later word of a pair such as exec and noexec wins; the earlier one would only confuse whoever reads config.json.
            options.Remove(Opposite(word));
            if (!options.Contains(word))
                options.Add(word);
        }
        return string.Join(',', options);
    }

    /// <summary>The options of <c>--mount type=tmpfs</c>.</summary>
    /// <exception cref="EngineException">A value that makes no sense.</exception>
    public static string FromMount(TmpfsOptions? request, bool readOnly)
    {
        var words = new List<string>();
        if (readOnly)
            words.Add("ro");
        if (request is not null)
        {
            if (request.Mode != 0)
                words.Add($"mode={Convert.ToString(request.Mode, 8)}");
            if (request.SizeBytes < 0)
                throw EngineException.InvalidParameter("invalid tmpfs size: it must not be negative");
            if (request.SizeBytes != 0)
                words.Add($"size={request.SizeBytes.ToString(CultureInfo.InvariantCulture)}");
            foreach (string[] option in request.Options ?? [])
            {
                if (option.Length is < 1 or > 2)
                    throw EngineException.InvalidParameter("invalid option array length");
                if (option[0] is not ("exec" or "noexec"))
                    throw EngineException.InvalidParameter("invalid option: " + option[0]);
                words.Add(string.Join('=', option));
            }
        }
        return FromWords(string.Join(',', words));
    }

    private static string Opposite(string word) => word switch
    {
        "exec" => "noexec",
        "suid" => "nosuid",
        "dev" => "nodev",
        "rw" => "ro",
        _ => "no" + word,
    };
}
