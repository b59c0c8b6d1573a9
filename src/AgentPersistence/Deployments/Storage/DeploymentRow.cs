using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Deployments.Storage;

/// <summary>A deployment as it was read, with the write that gave it its status.</summary>
internal sealed record DeploymentRow(Deployment Deployment, Guid WriteId)
{
    /// <summary>Reads <c>{Deployment.*}</c>.</summary>
    public static DeploymentRow Read(StoreReader row)
    {
        var columns = row.Table<DeploymentEntity>();
        return new(
            new Deployment
            {
                Id = row.Id(columns.Ordinal(nameof(DeploymentEntity.Id))),
                GitSha = row.Text(columns.Ordinal(nameof(DeploymentEntity.GitSha))),
                Branch = row.Text(columns.Ordinal(nameof(DeploymentEntity.Branch))),
                Status = EnumText<DeploymentStatus>.Parse(row.Text(columns.Ordinal(nameof(DeploymentEntity.Status)))),
                ReportText = row.TextOrNull(columns.Ordinal(nameof(DeploymentEntity.ReportText))),
                CreatedAt = row.Time(columns.Ordinal(nameof(DeploymentEntity.CreatedAt))),
                UpdatedAt = row.Time(columns.Ordinal(nameof(DeploymentEntity.UpdatedAt))),
            },
            row.Id(columns.Ordinal(nameof(DeploymentEntity.WriteId))));
    }
}
