using System.Text;
using System.Text.Json;
using Hafen.Cli.Formatting.Templates;

namespace Hafen.Cli.Tests.Formatting;

public sealed class TemplateTests
{
    private const string Data = """
        {"Id":"abc","Name":"/web","Count":3,"Half":0.5,"Big":1234567890,"On":true,"Off":false,"Nothing":null,"Labels":{"b":"2","a":"1"},
         "Empty":{},"Cmd":["sh","-c","echo"],"State":{"Status":"running","Pid":7},"Ports":{"80/tcp":[{"HostPort":"8080"}],"81/tcp":null},
         "List":[{"N":1},{"N":2}],"Volumes":null,"ApiVersion":"1.51","Html":"<a&b>"}
        """;

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("{{.Name}}", "/web")]
    [InlineData("{{.State.Status}} {{ .State.Pid }}", "running 7")]
    [InlineData("{{.Id}}{{.ID}}", "abcabc")]
    [InlineData("{{.APIVersion}}", "1.51")]
    [InlineData("{{.Count}} {{.Half}} {{.Big}} {{.On}}", "3 0.5 1234567890 true")]
    [InlineData("{{.Labels}}", "map[a:1 b:2]")]
    [InlineData("{{.Empty}}", "map[]")]
    [InlineData("{{.Cmd}}", "[sh -c echo]")]
    [InlineData("{{.Ports}}", "map[80/tcp:[map[HostPort:8080]] 81/tcp:[]]")]
    [InlineData("{{.Nothing}} {{.Volumes}}", "[] map[]")]
    [InlineData("{{json .Labels}}", "{\"b\":\"2\",\"a\":\"1\"}")]
    [InlineData("{{json .Html}}{{json .Count}}{{json .Nothing}}", "\"<a&b>\"3null")]
    [InlineData("{{.Name | json | upper}}", "\"/WEB\"")]
    [InlineData("{{upper .Name}} {{lower \"ABC\"}} {{title \"a bc\"}}", "/WEB abc A Bc")]
    [InlineData("{{join .Cmd \" \"}}", "sh -c echo")]
    [InlineData("{{range split \"a,b\" \",\"}}[{{.}}]{{end}}", "[a][b]")]
    [InlineData("{{join (split .Name \"\") \"-\"}}", "/-w-e-b")]
    [InlineData("{{pad .Name 1 2}}|{{pad \"\" 1 2}}|{{truncate .Name 3}}", " /web  ||/we")]
    [InlineData("{{if .On}}yes{{else}}no{{end}}{{if .Off}}yes{{else}}no{{end}}", "yesno")]
    [InlineData("{{if .Off}}a{{else if .On}}b{{else}}c{{end}}", "b")]
    [InlineData("{{if and .On .Count}}x{{end}}{{if or .Off \"\"}}y{{end}}{{if not .Off}}z{{end}}", "xz")]
    [InlineData("{{with .State}}{{.Pid}}{{end}}{{with .Off}}a{{else}}b{{end}}", "7b")]
    [InlineData("{{range .List}}{{.N}},{{end}}", "1,2,")]
    [InlineData("{{range $i, $v := .Cmd}}{{$i}}={{$v}};{{end}}", "0=sh;1=-c;2=echo;")]
    [InlineData("{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}", "a=1;b=2;")]
    [InlineData("{{range $p, $b := .Ports}}{{$p}}->{{(index $b 0).HostPort}}{{break}}{{end}}", "80/tcp->8080")]
    [InlineData("{{range .Cmd}}{{if eq . \"-c\"}}{{continue}}{{end}}{{.}} {{end}}", "sh echo ")]
    [InlineData("{{range .Nothing}}x{{else}}none{{end}}", "none")]
    [InlineData("{{$x := .Count}}{{$x = 5}}{{$x}}{{$.Name}}", "5/web")]
    [InlineData("{{index .Labels \"a\"}}{{index .Labels \"zz\"}}{{index .Cmd 2}}{{index .Ports \"80/tcp\" 0}}", "1echomap[HostPort:8080]")]
    [InlineData("{{len .Cmd}}{{len .Labels}}{{len .Name}}", "324")]
    [InlineData("{{slice .Name 1}} {{slice .Name 1 3}} {{slice .Cmd 1}}", "web we [-c echo]")]
    [InlineData("{{eq .Count 3}} {{eq .Count 1 2 3}} {{ne .Name \"x\"}} {{lt .Count 4}} {{ge .Half 0.5}} {{gt \"b\" \"a\"}}", "true true true true true true")]
    [InlineData("{{print .Count .Big .Name .Name}}|{{println 1 \"a\"}}", "3 1234567890/web/web|1 a\n")]
    [InlineData("{{printf \"%s-%5d|%-5s|%05.1f|%q|%v|%x|%%\" .Name .Count \"ab\" .Half .Name .Cmd 255}}", "/web-    3|ab   |000.5|\"/web\"|[sh -c echo]|ff|%")]
    [InlineData("{{printf \"%d\" .Name}} {{printf \"%s\"}} {{printf \"x\" 1}}", "%!d(string=/web) %!s(MISSING) x%!(EXTRA int=1)")]
    [InlineData("{{html .Html}} {{urlquery \"a b&c\"}}", "&lt;a&amp;b&gt; a+b%26c")]
    [InlineData("a {{- .Count -}} b", "a3b")]
    [InlineData("{{/* nothing */}}x{{- /* trim */ -}} y", "xy")]
    [InlineData("{{`raw \\n`}}{{\"q\\t\\\"\\u00e4\"}}{{'a'}}", "raw \\nq\t\"ä97")]
    [InlineData("{{(.State).Pid}}{{(index .List 1).N}}", "72")]
    public void A_template_gives(string template, string wanted) => Assert.Equal(wanted, Apply(template));

    [Theory]
    [InlineData("{{if .State.Health}}x{{else}}none{{end}}", "none")]
    [InlineData("{{.State.Health}}", "<nil>")]
    [InlineData("{{.ExposedPorts}}{{.Tmpfs}}", "map[]map[]")]
    public void Members_that_docker_omits_are_known(string template, string wanted) => Assert.Equal(wanted, Apply(template));

    [Theory]
    [InlineData("{{.Labels.a}} {{.Labels.zz}} {{.Labels.A}}", "1 <no value> <no value>")]
    [InlineData("{{.Labels.zz.more}}", "<no value>")]
    [InlineData("{{.Volumes.zz}}", "<no value>")]
    [InlineData("{{if .Labels.zz}}x{{else}}y{{end}}", "y")]
    public void A_key_that_nobody_set_has_no_value(string template, string wanted) => Assert.Equal(wanted, Apply(template));

    [Theory]
    [InlineData("{{truncate .Name -1}}", "template: :1:2: executing \"\" at <truncate>: error calling truncate: slice bounds out of range [:-1]")]
    [InlineData("{{.Foo}}", "template: :1:2: executing \"\" at <.Foo>: map has no entry for key \"Foo\"")]
    [InlineData("{{.State.Foo.Bar}}", "template: :1:8: executing \"\" at <.State.Foo.Bar>: map has no entry for key \"Foo\"")]
    [InlineData("a\n{{ .Foo }}", "template: :2:3: executing \"\" at <.Foo>: map has no entry for key \"Foo\"")]
    [InlineData("{{.Name.Foo}}", "template: :1:7: executing \"\" at <.Name.Foo>: can't evaluate field Foo in type string")]
    [InlineData("{{index .Cmd 9}}", "template: :1:2: executing \"\" at <index>: error calling index: reflect: slice index out of range")]
    [InlineData("{{.State.Foo", "template: :1: unclosed action")]
    [InlineData("{{foo}}", "template: :1: function \"foo\" not defined")]
    [InlineData("{{if .On}}", "template: :1: unexpected EOF")]
    [InlineData("{{end}}", "template: :1: unexpected {{end}}")]
    [InlineData("{{$x}}", "template: :1: undefined variable \"$x\"")]
    [InlineData("{{\"abc}}", "template: :1: unterminated quoted string")]
    public void A_wrong_template_is_refused(string template, string message)
        => Assert.Equal(message, Assert.Throws<TemplateException>(() => Apply(template)).Message);

    private static string Apply(string template)
    {
        using var data = JsonDocument.Parse(Data);
        var text = new StringBuilder();
        Template.Parse(template).Apply(text, data.RootElement);
        return text.ToString();
    }
}
