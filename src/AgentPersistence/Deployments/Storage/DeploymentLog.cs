using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Deployments.Storage;

internal sealed class DeploymentLog(StoreExecutor executor) : IDeploymentLog
{
    public async Task<Deployment> CreateAsync(NewDeployment deployment, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        var id = Input.Id(deployment.Id, nameof(deployment.Id)) ?? executor.Ids.Next();
        var gitSha = Input.Key(deployment.GitSha, nameof(deployment.GitSha));
        var branch = Input.Key(deployment.Branch, nameof(deployment.Branch));
        var writeId = executor.Ids.Next();
        while (true)
        {
            var created = await executor.WriteAsync(
                (unit, ct) => unit.Command(unit.Dialect.CreateDeployment)
                    .Id("id", id).Text("git_sha", gitSha).Text("branch", branch)
                    .Text("status", EnumText<DeploymentStatus>.From(DeploymentStatus.Building)).Id("write_id", writeId)
                    .ReadFirstAsync(DeploymentRow.Read, ct),
                cancellationToken).ConfigureAwait(false)
                ?? await FindRowAsync(id, cancellationToken).ConfigureAwait(false);
            if (created is not null)
            {
                var (stored, isSame) = (created.Deployment, (created.Deployment.GitSha, created.Deployment.Branch) == (gitSha, branch));
                return created.WriteId == writeId || deployment.Id is null ? stored
                    : isSame ? stored with { AlreadyStored = true }
                    : throw new DeploymentConflictException(id);
            }
        }
    }

    public async Task<Deployment> UpdateStatusAsync(
        Guid deploymentId, DeploymentStatus status, string? reportText = null, CancellationToken cancellationToken = default)
    {
        Input.Defined(status, nameof(status));
        var update = new StatusUpdate(deploymentId, status, Input.Text(reportText), executor.Ids.Next());
        while (true)
        {
            if (await MoveAsync(update, cancellationToken).ConfigureAwait(false) is { } moved)
            {
                return moved.Deployment;
            }

            var found = await FindRowAsync(deploymentId, cancellationToken).ConfigureAwait(false)
                ?? throw new DeploymentNotFoundException(deploymentId);
            if (found.WriteId == update.WriteId)
            {
                // An attempt whose answer was lost was waiting in the server all the same, and came first.
                return found.Deployment;
            }

            if (await AnswerAsync(found.Deployment, update, cancellationToken).ConfigureAwait(false) is { } answer)
            {
                return answer;
            }
        }
    }

    public async Task<Deployment?> FindAsync(Guid deploymentId, CancellationToken cancellationToken = default) =>
        (await FindRowAsync(deploymentId, cancellationToken).ConfigureAwait(false))?.Deployment;

    public Task<Deployment?> FindLatestAsync(string? branch = null, CancellationToken cancellationToken = default) =>
        FindFirstAsync(new DeploymentQuery { Branch = Input.OptionalKey(branch, nameof(branch)), Limit = 1 }, cancellationToken);

    public Task<Deployment?> FindLatestHealthyAsync(string? branch = null, CancellationToken cancellationToken = default) =>
        FindFirstAsync(
            new DeploymentQuery { Branch = Input.OptionalKey(branch, nameof(branch)), Status = DeploymentStatus.Healthy, Limit = 1 },
            cancellationToken);

    public async Task<IReadOnlyList<Deployment>> QueryAsync(DeploymentQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var branch = Input.OptionalKey(query.Branch, nameof(query.Branch));
        var gitSha = Input.OptionalKey(query.GitSha, nameof(query.GitSha));
        var status = query.Status is { } asked ? EnumText<DeploymentStatus>.From(Input.Defined(asked, nameof(query.Status))) : null;
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryDeployments(query))
                .Text("branch", branch).Text("git_sha", gitSha).Text("status", status)
                .Time("from", Input.Time(query.From)).Time("to", Input.Time(query.To))
                .Time("after_time", Input.Time(query.After?.CreatedAt)).Id("after_id", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(row => DeploymentRow.Read(row).Deployment, ct),
            cancellationToken).ConfigureAwait(false);
    }

    private Task<DeploymentRow?> MoveAsync(StatusUpdate update, CancellationToken cancellationToken) => executor.WriteAsync(
        async (unit, ct) =>
        {
            update.MayBeStored |= unit.IsRepeat;
            var own = update.MayBeStored ? await FindRowAsync(unit, update.Id, ct).ConfigureAwait(false) : null;
            return own?.WriteId == update.WriteId
                ? own
                : await unit.Command(unit.Dialect.MoveDeployment)
                    .Id("id", update.Id).Text("status", EnumText<DeploymentStatus>.From(update.Status)).Text("report", update.Report)
                    .Texts("before", [.. DeploymentTransitions.Before(update.Status).Select(EnumText<DeploymentStatus>.From)])
                    .Id("write_id", update.WriteId).ReadFirstAsync(DeploymentRow.Read, ct).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>What the caller gets where nothing was moved; null when the move would succeed by now.</summary>
    private async Task<Deployment?> AnswerAsync(Deployment found, StatusUpdate update, CancellationToken cancellationToken)
    {
        if (found.Status != update.Status)
        {
            return DeploymentTransitions.Before(update.Status).Contains(found.Status) ? null
                : update.MayBeStored && DeploymentTransitions.LeadsTo(update.Status, found.Status)
                    ? throw new WriteInDoubtException("deployment", $"{found.Id}")
                : throw new DeploymentTransitionException(found.Id, found.Status, update.Status);
        }

        var reported = update.Report is null || update.Report == found.ReportText
            ? found
            : await ReportAsync(update, cancellationToken).ConfigureAwait(false);
        return reported is null ? null : reported with { AlreadyStored = true };
    }

    // The write id stays that of the move. Repeated after a lost answer it reports the same again.
    private Task<Deployment?> ReportAsync(StatusUpdate update, CancellationToken cancellationToken) => executor.WriteAsync(
        (unit, ct) =>
        {
            update.MayBeStored |= unit.IsRepeat;
            return unit.Command(unit.Dialect.ReportOnDeployment)
                .Id("id", update.Id).Text("status", EnumText<DeploymentStatus>.From(update.Status)).Text("report", update.Report)
                .ReadFirstAsync(row => DeploymentRow.Read(row).Deployment, ct);
        },
        cancellationToken);

    private async Task<Deployment?> FindFirstAsync(DeploymentQuery query, CancellationToken cancellationToken) =>
        await QueryAsync(query, cancellationToken).ConfigureAwait(false) is [var first] ? first : null;

    private Task<DeploymentRow?> FindRowAsync(Guid id, CancellationToken cancellationToken) =>
        executor.ReadAsync((unit, ct) => FindRowAsync(unit, id, ct), cancellationToken);

    private static Task<DeploymentRow?> FindRowAsync(UnitOfWork unit, Guid id, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindDeployment).Id("id", id).ReadFirstAsync(DeploymentRow.Read, cancellationToken);

    /// <summary>What one call asks for.</summary>
    private sealed class StatusUpdate(Guid id, DeploymentStatus status, string? report, Guid writeId)
    {
        public Guid Id => id;

        public DeploymentStatus Status => status;

        public string? Report => report;

        public Guid WriteId => writeId;

        /// <summary>Whether an attempt at it may have been stored although its answer was lost.</summary>
        public bool MayBeStored { get; set; }
    }
}
