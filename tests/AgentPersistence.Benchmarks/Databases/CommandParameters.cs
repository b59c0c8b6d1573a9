using Npgsql;

namespace AgentPersistence.Benchmarks.Databases;

internal static class CommandParameters
{
    /// <summary>Gives the parameters $1, $2, … their values.</summary>
    public static void Fill(this NpgsqlCommand command, params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
