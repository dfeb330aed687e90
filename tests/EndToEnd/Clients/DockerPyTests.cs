using Hafen.EndToEnd.Environment;

namespace Hafen.EndToEnd.Clients;

/// <summary>docker-py, which loses what comes in one piece with the head of a stream.</summary>
public sealed class DockerPyTests(SharedDaemon shared)
{
    private const string Script = """
        import docker, sys
        client = docker.DockerClient(base_url=sys.argv[1])
        container = client.containers.run("busybox", ["sleep", "1000"], detach=True)
        try:
            lost = sum(container.exec_run(["echo", "here"]).output != b"here\n" for _ in range(60))
            lost += sum(container.exec_run("sh -c 'echo out; echo err >&2'", demux=True).output != (b"out\n", b"err\n") for _ in range(10))
        finally:
            container.remove(force=True)
        lost += sum(client.containers.run("busybox", ["echo", "ran"], remove=True) != b"ran\n" for _ in range(10))
        print("lost", lost)
        """;

    [Fact]
    public void No_output_of_an_exec_is_lost()
        => Assert.Equal("lost 0", Command.Run("/usr/bin/python3", "-c", Script, shared.Daemon.Host).Ok().Line);
}
