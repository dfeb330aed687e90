using System.Text;
using System.Text.Json;
using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>One application of a template to a value.</summary>
internal sealed class TemplateEvaluation
{
    private readonly string _source;
    private readonly StringBuilder _output;
    private readonly bool _header;
    private readonly List<(string Name, object? Value)> _variables = [];

    public TemplateEvaluation(string source, StringBuilder output, object? data, bool header)
    {
        this._source = source;
        this._output = output;
        this._header = header;
        _variables.Add(("$", data));
    }

    private enum Flow
    {
        Normal,
        Break,
        Continue,
    }

    public void Run(IReadOnlyList<TemplateNode> nodes) => Walk(nodes, _variables[0].Value);

    private Flow Walk(IReadOnlyList<TemplateNode> nodes, object? dot)
    {
        int known = _variables.Count;
        foreach (var node in nodes)
        {
            var flow = WalkOne(node, dot);
            if (flow == Flow.Normal)
                continue;
            Forget(known);
            return flow;
        }

        Forget(known);
        return Flow.Normal;
    }

    private Flow WalkOne(TemplateNode node, object? dot)
    {
        int known = _variables.Count;
        switch (node)
        {
            case TextNode text:
                _output.Append(text.Text);
                return Flow.Normal;
            case ActionNode action:
                object? value = Evaluate(action.Pipeline, dot);
                if (action.Pipeline.Variables.Count == 0)
                    _output.Append(TemplateValue.Print(value));
                return Flow.Normal;
            case IfNode branch:
                var chosen = TemplateValue.IsTrue(Evaluate(branch.Pipeline, dot)) ? branch.Then : branch.Else;
                return Leave(Walk(chosen, dot), known);
            case WithNode with:
                object? subject = Evaluate(with.Pipeline, dot);
                return Leave(TemplateValue.IsTrue(subject) ? Walk(with.Then, subject) : Walk(with.Else, dot), known);
            case RangeNode range:
                return Leave(WalkRange(range, dot), known);
            default:
                return ((LoopExitNode)node).Continues ? Flow.Continue : Flow.Break;
        }
    }

    private Flow WalkRange(RangeNode range, object? dot)
    {
        object? value = Evaluate(range.Pipeline with { Variables = [] }, dot);
        var entries = RangeEntries(range, value);
        if (entries.Count == 0)
            return Walk(range.Else, dot);
        foreach (var (key, item) in entries)
        {
            int known = _variables.Count;
            var names = range.Pipeline.Variables;
            if (names.Count == 1)
                Bind(names[0], item, range.Pipeline.Declares);
            if (names.Count == 2)
            {
                Bind(names[0], key, range.Pipeline.Declares);
                Bind(names[1], item, range.Pipeline.Declares);
            }

            var flow = Walk(range.Body, item);
            Forget(known);
            if (flow == Flow.Break)
                break;
        }

        return Flow.Normal;
    }

    private IReadOnlyList<(object? Key, object? Item)> RangeEntries(RangeNode range, object? value)
    {
        if (value is null)
            return [];
        if (TemplateValue.Items(value) is { } items)
            return items.Select((item, index) => ((object?)(long)index, item)).ToList();
        if (value is JsonElement map)
            return TemplateValue.Entries(map).Select(entry => ((object?)entry.Key, entry.Value)).ToList();
        if (value is long count)
            return Enumerable.Range(0, (int)Math.Max(0, count)).Select(index => ((object?)(long)index, (object?)(long)index)).ToList();
        throw Failure(range.Position, "range", $"range can't iterate over {TemplateValue.Print(value)}");
    }

    private object? Evaluate(Pipeline pipeline, object? dot)
    {
        object? value = null;
        bool piped = false;
        foreach (var command in pipeline.Commands)
        {
            value = Evaluate(command, dot, piped, value);
            piped = true;
        }

        foreach (string name in pipeline.Variables)
            Bind(name, value, pipeline.Declares);
        return value;
    }

    private object? Evaluate(PipelineCommand command, object? dot, bool piped, object? last)
    {
        var first = command.Operands[0];
        if (first is FunctionOperand function)
            return Call(function, command, dot, piped, last);
        bool takesArguments = first is FieldOperand { Fields.Count: > 0 };
        if (!takesArguments && (command.Operands.Count > 1 || piped))
            throw Failure(first.Position, first.Text, $"can't give argument to non-function {first.Text}");
        if (first is not FieldOperand field)
            return Evaluate(first, dot);
        var arguments = command.Operands.Skip(1).Select(operand => Evaluate(operand, dot)).ToList();
        if (piped)
            arguments.Add(last);
        return EvaluateField(field, dot, arguments);
    }

    private object? Call(FunctionOperand function, PipelineCommand command, object? dot, bool piped, object? last)
    {
        // and/or stop at the first operand that decides.
        if (function.Name is "and" or "or")
        {
            bool stopAt = function.Name == "or";
            object? value = null;
            foreach (var operand in command.Operands.Skip(1))
            {
                value = Evaluate(operand, dot);
                if (TemplateValue.IsTrue(value) == stopAt)
                    return value;
            }

            return piped ? last : value;
        }

        var arguments = command.Operands.Skip(1).Select(operand => Evaluate(operand, dot)).ToList();
        if (piped)
            arguments.Add(last);
        try
        {
            return TemplateFunctions.Call(function.Name, arguments, _header);
        }
        catch (TemplateException exception)
        {
            throw Failure(function.Position, function.Name, exception.Message);
        }
    }

    private object? Evaluate(Operand operand, object? dot) => operand switch
    {
        DotOperand => dot,
        LiteralOperand literal => literal.Value,
        FieldOperand field => EvaluateField(field, dot, []),
        NestedOperand nested => Evaluate(nested.Pipeline, dot),
        FunctionOperand function => Call(function, new PipelineCommand([function]), dot, piped: false, null),
        _ => throw new InvalidOperationException(operand.GetType().Name),
    };

    private object? EvaluateField(FieldOperand field, object? dot, List<object?> arguments)
    {
        object? value = field.Variable is { } name ? Lookup(name) : field.Base is { } expression ? Evaluate(expression, dot) : dot;
        for (int index = 0; index < field.Fields.Count; index++)
        {
            // A label that is not set has no value, and whatever is asked of it neither; a member that does not exist is a mistake.
            if (OpenMaps.IsOpen(field.Fields, index) && OpenMaps.Lacks(value, field.Fields[index]))
                return null;
            bool isLast = index == field.Fields.Count - 1;
            value = Member(field, value, field.Fields[index], isLast ? arguments : []);
        }

        return value;
    }

    private object? Member(FieldOperand field, object? target, string name, List<object?> arguments)
    {
        switch (target)
        {
            case ITemplateObject row:
                if (row.TryGet(name, arguments, out object? member))
                    return member;
                throw Failure(field.Position, field.Text, $"can't evaluate field {name} in type {row.TypeName}");
            case JsonElement { ValueKind: JsonValueKind.Object } map:
                if (arguments.Count > 0)
                    throw Failure(field.Position, field.Text, $"{name} is not a method but has arguments");
                if (map.TryGetProperty(name, out var found))
                    return TemplateValue.FromJson(found, name);

                // Go's field names and JSON's member names differ in case only: ID and Id, APIVersion and ApiVersion.
                foreach (var candidate in map.EnumerateObject())
                {
                    if (candidate.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                        return TemplateValue.FromJson(candidate.Value, candidate.Name);
                }
                if (NullValue.TryOmitted(name, out object? omitted))
                    return omitted;
                throw Failure(field.Position, field.Text, $"map has no entry for key {GoText.Quote(name)}");
            case null or NullValue:
                throw Failure(field.Position, field.Text, $"nil pointer evaluating interface {{}}.{name}");
            default:
                throw Failure(field.Position, field.Text, $"can't evaluate field {name} in type {TemplateValue.TypeName(target)}");
        }
    }

    private object? Lookup(string name)
    {
        for (int index = _variables.Count - 1; index >= 0; index--)
        {
            if (_variables[index].Name == name)
                return _variables[index].Value;
        }
        throw new TemplateException($"template: :1: undefined variable {GoText.Quote(name)}");
    }

    private void Bind(string name, object? value, bool declares)
    {
        if (!declares)
        {
            for (int index = _variables.Count - 1; index >= 0; index--)
            {
                if (_variables[index].Name != name)
                    continue;
                _variables[index] = (name, value);
                return;
            }
        }

        _variables.Add((name, value));
    }

    private Flow Leave(Flow flow, int known)
    {
        Forget(known);
        return flow;
    }

    private void Forget(int known) => _variables.RemoveRange(known, _variables.Count - known);

    private TemplateException Failure(int position, string text, string message)
    {
        var before = _source.AsSpan(0, position);
        int column = position - (before.LastIndexOf('\n') + 1);
        return new TemplateException($"template: :{before.Count('\n') + 1}:{column}: executing \"\" at <{text}>: {message}");
    }
}
