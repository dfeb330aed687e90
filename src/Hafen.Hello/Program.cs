using Hafen.Hello;

return Greeting.Print();
