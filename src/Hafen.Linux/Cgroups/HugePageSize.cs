namespace Hafen.Linux.Cgroups;

/// <summary>Sizes of huge pages as file names of the hugetlb controller spell them: <c>64KB</c>, <c>2MB</c>, <c>1GB</c>.</summary>
internal static class HugePageSize
{
    /// <summary>The size, when it has the form; it becomes part of a file's name.</summary>
    /// <exception cref="CgroupException">Anything else.</exception>
    public static string Checked(string size)
    {
        var number = size.AsSpan().TrimEnd("KMGB");
        bool unit = size.AsSpan(number.Length) is "KB" or "MB" or "GB";
        return unit && number.Length is > 0 and < 10 && !number.ContainsAnyExceptInRange('0', '9')
            ? size
            : throw new CgroupException($"invalid hugepage size \"{size}\"");
    }
}
