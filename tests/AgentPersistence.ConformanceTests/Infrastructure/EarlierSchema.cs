using AgentPersistence.Internal.Execution;
using AgentPersistence.Providers;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentPersistence.ConformanceTests.Infrastructure;

/// <summary>A database as an earlier version of the library has left it.</summary>
internal static class EarlierSchema
{
    /// <summary>Migrates an empty database no further than a migration.</summary>
    public static async Task CreateAsync(Agent agent, string migration)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var unit = await agent.Get<DatabaseConnections>().OpenAsync(WorkKind.Transaction, isRepeat: false, cancellationToken);
        await using var command = unit.Connection.CreateCommand();
        command.Transaction = unit.Transaction;
        command.CommandText = unit.Context.GetService<IMigrator>()
            .GenerateScript(toMigration: migration, options: MigrationsSqlGenerationOptions.NoTransactions);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await unit.CommitAsync(cancellationToken);
    }
}
