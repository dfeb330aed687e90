using System.Globalization;
using System.Text;
using Hafen.Api;

namespace Hafen.Client.Http;

/// <summary>Builds a path with its query. Absent values (null, false, empty filters) add nothing.</summary>
internal sealed class QueryText(string path)
{
    private readonly StringBuilder _text = new(path);
    private bool _any;

    public QueryText Add(string name, string? value)
    {
        if (value is null)
            return this;
        _text.Append(_any ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        _any = true;
        return this;
    }

    public QueryText AddText(string name, string? value) => string.IsNullOrEmpty(value) ? this : Add(name, value);

    public QueryText AddFlag(string name, bool value) => value ? Add(name, "1") : this;

    public QueryText AddNumber(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryText Add(FilterSet? filters) => filters is null || filters.IsEmpty ? this : Add("filters", filters.ToString());

    public override string ToString() => _text.ToString();
}
