using AgentPersistence.Deployments;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because a write is one round trip that also returns the row, and because a page is sought by two columns at once.
internal abstract partial class SqlDialect
{
    /// <summary>Creates a deployment, unless its id is there; then no row comes back.</summary>
    public SqlStatement CreateDeployment => field ??= Statement($$"""
        INSERT INTO {Deployment} (
            {Deployment.Id}, {Deployment.GitSha}, {Deployment.Branch}, {Deployment.Status}, {Deployment.CreatedAt}, {Deployment.UpdatedAt},
            {Deployment.WriteId})
        SELECT @id, @git_sha, @branch, @status, t.now, t.now, @write_id
        FROM (SELECT {{Clock}} AS now) AS t
        WHERE true
        ON CONFLICT ({Deployment.Id}) DO NOTHING
        RETURNING {Deployment.*}
        """);

    public SqlStatement FindDeployment => field ??= Statement("""
        SELECT {Deployment.*} FROM {Deployment} WHERE {Deployment.Id} = @id
        """);

    /// <summary>Moves a deployment on, if its status is one of <c>@before</c>; no row comes back otherwise.</summary>
    public SqlStatement MoveDeployment => field ??= Statement($$"""
        UPDATE {Deployment}
        SET {Deployment.Status} = @status,
            {Deployment.ReportText} = coalesce(@report, {Deployment.ReportText}),
            {Deployment.UpdatedAt} = {{Clock}},
            {Deployment.WriteId} = @write_id
        WHERE {Deployment.Id} = @id AND {{Filter($"{{Deployment.Status}} {AnyOf("@before")}")}}
        RETURNING {Deployment.*}
        """);

    /// <summary>Replaces the report of a deployment that has the status; no row comes back otherwise.</summary>
    public SqlStatement ReportOnDeployment => field ??= Statement($$"""
        UPDATE {Deployment} SET {Deployment.ReportText} = @report, {Deployment.UpdatedAt} = {{Clock}}
        WHERE {Deployment.Id} = @id AND {{Filter("{Deployment.Status} = @status")}}
        RETURNING {Deployment.*}
        """);

    /// <summary>One page, newest first. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QueryDeployments(DeploymentQuery query) => Statement($$"""
        SELECT {Deployment.*}
        FROM {Deployment}
        WHERE true
            {{(query.Branch is null ? "" : "AND {Deployment.Branch} = @branch")}}
            {{(query.GitSha is null ? "" : "AND {Deployment.GitSha} = @git_sha")}}
            {{(query.Status is null ? "" : "AND {Deployment.Status} = @status")}}
            {{(query.From is null ? "" : "AND {Deployment.CreatedAt} >= @from")}}
            {{(query.To is null ? "" : "AND {Deployment.CreatedAt} < @to")}}
            {{(query.After is null ? "" : "AND ({Deployment.CreatedAt}, {Deployment.Id}) < (@after_time, @after_id)")}}
        ORDER BY {Deployment.CreatedAt} DESC, {Deployment.Id} DESC
        LIMIT @limit
        """);
}
