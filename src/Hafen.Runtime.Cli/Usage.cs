namespace Hafen.Runtime.Cli;

/// <summary>The help text.</summary>
internal static class Usage
{
    public static int Print()
    {
        Console.Out.WriteLine("""
            hafen-runtime - OCI runtime, and the monitor of Hafen's containers

            usage: hafen-runtime [global options] VERB [options] [arguments]

            verbs:
              create     make a container that waits for its start
              start      start a created container
              run        create, start, wait and remove
              exec       execute a further process in a container
              kill       send a signal (default TERM) to the container's init, or to all with --all
              delete     remove a stopped container, or any with --force
              state      print a container's state as JSON
              list       list containers
              ps         list a container's processes
              events     print counters and out-of-memory kills as JSON
              update     change limits of a container
              pause      stop all processes
              resume     let them run again
              features   print what this runtime supports as JSON
              spec       write a config.json to start from
              monitor    (for hafend) stay beside one container

            global options:
              --root FOLDER        where states are kept (/run/hafen/runtime)
              --log FILE           append errors to this file
              --log-format FORMAT  text or json
              --version, --help
            """);
        return 0;
    }

    public static int PrintVersion()
    {
        Console.Out.WriteLine($"hafen-runtime version {typeof(Usage).Assembly.GetName().Version?.ToString(3)}\nspec: 1.2.0");
        return 0;
    }
}
