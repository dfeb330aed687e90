using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hafen.Cli.Session;

namespace Hafen.Cli.Tests.Goldens;

/// <summary>
/// What the stock CLI prints is what ours prints, for the same daemon. The goldens are captured with
/// <c>HAFEN_CAPTURE_GOLDENS=1</c> and a docker CLI 28 on the path, into the source folder.
/// </summary>
public sealed partial class GoldenTests
{
    private static readonly bool s_capture = Environment.GetEnvironmentVariable("HAFEN_CAPTURE_GOLDENS") == "1";

    public static TheoryData<string> Cases { get; } =
    [
        .. """
           ps
           ps -a
           ps -aq
           ps -a --no-trunc
           ps -as
           ps -a --format json
           ps -a --format {{.Names}}|{{.Labels}}|{{.Mounts}}|{{.Networks}}|{{.LocalVolumes}}|{{.State}}
           ps -a --format table {{.ID}}\t{{.Names}}\t{{.Label "com.example.some-name"}}\t{{.Size}}
           ps -a --format table {{.ID | upper}}\t{{json .Names}}
           ps -a --format raw
           ps -q --format json
           ps --format {{.Foo}}
           ps --format {{.Foo
           ps -n x
           ps x
           images
           images -a
           images -q
           images --digests
           images --no-trunc
           images --format json
           images --format {{.Repository}}:{{.Tag}} {{.Size}} {{.Digest}}
           images --format table {{.Repository}}\t{{.CreatedAt}}
           history app
           history --no-trunc app
           history -q app
           history --format json app
           inspect web
           inspect web gone
           inspect gone
           inspect -f json web
           inspect -f {{.State.Status}} web
           inspect -f {{json .Config.Env}} web
           inspect -f {{range .Config.Env}}{{println .}}{{end}} web
           inspect -f {{range $k, $v := .NetworkSettings.Networks}}{{$k}}:{{$v.IPAddress}}{{end}} web
           inspect -f {{index .Config.Labels "a"}}-{{index .Config.Labels "none"}} web
           inspect -f {{.Config.Labels}} {{.Config.Cmd}} {{.HostConfig.Memory}} web
           inspect -f {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} web
           inspect -f {{.Id}} {{.Name}} {{.Config.Image}} web
           inspect -f {{.Foo}} web
           inspect -f {{.State.Foo.Bar}} web
           inspect -f {{.State web
           inspect --type image web
           inspect --type foo web
           container inspect web
           container inspect gone
           image inspect app
           image inspect -f {{.RootFS.Layers}} {{.Size}} {{.Architecture}} app
           logs web
           logs gone
           top web
           rm web gone
           rm -f gone
           stop web gone
           kill gone
           pause web
           rename gone other
           rename web
           start gone
           tag app BAD
           run --foo app
           run
           run -m abc app
           run --restart always --rm app
           container -x
           container ls -Q
           """.Split('\n'),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_output_is_the_stock_clis(string line)
    {
        using var engine = new FakeEngine();
        string[] arguments = Words(line);
        string file = Path.Combine(AppContext.BaseDirectory, "Goldens", "Captured", FileName(line));
        if (s_capture)
            File.WriteAllText(Path.Combine(SourceFolder(), "Captured", FileName(line)), RunStock(arguments, engine));
        Assert.Equal(File.ReadAllText(s_capture ? Path.Combine(SourceFolder(), "Captured", FileName(line)) : file), RunOurs(arguments, engine), ignoreLineEndingDifferences: true);
    }

    public static TheoryData<string> Requests { get; } =
    [
        .. """
           create app
           create -it --name n app sh -c true
           create -e A=1 -e B= -l x=y -l z -w /w -u 1:2 --entrypoint /e app a b
           create -v /a:/b:ro -v vol:/c -v /anon --tmpfs /t:size=1m --tmpfs /u app
           create --mount type=bind,src=/a,dst=/b,ro --mount type=volume,src=v,dst=/v,volume-nocopy --mount type=tmpfs,dst=/t,tmpfs-size=1m app
           create -p 80 -p 8080:80/udp -p 127.0.0.1:1000-1001:2000-2001 -P --expose 5-6 app
           create -m 64m --memory-swap -1 --memory-reservation 32m --cpus 1.5 --cpu-shares 7 --cpuset-cpus 0-1 --cpuset-mems 0 --pids-limit 9 --cpu-period 1 --cpu-quota 2 app
           create --read-only --privileged --init --rm --cap-add NET_ADMIN --cap-drop ALL --security-opt no-new-privileges --security-opt systempaths=unconfined app
           create --ulimit nofile=1:2 --device /dev/fuse --device /dev/null:/dev/x:r --device-cgroup-rule c_1:3_r --shm-size 1m app
           create --hostname h --domainname d --add-host a:1.2.3.4 --dns 1.1.1.1 --dns-search x.y --dns-option o --network host app
           create --network net --network-alias al --ip 10.0.0.9 --link other:o app
           create --network name=net,alias=a,ip=10.0.0.9 app
           create --mac-address 92:d0:c6:0a:29:33 app
           create --restart on-failure:3 --stop-signal INT --stop-timeout 5 --log-driver json-file --log-opt max-size=1m app
           create --health-cmd true --health-interval 5s --health-retries 3 app
           create --no-healthcheck --entrypoint= app
           create --pid host --ipc private --uts host --userns host --cgroupns private --cgroup-parent /p --group-add 5 --oom-kill-disable --oom-score-adj 9 app
           create --sysctl net.ipv4.ip_forward=1 --annotation a=b --runtime r --volumes-from x --volume-driver d --storage-opt size=1g app
           create -a stdin -a stdout --blkio-weight 100 --device-read-bps /dev/sda:1mb --device-write-iops /dev/sda:5 --gpus all app
           """.Split('\n'),
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public void The_request_is_the_stock_clis(string line)
    {
        using var engine = new FakeEngine();
        string[] arguments = Words(line);
        string name = FileName("body " + line);
        string source = Path.Combine(SourceFolder(), "Captured", name);
        if (s_capture)
        {
            RunStock(arguments, engine);
            File.WriteAllText(source, Normal(engine.Body("/containers/create")!));
        }

        RunOurs(arguments, engine);
        Assert.Equal(File.ReadAllText(s_capture ? source : Path.Combine(AppContext.BaseDirectory, "Goldens", "Captured", name)), Normal(engine.Body("/containers/create")!));
    }

    /// <summary>Members in order, and without those that say nothing: null, zero, false and empty mean the same to the daemon as absence.</summary>
    private static string Normal(byte[] body)
    {
        using var document = JsonDocument.Parse(body);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
            WriteNormal(writer, document.RootElement);
        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    private static void WriteNormal(Utf8JsonWriter writer, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            writer.WriteStartArray();
            foreach (var item in element.EnumerateArray())
                WriteNormal(writer, item);
            writer.WriteEndArray();
            return;
        }

        if (element.ValueKind != JsonValueKind.Object)
        {
            element.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in element.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            // Null and empty differ for these two: a default list or none.
            bool matters = member.Name is "MaskedPaths" or "ReadonlyPaths" && member.Value.ValueKind == JsonValueKind.Array;
            if ((!matters && SaysNothing(member.Value)) || member.Name == "ConsoleSize")
                continue;
            if (member.Name == "LogConfig" && member.Value.EnumerateObject().All(part => SaysNothing(part.Value)))
                continue;
            writer.WritePropertyName(member.Name);
            if (member.Name != "Binds")
            {
                WriteNormal(writer, member.Value);
                continue;
            }

            // The stock CLI sends binds in the order of a Go map: any.
            writer.WriteStartArray();
            foreach (string? bind in member.Value.EnumerateArray().Select(bind => bind.GetString()).Order(StringComparer.Ordinal))
                writer.WriteStringValue(bind);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static bool SaysNothing(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.GetDouble() == 0,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.EnumerateObject().All(member => SaysNothing(member.Value)) && !value.EnumerateObject().Any(member => member.Value.ValueKind == JsonValueKind.Object),
        _ => false,
    };

    private static string RunOurs(string[] arguments, FakeEngine engine)
    {
        var folder = Directory.CreateTempSubdirectory("hafen-cli-");
        try
        {
            int code;
            using (var input = File.OpenHandle("/dev/null"))
            using (var output = File.OpenHandle(Path.Combine(folder.FullName, "out"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
            using (var error = File.OpenHandle(Path.Combine(folder.FullName, "err"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite))
            {
                var streams = new CliStreams((int)input.DangerousGetHandle(), (int)output.DangerousGetHandle(), (int)error.DangerousGetHandle());
                code = CommandLineProgram.Run(arguments, streams, name => name switch { "HAFEN_HOST" => engine.Endpoint, "HOME" => folder.FullName, _ => null });
            }

            return Record(code, File.ReadAllText(Path.Combine(folder.FullName, "out")), File.ReadAllText(Path.Combine(folder.FullName, "err")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string RunStock(string[] arguments, FakeEngine engine)
    {
        var start = new ProcessStartInfo("docker") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOCKER_HOST"] = engine.Endpoint;
        start.Environment["HOME"] = "/nonexistent";
        using var docker = Process.Start(start)!;
        docker.StandardInput.Close();
        var error = docker.StandardError.ReadToEndAsync();
        string output = docker.StandardOutput.ReadToEnd();
        docker.WaitForExit();
        return Record(docker.ExitCode, output, error.Result).Replace("docker:", "hafen:", StringComparison.Ordinal).Replace("docker ", "hafen ", StringComparison.Ordinal);
    }

    /// <summary>Points in time differ from run to run and from zone to zone; ages do not.</summary>
    private static string Record(int code, string output, string error)
        => PointsInTime().Replace($"exit {code}\n--- stdout\n{output}--- stderr\n{error}", "TIME");

    [GeneratedRegex(@"\d{4}-\d\d-\d\d(T| )\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d| [+-]\d{4} [A-Z0-9+-]+)")]
    private static partial Regex PointsInTime();

    /// <summary>Words of a line: a template with its blanks is one, and an underscore in a device rule stands for a blank.</summary>
    private static string[] Words(string line)
    {
        var words = new List<string>();
        var rest = line.Trim().Split(' ').ToList();
        while (rest.Count > 0)
        {
            string word = rest[0];
            rest.RemoveAt(0);
            if (word is "-f" or "--format" && rest.Count > 0)
            {
                words.Add(word);
                string text = string.Join(' ', rest);
                int end = text.LastIndexOf("}}", StringComparison.Ordinal) is var close && close >= 0 ? close + 2 : text.IndexOf(' ', StringComparison.Ordinal) is var blank && blank >= 0 ? blank : text.Length;
                if (close < 0 && text.StartsWith("{{", StringComparison.Ordinal) && !text.Contains(' ', StringComparison.Ordinal))
                    end = text.Length;
                words.Add(text[..end]);
                rest = [.. text[end..].Split(' ', StringSplitOptions.RemoveEmptyEntries)];
                continue;
            }

            words.Add(word.StartsWith("c_", StringComparison.Ordinal) ? word.Replace('_', ' ') : word);
        }

        return [.. words];
    }

    private static string FileName(string line)
        => string.Concat(line.Trim().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '_')) is { Length: > 120 } name
            ? $"{name[..110]}-{name.Length}.txt"
            : string.Concat(line.Trim().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '_')) + ".txt";

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
