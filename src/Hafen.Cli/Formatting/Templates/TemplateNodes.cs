namespace Hafen.Cli.Formatting.Templates;

/// <summary>A part of a parsed template.</summary>
internal abstract record TemplateNode(int Position);

internal sealed record TextNode(int Position, string Text) : TemplateNode(Position);

internal sealed record ActionNode(int Position, Pipeline Pipeline) : TemplateNode(Position);

internal sealed record IfNode(int Position, Pipeline Pipeline, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else) : TemplateNode(Position);

internal sealed record WithNode(int Position, Pipeline Pipeline, IReadOnlyList<TemplateNode> Then, IReadOnlyList<TemplateNode> Else) : TemplateNode(Position);

internal sealed record RangeNode(int Position, Pipeline Pipeline, IReadOnlyList<TemplateNode> Body, IReadOnlyList<TemplateNode> Else) : TemplateNode(Position);

internal sealed record LoopExitNode(int Position, bool Continues) : TemplateNode(Position);

/// <summary>Commands joined by <c>|</c>; the value of one is the last argument of the next.</summary>
/// <param name="Variables">Variables that take the value, usually none.</param>
/// <param name="Declares"><c>:=</c> rather than <c>=</c>.</param>
/// <param name="Commands">At least one.</param>
internal sealed record Pipeline(IReadOnlyList<string> Variables, bool Declares, IReadOnlyList<PipelineCommand> Commands);

/// <summary>A function, method or value with its arguments.</summary>
internal sealed record PipelineCommand(IReadOnlyList<Operand> Operands);

/// <summary>A word of a command.</summary>
/// <param name="Position">Offset in the template.</param>
/// <param name="Text">As written, for messages.</param>
internal abstract record Operand(int Position, string Text);

internal sealed record DotOperand(int Position) : Operand(Position, ".");

internal sealed record LiteralOperand(int Position, string Text, object? Value) : Operand(Position, Text);

internal sealed record FunctionOperand(int Position, string Name) : Operand(Position, Name);

/// <summary>Fields one after the other, of a variable (<c>$x.A</c>), of an expression (<c>(f).A</c>) or, when both are null, of the dot.</summary>
internal sealed record FieldOperand(int Position, string Text, string? Variable, Operand? Base, IReadOnlyList<string> Fields) : Operand(Position, Text);

internal sealed record NestedOperand(int Position, string Text, Pipeline Pipeline) : Operand(Position, Text);
