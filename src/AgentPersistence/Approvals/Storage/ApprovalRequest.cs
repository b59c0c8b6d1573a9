using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Approvals.Storage;

/// <summary>A new approval whose members have been checked, with its id.</summary>
internal sealed record ApprovalRequest
{
    public required Guid Id { get; init; }

    public required Guid? ThreadId { get; init; }

    public required Guid? JobId { get; init; }

    public required string ProposalText { get; init; }

    public required ApprovalAction Action { get; init; }

    public required string? RequestedBy { get; init; }

    public required DateTimeOffset? ExpiresAt { get; init; }

    public required TimeSpan? TimeToLive { get; init; }

    public static ApprovalRequest Check(NewApproval approval, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(approval.ProposalText, nameof(approval.ProposalText));
        var timeToLive = Input.Duration(approval.TimeToLive, Input.MaxTimeToLive, nameof(approval.TimeToLive));
        if (timeToLive is not null && approval.ExpiresAt is not null)
        {
            throw new ArgumentException("An approval expires at a time or after a time, not both.", nameof(approval.ExpiresAt));
        }

        return new()
        {
            Id = Input.Id(approval.Id, nameof(approval.Id)) ?? executor.Ids.Next(),
            ThreadId = approval.ThreadId,
            JobId = approval.JobId,
            ProposalText = Input.Text(approval.ProposalText),
            Action = ApprovalAction.Check(approval.Action, nameof(approval.Action), executor.Options.MaxJsonBytes),
            RequestedBy = Input.OptionalKey(approval.RequestedBy, nameof(approval.RequestedBy)),
            ExpiresAt = Input.Time(approval.ExpiresAt),
            TimeToLive = timeToLive,
        };
    }

    /// <summary>Stores it, in the place of another approval where one is named; no row comes back where its id is taken.</summary>
    public Task<ApprovalRow?> InsertAsync(UnitOfWork unit, Guid? supersedes, CancellationToken cancellationToken) =>
        unit.Command(supersedes is null ? unit.Dialect.CreateApproval : unit.Dialect.CreateReplacement)
            .Id("id", Id).Id("thread_id", ThreadId).Id("job_id", JobId).Text("proposal", ProposalText)
            .Json("action", Action.Text).Text("digest", Action.Digest).Text("requested_by", RequestedBy)
            .Id("supersedes", supersedes).Time("expires_at", ExpiresAt)
            .Number("time_to_live", TimeToLive?.Ticks / TimeSpan.TicksPerMicrosecond)
            .ReadFirstAsync(ApprovalRow.Read, cancellationToken);

    /// <summary>Whether an approval that has the id already is this one, asked for again.</summary>
    public bool IsSameAs(Approval stored, Approval? superseded = null) =>
        stored.Id == Id
        && stored.Supersedes == superseded?.Id
        && stored.ThreadId == (ThreadId ?? superseded?.ThreadId)
        && stored.JobId == (JobId ?? superseded?.JobId)
        && stored.ProposalText == ProposalText
        && stored.ActionDigest == Action.Digest
        && stored.RequestedBy == RequestedBy;
}
