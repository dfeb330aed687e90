using System.Globalization;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>Builds the nodes of a template (the grammar of Go's text/template without named templates).</summary>
internal sealed class TemplateParser
{
    private readonly string _source;
    private readonly IReadOnlyList<TemplateToken> _tokens;
    private readonly List<string> _variables = ["$"];
    private int _index;
    private int _loops;

    private TemplateParser(string source)
    {
        this._source = source;
        _tokens = new TemplateLexer(source).Read();
    }

    private TemplateToken Current => _tokens[_index];

    /// <exception cref="TemplateException">Not a template.</exception>
    public static IReadOnlyList<TemplateNode> Parse(string source)
    {
        var parser = new TemplateParser(source);
        var nodes = parser.ParseList(out string? ending);
        if (ending is not null)
            throw parser.Failure($"unexpected {{{{{ending}}}}}");
        return nodes;
    }

    /// <summary>Nodes up to <c>{{end}}</c>, <c>{{else}}</c> (left in place after the opening) or the end of the text.</summary>
    private List<TemplateNode> ParseList(out string? ending)
    {
        var nodes = new List<TemplateNode>();
        while (true)
        {
            var token = Current;
            switch (token.Kind)
            {
                case TokenKind.End:
                    ending = null;
                    return nodes;
                case TokenKind.Text:
                    _index++;
                    nodes.Add(new TextNode(token.Position, token.Text));
                    continue;
            }

            _index++;
            string keyword = Current.Kind == TokenKind.Identifier ? Current.Text : "";
            switch (keyword)
            {
                case "end" or "else":
                    _index++;
                    ending = keyword;
                    return nodes;
                case "if" or "with" or "range":
                    _index++;
                    nodes.Add(ParseControl(token.Position, keyword));
                    break;
                case "break" or "continue":
                    if (_loops == 0)
                        throw Failure($"{{{{{keyword}}}}} outside {{{{range}}}}");
                    _index++;
                    Expect(TokenKind.Close, keyword);
                    nodes.Add(new LoopExitNode(token.Position, keyword == "continue"));
                    break;
                case "define" or "template" or "block":
                    throw Failure($"{{{{{keyword}}}}} is not available in this version");
                default:
                    nodes.Add(new ActionNode(token.Position, ParsePipeline("command", TokenKind.Close)));
                    break;
            }
        }
    }

    private TemplateNode ParseControl(int position, string keyword)
    {
        int known = _variables.Count;
        var pipeline = ParsePipeline(keyword, TokenKind.Close);
        if (keyword == "range")
            _loops++;
        var body = ParseList(out string? ending);
        if (keyword == "range")
            _loops--;
        List<TemplateNode> otherwise = [];
        if (ending == "else")
        {
            if (Current is { Kind: TokenKind.Identifier, Text: "if" or "with" } chained && (keyword != "range") && chained.Text == keyword)
            {
                // {{else if}}: the inner one takes the {{end}} of both.
                _index++;
                otherwise.Add(ParseControl(chained.Position, keyword));
                _variables.RemoveRange(known, _variables.Count - known);
                return Build(position, keyword, pipeline, body, otherwise);
            }

            Expect(TokenKind.Close, "else");
            otherwise = ParseList(out ending);
        }

        if (ending is null)
            throw Failure("unexpected EOF");
        if (ending != "end")
            throw Failure("expected end; found {{else}}");
        Expect(TokenKind.Close, "end");
        _variables.RemoveRange(known, _variables.Count - known);
        return Build(position, keyword, pipeline, body, otherwise);
    }

    private static TemplateNode Build(int position, string keyword, Pipeline pipeline, List<TemplateNode> body, List<TemplateNode> otherwise)
        => keyword switch
        {
            "if" => new IfNode(position, pipeline, body, otherwise),
            "with" => new WithNode(position, pipeline, body, otherwise),
            _ => new RangeNode(position, pipeline, body, otherwise),
        };

    private Pipeline ParsePipeline(string context, TokenKind end)
    {
        var (names, declares) = ParseVariables(context);
        var commands = new List<PipelineCommand>();
        while (true)
        {
            commands.Add(ParseCommand(context, end));
            if (Current.Kind == end)
            {
                _index++;
                break;
            }

            _index++;
        }

        if (declares)
            _variables.AddRange(names);
        return new Pipeline(names, declares, commands);
    }

    private (IReadOnlyList<string> Names, bool Declares) ParseVariables(string context)
    {
        int start = _index;
        var names = new List<string>();
        while (Current.Kind == TokenKind.Variable)
        {
            names.Add(Current.Text);
            _index++;
            if (Current.Kind == TokenKind.Comma && context == "range" && names.Count < 2)
            {
                _index++;
                continue;
            }

            if (Current.Kind is TokenKind.Declare or TokenKind.Assign)
            {
                bool declares = Current.Kind == TokenKind.Declare;
                if (!declares)
                {
                    foreach (string name in names)
                    {
                        if (!_variables.Contains(name))
                            throw Failure($"undefined variable {GoText.Quote(name)}");
                    }
                }
                _index++;
                return (names, declares);
            }

            break;
        }

        _index = start;
        return ([], false);
    }

    private PipelineCommand ParseCommand(string context, TokenKind end)
    {
        var operands = new List<Operand>();
        while (Current.Kind != end && Current.Kind != TokenKind.Pipe)
        {
            if (operands.Count > 0 && !Current.SpaceBefore && Current.Kind is not TokenKind.LeftParenthesis)
                throw Failure($"unexpected {Describe(Current)} in {context}");
            operands.Add(ParseOperand(context));
        }

        if (operands.Count == 0)
            throw Failure(Current.Kind == TokenKind.Pipe ? "missing value for " + context : $"missing value for {context}");
        if (Current.Kind == TokenKind.Pipe && _tokens[_index + 1].Kind == end)
            throw Failure($"missing value for {context}");
        return new PipelineCommand(operands);
    }

    private Operand ParseOperand(string context)
    {
        var token = Current;
        int start = token.Position;
        _index++;
        switch (token.Kind)
        {
            case TokenKind.Identifier:
                return token.Text switch
                {
                    "true" => new LiteralOperand(start, token.Text, true),
                    "false" => new LiteralOperand(start, token.Text, false),
                    "nil" => new LiteralOperand(start, token.Text, null),
                    _ => TemplateFunctions.Exists(token.Text)
                        ? new FunctionOperand(start, token.Text)
                        : throw Failure($"function {GoText.Quote(token.Text)} not defined"),
                };
            case TokenKind.Dot:
                return new DotOperand(start);
            case TokenKind.Field:
                _index--;
                var names = Fields(first: true);

                // Go counts from the second field of a chain.
                return new FieldOperand(names.Count > 1 ? start + 1 + names[0].Length : start, Written(start), null, null, names);
            case TokenKind.Variable:
                if (!_variables.Contains(token.Text))
                    throw Failure($"undefined variable {GoText.Quote(token.Text)}");
                var fields = Fields(first: false);
                return new FieldOperand(start + (fields.Count > 0 ? token.Text.Length : 0), Written(start), token.Text, null, fields);
            case TokenKind.String or TokenKind.Character or TokenKind.Number:
                return new LiteralOperand(start, Written(start), Literal(token));
            case TokenKind.LeftParenthesis:
                int known = _variables.Count;
                var inner = ParsePipeline("parenthesized pipeline", TokenKind.RightParenthesis);
                _variables.RemoveRange(known, _variables.Count - known);
                var nested = new NestedOperand(start, Written(start), inner);
                var tail = Fields(first: false);
                return tail.Count == 0 ? nested : new FieldOperand(start, Written(start), null, nested, tail);
            default:
                throw Failure($"unexpected {Describe(token)} in {context}");
        }
    }

    private List<string> Fields(bool first)
    {
        var names = new List<string>();
        while (Current.Kind == TokenKind.Field && (first || !Current.SpaceBefore))
        {
            names.Add(Current.Text);
            _index++;
            first = false;
        }

        return names;
    }

    private object Literal(TemplateToken token)
    {
        if (token.Kind == TokenKind.String)
            return token.Text;
        if (token.Kind == TokenKind.Character)
            return (long)token.Text.EnumerateRunes().First().Value;
        string text = token.Text.Replace("_", "", StringComparison.Ordinal);
        try
        {
            return CommandLine.FlagValues.Integer(text);
        }
        catch (FormatException)
        {
            return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
                ? value
                : throw Failure($"bad number syntax: {GoText.Quote(token.Text)}");
        }
    }

    /// <summary>The source from an offset up to the word before the current one.</summary>
    private string Written(int start)
    {
        int end = Current.Position;
        return _source[start..end].TrimEnd(' ', '\t', '|', '-');
    }

    private void Expect(TokenKind kind, string context)
    {
        if (Current.Kind != kind)
            throw Failure($"unexpected {Describe(Current)} in {context}");
        _index++;
    }

    private static string Describe(TemplateToken token) => token.Kind switch
    {
        TokenKind.End => "EOF",
        TokenKind.Close => "\"}}\"",
        TokenKind.Field => $"<.{token.Text}>",
        TokenKind.Dot => "<.>",
        _ => $"<{token.Text}>",
    };

    private TemplateException Failure(string message)
        => new($"template: :{_source.AsSpan(0, Math.Min(Current.Position, _source.Length)).Count('\n') + 1}: {message}");
}
