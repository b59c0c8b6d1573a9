using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace AgentPersistence.Providers.Sqlite;

#pragma warning disable EF1001 // The constructor of the provider's own generator takes its annotations.

/// <summary>Adds to a table what the EF model cannot say: the audit log's triggers, the incidents' full-text index.</summary>
internal class SqliteMigrationsSqlGenerator(MigrationsSqlGeneratorDependencies dependencies, IRelationalAnnotationProvider annotations)
    : Microsoft.EntityFrameworkCore.Migrations.SqliteMigrationsSqlGenerator(dependencies, annotations)
{
    protected override void Generate(
        CreateTableOperation operation, IModel? model, MigrationCommandListBuilder builder, bool terminate = true)
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
