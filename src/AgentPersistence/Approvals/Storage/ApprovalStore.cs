using System.Text.Json;
using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;
using AgentPersistence.Jobs.Hosting;
using AgentPersistence.Jobs.Storage;

namespace AgentPersistence.Approvals.Storage;

/// <param name="executor">How the work reaches the database.</param>
/// <param name="watch">Who waits for decisions; null inside a transaction, where nobody may.</param>
/// <param name="signals">Tells workers of the jobs that a decision wakes.</param>
internal sealed class ApprovalStore(StoreExecutor executor, ApprovalWatch? watch, JobSignals signals) : IApprovalStore
{
    private static readonly string Approved = EnumText<ApprovalStatus>.From(ApprovalStatus.Approved);
    private static readonly string Rejected = EnumText<ApprovalStatus>.From(ApprovalStatus.Rejected);

    public async Task<Approval> CreateAsync(NewApproval approval, CancellationToken cancellationToken = default)
    {
        var request = ApprovalRequest.Check(approval, executor);
        var stored = await executor.WriteAsync((unit, ct) => request.InsertAsync(unit, supersedes: null, ct), cancellationToken)
            .ConfigureAwait(false);
        if (stored is not null)
        {
            return stored.Approval;
        }

        var found = await FindAsync(request.Id, cancellationToken).ConfigureAwait(false);
        return found is not null && request.IsSameAs(found) ? found : throw new DuplicateApprovalException(request.Id);
    }

    public async Task<Approval?> FindAsync(Guid approvalId, CancellationToken cancellationToken = default) =>
        (await executor.ReadAsync((unit, ct) => FindRowAsync(unit, approvalId, ct), cancellationToken).ConfigureAwait(false))?.Approval;

    public async Task<ApprovalStatus> CheckAsync(Guid approvalId, CancellationToken cancellationToken = default) =>
        (await GetAsync(approvalId, cancellationToken).ConfigureAwait(false)).Status;

    public async Task<IReadOnlyList<Approval>> QueryAsync(ApprovalQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var limit = Input.Limit(query.Limit, Input.MaxPageSize, nameof(query.Limit));
        var status = query.Status is { } asked ? EnumText<ApprovalStatus>.From(Input.Defined(asked, nameof(query.Status))) : null;
        return await executor.ReadAsync(
            (unit, ct) => unit.Command(unit.Dialect.QueryApprovals(query))
                .Text("status", status).Id("thread_id", query.ThreadId).Id("job_id", query.JobId).Time("from", Input.Time(query.From))
                .Time("after_time", query.After?.CreatedAt).Id("after_id", query.After?.Id).Number("limit", limit)
                .ReadAllAsync(row => ApprovalRow.Read(row).Approval, ct),
            cancellationToken).ConfigureAwait(false);
    }

    public Task<Approval> ResolveAsync(
        Guid approvalId,
        ApprovalDecision decision,
        string decidedBy,
        string? reason = null,
        CancellationToken cancellationToken = default)
    {
        var status = Input.Defined(decision, nameof(decision)) == ApprovalDecision.Approve ? Approved : Rejected;
        var approver = Input.Key(decidedBy, nameof(decidedBy));
        var why = Input.Text(reason);
        return DecideAsync<Approval>(
            async (unit, ct) =>
            {
                while (true)
                {
                    var decided = await unit.Command(unit.Dialect.ResolveApproval)
                        .Id("id", approvalId).Text("status", status).Text("decided_by", approver).Text("reason", why)
                        .Id("write_id", executor.Ids.Next())
                        .ReadFirstAsync(ApprovalRow.Read, ct).ConfigureAwait(false);
                    if (decided is null)
                    {
                        // Somebody may have decided in time whose commit is still to come: then it has not expired.
                        await unit.Command(unit.Dialect.LockApproval).Id("id", approvalId).ExecuteAsync(ct).ConfigureAwait(false);
                    }

                    var found = decided?.Approval ?? await GetAsync(unit, approvalId, ct).ConfigureAwait(false);
                    if (decided is not null || IsDecidedSo(found, decision, approver, unit.IsRepeat))
                    {
                        return new(found, [approvalId]);
                    }

                    if (found.Status != ApprovalStatus.Pending)
                    {
                        throw new ApprovalConflictException(approvalId, found.Status, found.DecidedBy);
                    }
                }
            },
            cancellationToken);
    }

    public Task<Approval> SupersedeAsync(Guid approvalId, NewApproval replacement, CancellationToken cancellationToken = default)
    {
        var request = ApprovalRequest.Check(replacement, executor);
        return DecideAsync<Approval>(
            async (unit, ct) =>
            {
                // Locked first, so that what the insert finds is what the update replaces.
                await unit.Command(unit.Dialect.LockApproval).Id("id", approvalId).ExecuteAsync(ct).ConfigureAwait(false);
                var created = await request.InsertAsync(unit, approvalId, ct).ConfigureAwait(false);
                if (created is null)
                {
                    return new(await FindReplacementAsync(unit, approvalId, request, ct).ConfigureAwait(false), [approvalId]);
                }

                await unit.Command(unit.Dialect.SupersedeApproval).Id("id", approvalId).Id("superseded_by", request.Id)
                    .ExecuteAsync(ct).ConfigureAwait(false);
                return new(created.Approval, [approvalId]);
            },
            cancellationToken);
    }

    public async Task<Approval> ConsumeAsync(Guid approvalId, JsonElement action, CancellationToken cancellationToken = default)
    {
        var digest = ApprovalAction.Check(action, nameof(action), executor.Options.MaxJsonBytes).Digest;
        var writeId = executor.Ids.Next();
        while (true)
        {
            var consumed = await executor.WriteAsync(
                (unit, ct) => unit.Command(unit.Dialect.ConsumeApproval)
                    .Id("id", approvalId).Text("digest", digest).Id("write_id", writeId)
                    .ReadFirstAsync(ApprovalRow.Read, ct),
                cancellationToken).ConfigureAwait(false);
            if (consumed is not null)
            {
                return consumed.Approval;
            }

            // Nothing follows a consumption, so one whose answer was lost still bears its id.
            var found = await executor.ReadAsync((unit, ct) => FindRowAsync(unit, approvalId, ct), cancellationToken).ConfigureAwait(false)
                ?? throw new ApprovalNotFoundException(approvalId);
            if (found.WriteId == writeId)
            {
                return found.Approval;
            }

            if (WhyNotConsumed(found.Approval, digest) is { } refusal)
            {
                throw refusal;
            }
        }
    }

    public async Task<Approval> WaitAsync(Guid approvalId, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        if (watch is null)
        {
            throw new InvalidOperationException(
                "A store that is bound to a transaction does not wait: the transaction would be held open while somebody thinks.");
        }

        Input.Wait(timeout, Input.MaxWait, nameof(timeout));
        using var waiting = watch.Watch(approvalId);
        var found = await GetAsync(approvalId, cancellationToken).ConfigureAwait(false);
        if (found.Status != ApprovalStatus.Pending || timeout == TimeSpan.Zero)
        {
            return found;
        }

        try
        {
            await waiting.Decided.WaitAsync(timeout, executor.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Whatever it is by now is the answer.
        }

        return await GetAsync(approvalId, cancellationToken).ConfigureAwait(false);
    }

    public async Task<int> ExpireAsync(int limit = 1_000, CancellationToken cancellationToken = default)
    {
        Input.Limit(limit, Input.MaxPageSize, nameof(limit));

        // It wakes no jobs: they wait no longer than to the expiry, and one that a transaction holds would hold up all these approvals.
        var expired = await executor.WriteAsync(
            (unit, ct) => unit.Command(unit.Dialect.ExpireApprovals).Number("limit", limit).Id("write_id", executor.Ids.Next())
                .ReadAllAsync(row => row.Id(0), ct),
            cancellationToken).ConfigureAwait(false);
        watch?.Signal(expired);
        return expired.Count;
    }

    /// <summary>Every decision goes through here: what it changes elsewhere is stored with it, and who waits learns of it then.</summary>
    private async Task<T> DecideAsync<T>(
        Func<UnitOfWork, CancellationToken, Task<Decided<T>>> decide, CancellationToken cancellationToken)
    {
        var (decided, woken) = await executor.TransactAsync(
            async (unit, ct) =>
            {
                var decided = await decide(unit, ct).ConfigureAwait(false);
                return (decided, await JobApprovals.WakeAsync(unit, decided.Approvals, ct).ConfigureAwait(false));
            },
            cancellationToken).ConfigureAwait(false);
        watch?.Signal(decided.Approvals);
        executor.AfterCommit(() => woken.ForEach(signals.Raise));
        return decided.Answer;
    }

    /// <summary>Whether this is the decision that was asked for; after a lost answer also where something has followed it since.</summary>
    private static bool IsDecidedSo(Approval found, ApprovalDecision decision, string approver, bool isRepeat) =>
        found.DecidedBy == approver
        && (decision == ApprovalDecision.Reject
            ? found.Status == ApprovalStatus.Rejected
            : found.Status == ApprovalStatus.Approved || (isRepeat && found.Status != ApprovalStatus.Rejected));

    private static AgentPersistenceException? WhyNotConsumed(Approval found, string digest) =>
        found.ActionDigest != digest ? new ApprovalActionMismatchException(found.Id, found.ActionDigest, digest)
            : found.Status != ApprovalStatus.Approved ? new ApprovalNotApprovedException(found.Id, found.Status)
            : found.ConsumedAt is { } consumedAt ? new ApprovalConsumedException(found.Id, consumedAt)
            : null;

    /// <summary>What an earlier call with the same replacement has stored; otherwise the reason why none was.</summary>
    private static async Task<Approval> FindReplacementAsync(
        UnitOfWork unit, Guid approvalId, ApprovalRequest request, CancellationToken cancellationToken)
    {
        var superseded = await GetAsync(unit, approvalId, cancellationToken).ConfigureAwait(false);
        var taken = (await FindRowAsync(unit, request.Id, cancellationToken).ConfigureAwait(false))?.Approval;
        if (taken is not null && superseded.SupersededBy == taken.Id && request.IsSameAs(taken, superseded))
        {
            return taken;
        }

        throw superseded.ConsumedAt is { } consumedAt ? new ApprovalConsumedException(approvalId, consumedAt)
            : superseded.Status is not (ApprovalStatus.Pending or ApprovalStatus.Approved)
                ? new ApprovalConflictException(approvalId, superseded.Status, superseded.DecidedBy)
            : new DuplicateApprovalException(request.Id);
    }

    private Task<Approval> GetAsync(Guid approvalId, CancellationToken cancellationToken) =>
        executor.ReadAsync((unit, ct) => GetAsync(unit, approvalId, ct), cancellationToken);

    private static async Task<Approval> GetAsync(UnitOfWork unit, Guid approvalId, CancellationToken cancellationToken) =>
        (await FindRowAsync(unit, approvalId, cancellationToken).ConfigureAwait(false))?.Approval
            ?? throw new ApprovalNotFoundException(approvalId);

    private static Task<ApprovalRow?> FindRowAsync(UnitOfWork unit, Guid approvalId, CancellationToken cancellationToken) =>
        unit.Command(unit.Dialect.FindApproval).Id("id", approvalId).ReadFirstAsync(ApprovalRow.Read, cancellationToken);

    private readonly record struct Decided<T>(T Answer, IReadOnlyList<Guid> Approvals);
}
