using System.Globalization;
using System.Text;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Templates;

/// <summary>Go's <c>Sprint</c>, <c>Sprintln</c> and <c>Sprintf</c> over template values.</summary>
internal static class GoPrint
{
    /// <summary>Operands one after the other, with a blank between two that are both no strings.</summary>
    public static string Print(IReadOnlyList<object?> arguments)
    {
        var result = new StringBuilder();
        for (int index = 0; index < arguments.Count; index++)
        {
            if (index > 0 && arguments[index] is not string && arguments[index - 1] is not string)
                result.Append(' ');
            TemplateValue.Append(result, arguments[index]);
        }

        return result.ToString();
    }

    public static string PrintLine(IReadOnlyList<object?> arguments)
    {
        var result = new StringBuilder();
        for (int index = 0; index < arguments.Count; index++)
        {
            if (index > 0)
                result.Append(' ');
            TemplateValue.Append(result, arguments[index]);
        }

        return result.Append('\n').ToString();
    }

    public static string Format(IReadOnlyList<object?> arguments)
    {
        if (arguments.Count == 0 || arguments[0] is not string format)
            throw new TemplateException("wrong type for value; expected string");
        var result = new StringBuilder();
        int next = 1;
        for (int index = 0; index < format.Length; index++)
        {
            if (format[index] != '%')
            {
                result.Append(format[index]);
                continue;
            }

            var directive = FormatDirective.Read(format, ref index, arguments, ref next);
            if (directive.Verb == '%')
            {
                result.Append('%');
                continue;
            }

            if (directive.Verb == '\0')
                result.Append("%!(NOVERB)");
            else if (next >= arguments.Count)
                result.Append("%!").Append(directive.Verb).Append("(MISSING)");
            else
                result.Append(directive.Apply(arguments[next++]));
        }

        if (next < arguments.Count)
        {
            result.Append("%!(EXTRA ");
            for (int index = next; index < arguments.Count; index++)
            {
                if (index > next)
                    result.Append(", ");
                result.Append(TemplateValue.TypeName(arguments[index])).Append('=');
                TemplateValue.Append(result, arguments[index]);
            }

            result.Append(')');
        }

        return result.ToString();
    }

    /// <summary>One <c>%-08.3d</c>.</summary>
    private readonly record struct FormatDirective(char Verb, bool Left, bool Plus, bool Zero, bool Blank, bool Sharp, int Width, int Precision)
    {
        public static FormatDirective Read(string format, ref int index, IReadOnlyList<object?> arguments, ref int next)
        {
            bool left = false, plus = false, zero = false, blank = false, sharp = false;
            for (index++; index < format.Length; index++)
            {
                if (format[index] == '-')
                    left = true;
                else if (format[index] == '+')
                    plus = true;
                else if (format[index] == '0')
                    zero = true;
                else if (format[index] == ' ')
                    blank = true;
                else if (format[index] == '#')
                    sharp = true;
                else
                    break;
            }

            int width = Number(format, ref index, arguments, ref next);
            int precision = -1;
            if (index < format.Length && format[index] == '.')
            {
                index++;
                precision = Math.Max(0, Number(format, ref index, arguments, ref next));
            }

            return new FormatDirective(index < format.Length ? format[index] : '\0', left, plus, zero && !left, blank, sharp, Math.Max(0, width), precision);
        }

        public string Apply(object? value)
        {
            string text = Render(value);
            if (text.Length >= Width)
                return text;
            if (Left)
                return text.PadRight(Width);
            if (!Zero || value is not (long or double))
                return text.PadLeft(Width);
            string sign = text[0] is '-' or '+' ? text[..1] : "";
            return sign + text[sign.Length..].PadLeft(Width - sign.Length, '0');
        }

        private string Render(object? value)
        {
            switch (Verb)
            {
                case 'v':
                    return value is long or double && Plus ? Signed(Plain(value)) : Plain(value);
                case 's' when value is string or object?[] or System.Text.Json.JsonElement or NullValue:
                    string text = Plain(value);
                    return Precision >= 0 && Precision < text.Length ? text[..Precision] : text;
                case 'q' when value is string quoted:
                    return GoText.Quote(quoted);
                case 'q' when value is object?[] or System.Text.Json.JsonElement:
                    return "[" + string.Join(' ', (TemplateValue.Items(value) ?? []).Select(item => GoText.Quote(TemplateValue.Print(item)))) + "]";
                case 'q' when value is long rune:
                    return $"'{char.ConvertFromUtf32((int)rune)}'";
                case 'd' when value is long number:
                    return Signed(number.ToString(CultureInfo.InvariantCulture));
                case 't' when value is bool:
                    return Plain(value);
                case 'c' when value is long rune:
                    return char.ConvertFromUtf32((int)rune);
                case 'x' or 'X' when value is long or string:
                    return Hexadecimal(value);
                case 'o' when value is long number:
                    return Convert.ToString(number, 8);
                case 'b' when value is long number:
                    return Convert.ToString(number, 2);
                case 'f' or 'F' when value is double number:
                    return Signed(number.ToString("F" + (Precision < 0 ? 6 : Precision).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
                case 'g' or 'G' when value is double number:
                    return Signed(Precision < 0 ? GoNumber.Shortest(number) : GoNumber.Significant(number, Math.Max(1, Precision)));
                case 'e' when value is double number:
                    return Signed(Scientific(number));
                case 'T':
                    return TemplateValue.TypeName(value);
                default:
                    return value is null ? $"%!{Verb}(<nil>)" : $"%!{Verb}({TemplateValue.TypeName(value)}={Plain(value)})";
            }
        }

        private string Hexadecimal(object? value)
        {
            string digits = value is long number
                ? (number < 0 ? "-" : "") + (Sharp ? "0x" : "") + ((ulong)Math.Abs(number)).ToString("x", CultureInfo.InvariantCulture)
                : Convert.ToHexStringLower(Encoding.UTF8.GetBytes((string)value!));
            return Verb == 'X' ? digits.ToUpperInvariant() : digits;
        }

        private string Scientific(double number)
        {
            string text = number.ToString("e" + (Precision < 0 ? 6 : Precision).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            int at = text.IndexOf('e', StringComparison.Ordinal);
            int exponent = int.Parse(text.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            return $"{text[..at]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        private string Signed(string text) => text[0] == '-' ? text : Plus ? "+" + text : Blank ? " " + text : text;

        private static string Plain(object? value)
        {
            var result = new StringBuilder();
            TemplateValue.Append(result, value);
            return result.ToString();
        }

        private static int Number(string format, ref int index, IReadOnlyList<object?> arguments, ref int next)
        {
            if (index < format.Length && format[index] == '*')
            {
                index++;
                return next < arguments.Count && arguments[next++] is long given ? (int)given : -1;
            }

            int start = index;
            while (index < format.Length && char.IsAsciiDigit(format[index]))
                index++;
            return start == index ? -1 : int.Parse(format.AsSpan(start, index - start), CultureInfo.InvariantCulture);
        }
    }
}
