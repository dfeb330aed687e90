namespace Hafen.Cli.Formatting.Templates;

internal enum TokenKind
{
    Text,
    Open,
    Close,
    Identifier,
    Field,
    Variable,
    String,
    Character,
    Number,
    Dot,
    Pipe,
    LeftParenthesis,
    RightParenthesis,
    Declare,
    Assign,
    Comma,
    End,
}

/// <summary>One word of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text: decoded for strings, without the dot for fields, with the dollar for variables.</param>
/// <param name="Position">Offset in the template, for messages.</param>
/// <param name="SpaceBefore">A blank stands before it: <c>.A .B</c> is two operands, <c>.A.B</c> one.</param>
internal readonly record struct TemplateToken(TokenKind Kind, string Text, int Position, bool SpaceBefore);
