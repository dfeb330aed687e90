using System.Text.Json;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>A value with named members that a template may use, such as one row of a listing.</summary>
internal interface ITemplateObject
{
    /// <summary>How error messages call its kind.</summary>
    string TypeName { get; }

    /// <summary>A member's value; methods take arguments (<c>.Label "x"</c>).</summary>
    /// <returns>False when there is no such member.</returns>
    bool TryGet(string name, IReadOnlyList<object?> arguments, out object? value);

    /// <summary>All of it as JSON, for <c>{{json .}}</c>.</summary>
    void WriteJson(Utf8JsonWriter writer);
}
