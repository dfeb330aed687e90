namespace Hafen.Linux.Seccomp;

/// <summary>
/// System calls younger than distributions' libseccomp. Since number 424 a call has the same number on every architecture, so a
/// profile that names one can be obeyed although the library does not know it.
/// </summary>
internal static class NewSyscalls
{
    private static readonly IReadOnlyDictionary<string, int> s_table = new Dictionary<string, int>()
    {
        ["cachestat"] = 451,
        ["fchmodat2"] = 452,
        ["map_shadow_stack"] = 453,
        ["futex_wake"] = 454,
        ["futex_wait"] = 455,
        ["futex_requeue"] = 456,
        ["statmount"] = 457,
        ["listmount"] = 458,
        ["lsm_get_self_attr"] = 459,
        ["lsm_set_self_attr"] = 460,
        ["lsm_list_modules"] = 461,
        ["mseal"] = 462,
        ["setxattrat"] = 463,
        ["getxattrat"] = 464,
        ["listxattrat"] = 465,
        ["removexattrat"] = 466,
        ["open_tree_attr"] = 467,
        ["file_getattr"] = 468,
        ["file_setattr"] = 469,
    };

    /// <summary>The number, or -1.</summary>
    public static int Number(string name) => s_table.GetValueOrDefault(name, -1);
}
