using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Infrastructure.Internal;
using Npgsql.EntityFrameworkCore.PostgreSQL.Migrations;

namespace AgentPersistence.Providers.PostgreSql;

#pragma warning disable EF1001 // The constructor of the provider's own generator takes its options.

/// <summary>Adds to a table what the EF model cannot say: the audit log's triggers, the incidents' full-text index.</summary>
internal sealed class PostgreSqlMigrationsSqlGenerator(MigrationsSqlGeneratorDependencies dependencies, INpgsqlSingletonOptions options)
    : NpgsqlMigrationsSqlGenerator(dependencies, options)
{
    protected override void Generate(CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
    {
        base.Generate(operation, model, builder, terminate);
        foreach (var statement in model is null
            ? []
            : AuditProtection.Of(operation.Name, model).Concat(IncidentSearchIndex.Of(operation.Name, model)))
        {
            builder.Append(statement).EndCommand();
        }
    }
}
