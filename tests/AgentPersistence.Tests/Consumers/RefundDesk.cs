using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;

namespace AgentPersistence.Tests.Consumers;

/// <summary>A host's own class, as it depends on the library: on interfaces only, and it reacts to what they throw.</summary>
public sealed class RefundDesk(
    IAuditLogger audit, IMetricsRecorder metrics, ISessionStore sessions, IIdempotencyCache idempotency, ICustomerContextStore customers)
{
    public async Task<string> RefundAsync(string customerId, string orderId, Func<CancellationToken, Task<string>> pay)
    {
        try
        {
            var request = new IdempotencyRequest { Key = IdempotencyKey.From("refund", orderId), Scope = "refunds" };
            return await idempotency.ExecuteAsync(request, pay);
        }
        catch (IdempotencyInFlightException other)
        {
            return $"come back in {other.RetryAfter?.TotalSeconds} s";
        }
        catch (IdempotencyFailedException failed)
        {
            await customers.RecordInteractionAsync(customerId, new CustomerInteraction { Denied = true });
            return $"refused: {failed.Error}";
        }
        catch (IdempotencyMismatchException)
        {
            return "another refund has this number";
        }
        catch (Exception unclear) when (unclear is IdempotencyIndeterminateException or LeaseLostException or WriteInDoubtException)
        {
            return "ask an operator";
        }
        catch (IdempotencyNotStartedException idle)
        {
            return $"not tried: {idle.Reason}";
        }
    }

    public async Task<string> ResolveAsync(string orderId, bool paid)
    {
        var resolution = paid
            ? new IdempotencyResolution(IdempotencyState.Completed, JsonElement.Parse("\"paid\""))
            : new IdempotencyResolution(IdempotencyState.Failed, Error: "not paid");
        return await idempotency.ResolveAsync(orderId, resolution, "refunds") ? "settled" : "nothing to settle";
    }

    public async Task<long> RememberAsync(string sessionId, JsonElement state, long version)
    {
        try
        {
            return (await sessions.SaveStateAsync(sessionId, new SessionUpdate { State = state, ExpectedVersion = version })).Version;
        }
        catch (SessionConflictException conflict)
        {
            return conflict.ActualVersion;
        }
        catch (SessionNotFoundException)
        {
            return await StartAsync(sessionId, state);
        }
        catch (SessionEndedException ended) when (ended.Status == SessionStatus.Expired)
        {
            return -1;
        }
    }

    public async Task<string> CloseAsync(Guid entryId, string? error)
    {
        var outcome = new AuditOutcome(error is null ? AuditStatus.Success : AuditStatus.Failure, ErrorMessage: error);
        try
        {
            return $"closed as {(await audit.CompleteAsync(entryId, outcome)).Id}";
        }
        catch (AuditConflictException conflict)
        {
            return $"closed before as {conflict.CurrentStatus}";
        }
        catch (AuditEntryNotFoundException)
        {
            return "never opened";
        }
    }

    public async Task<long> ForgiveAsync(string customerId, long version)
    {
        try
        {
            var update = new CustomerContextUpdate { TotalDenials = 0, ExpectedVersion = version };
            return (await customers.SetAsync(customerId, update)).Version;
        }
        catch (CustomerConflictException conflict)
        {
            return -conflict.ActualVersion;
        }
    }

    public async Task<double?> TypicalDurationAsync() =>
        (await metrics.SummarizeRunsAsync(new RunQuery { JourneyName = "refund" })).P50DurationMs;

    public Task FinishAsync(string runId, string outcome) =>
        metrics.RecordRunAsync(new RunMetrics { RunId = runId, JourneyName = "refund", FinalOutcome = outcome });

    private async Task<long> StartAsync(string sessionId, JsonElement state)
    {
        try
        {
            return (await sessions.CreateAsync(new NewSession { Id = sessionId, State = state })).Version;
        }
        catch (DuplicateSessionException)
        {
            return 0;
        }
    }
}
