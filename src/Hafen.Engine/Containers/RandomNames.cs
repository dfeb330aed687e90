using System.Security.Cryptography;

namespace Hafen.Engine.Containers;

/// <summary>Names for containers nobody named: an adjective and the surname of someone who built harbours, ships or machines, or sailed far.</summary>
internal static class RandomNames
{
    private static readonly string[] s_adjectives =
    [
        "amber", "ample", "astute", "balmy", "blithe", "breezy", "bright", "brisk", "buoyant", "calm", "candid", "cheery", "clever", "coastal",
        "cordial", "cosmic", "crisp", "daring", "deft", "dutiful", "earnest", "easy", "fabled", "fair", "faithful", "festive", "fluent", "frank",
        "gallant", "gentle", "glad", "golden", "graceful", "hardy", "hearty", "helpful", "honest", "humble", "ideal", "jolly", "jovial", "keen",
        "kindly", "limber", "lively", "lucid", "lucky", "mellow", "merry", "mighty", "mindful", "modest", "neat", "nimble", "noble", "patient",
        "placid", "plucky", "polite", "proud", "quick", "quiet", "radiant", "ready", "robust", "salty", "serene", "sincere", "sleek", "smart",
        "snug", "sober", "spry", "stable", "steady", "sturdy", "subtle", "sunny", "swift", "tidal", "tidy", "trusty", "upbeat", "valiant",
        "vivid", "warm", "watchful", "wise", "witty", "zealous",
    ];

    private static readonly string[] s_surnames =
    [
        "amundsen", "archimedes", "babbage", "baret", "barents", "beaufort", "bering", "bessel", "boole", "bowditch", "brunel", "cabot",
        "cavendish", "clarke", "cousteau", "cunard", "darwin", "deere", "drebbel", "earle", "eratosthenes", "ericsson", "euler", "faraday",
        "fitzroy", "flinders", "foucault", "franklin", "fresnel", "fulton", "galton", "gauss", "germain", "halley", "harrison", "henson",
        "herschel", "hooke", "humboldt", "huygens", "ibnbattuta", "jacquard", "kepler", "kruzenshtern", "lagrange", "lander", "laplace",
        "leibniz", "lovelace", "magellan", "maury", "mercator", "mitchell", "nansen", "napier", "newcomen", "noether", "ohm", "otto", "papin",
        "parsons", "pascal", "peary", "ptolemy", "rennie", "ross", "savery", "shackleton", "siemens", "slocum", "smeaton", "somerville",
        "stephenson", "stevens", "stokes", "tasman", "telford", "tharp", "torres", "tsiolkovsky", "vancouver", "volta", "watt", "wegener",
        "wren", "zeppelin", "zhenghe", "zuse",
    ];

    /// <summary>A name; later attempts carry a number, so that they end.</summary>
    public static string Next(int attempt)
    {
        string name = $"{s_adjectives[RandomNumberGenerator.GetInt32(s_adjectives.Length)]}_{s_surnames[RandomNumberGenerator.GetInt32(s_surnames.Length)]}";
        return attempt == 0 ? name : name + RandomNumberGenerator.GetInt32((int)Math.Min(10L * attempt * attempt, int.MaxValue)).ToString();
    }
}
