using Hafen.Init;

return Supervisor.Run();
