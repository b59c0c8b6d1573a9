using AgentPersistence.Benchmarks;
using AgentPersistence.Benchmarks.Harness;
using AgentPersistence.Benchmarks.StartUp;

if (args is [FirstWrite.Command, ..])
{
    await FirstWrite.RunAsync(args[1..]);
    return 0;
}

var arguments = Arguments.Parse(args);
var suites = Suites.All.Where(s => arguments.Suites.Contains(s.Name) || arguments.Suites.Contains("all")).ToList();
if (suites.Count == 0)
{
    await Console.Error.WriteLineAsync(
        $"{Arguments.Usage}\n  suites: all\n{string.Join('\n', Suites.All.Select(s => $"    {s.Name,-14} {s.What}"))}");
    return 2;
}

await using var bench = new Bench(arguments, Console.Out, Console.Error);
await Surroundings.DescribeAsync(Console.Out);
foreach (var suite in suites)
{
    Console.WriteLine($"\n## {suite.Name}: {suite.What}\n");
    await suite.RunAsync(bench);
}

return 0;
