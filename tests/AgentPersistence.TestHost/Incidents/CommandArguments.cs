using System.Globalization;

namespace AgentPersistence.TestHost.Incidents;

/// <summary>Arguments of the form `--name value`.</summary>
internal sealed class CommandArguments(string[] arguments)
{
    public string? Find(string name) =>
        Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : null;

    public int Number(string name, int otherwise) =>
        Find(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
