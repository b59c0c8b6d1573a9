namespace AgentPersistence.Deployments;

/// <summary>
/// What was deployed, from which branch, and how it went. When a call returns, what it wrote is durable; bound to a transaction, it is
/// durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewDeployment.Branch)</c>). A write whose answer is lost is repeated
/// safely, and never reported as a conflict with itself.
/// </remarks>
public interface IDeploymentLog
{
    /// <summary>Creates a deployment, as <see cref="DeploymentStatus.Building"/>. With an id of the caller's it may be repeated.</summary>
    /// <param name="deployment">What is deployed.</param>
    /// <param name="cancellationToken">Cancels the call; the deployment may be stored all the same.</param>
    /// <returns>The deployment as stored, by this call or before (<see cref="Deployment.AlreadyStored"/>), however it stands now.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="deployment"/> breaks its documented rule.</exception>
    /// <exception cref="DeploymentConflictException">The id is taken by another commit or branch. Nothing was stored.</exception>
    Task<Deployment> CreateAsync(NewDeployment deployment, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves a deployment on to a status that may follow its own. The status it has already is a success that changes at most the
    /// report. Of callers who move it to different ends, across processes, one succeeds.
    /// </summary>
    /// <param name="deploymentId">The deployment's id.</param>
    /// <param name="status">The status to move to.</param>
    /// <param name="reportText">What to report; it replaces the report before it. Null keeps that. Free text.</param>
    /// <param name="cancellationToken">Cancels the call; the status may be stored all the same.</param>
    /// <returns>The deployment as stored; <see cref="Deployment.AlreadyStored"/> says whether it had the status before.</returns>
    /// <exception cref="ArgumentException"><paramref name="status"/> is not defined.</exception>
    /// <exception cref="DeploymentNotFoundException">There is no such deployment.</exception>
    /// <exception cref="DeploymentTransitionException">The status cannot follow the one it has. Nothing was stored.</exception>
    /// <exception cref="WriteInDoubtException">
    /// The database's answer was lost and the deployment has moved on since: this status, or this report, may have been stored in between.
    /// </exception>
    Task<Deployment> UpdateStatusAsync(
        Guid deploymentId, DeploymentStatus status, string? reportText = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one deployment.</summary>
    /// <param name="deploymentId">The deployment's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The deployment, or null if there is none.</returns>
    Task<Deployment?> FindAsync(Guid deploymentId, CancellationToken cancellationToken = default);

    /// <summary>Reads the deployment that was created last.</summary>
    /// <param name="branch">Only of this branch; null for any. Not blank, at most 255 characters, no control characters.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The deployment, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="branch"/> breaks a rule above.</exception>
    Task<Deployment?> FindLatestAsync(string? branch = null, CancellationToken cancellationToken = default);

    /// <summary>Reads, of the deployments that are healthy now, the one that was created last: what to go back to.</summary>
    /// <param name="branch">Only of this branch; null for any. Not blank, at most 255 characters, no control characters.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The deployment, or null if none is healthy.</returns>
    /// <exception cref="ArgumentException"><paramref name="branch"/> breaks a rule above.</exception>
    Task<Deployment?> FindLatestHealthyAsync(string? branch = null, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of recent deployments, the newest creation first, then by id.</summary>
    /// <param name="query">Which deployments.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The page; shorter than <see cref="DeploymentQuery.Limit"/> only when nothing follows.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<Deployment>> QueryAsync(DeploymentQuery query, CancellationToken cancellationToken = default);
}
