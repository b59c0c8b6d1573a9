using System.Text.Json;
using AgentPersistence.Approvals;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;
using AgentPersistence.Interactions;
using AgentPersistence.Knowledge;
using AgentPersistence.Jobs;
using AgentPersistence.Incidents;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;
using AgentPersistence.Transactions;

namespace AgentPersistence.Tests;

public class RecordEqualityTests
{
    private static readonly Dictionary<string, Func<JsonElement?, object>> Records = new()
    {
        ["AuditEntry.Input"] = json => new AuditEntry { Input = json },
        ["AuditEntry.Output"] = json => new AuditEntry { Output = json },
        ["AuditEntry.Details"] = json => new AuditEntry { Details = json },
        ["AuditRecord.Input"] = json => new AuditRecord { Input = json },
        ["AuditRecord.Output"] = json => new AuditRecord { Output = json },
        ["AuditRecord.Details"] = json => new AuditRecord { Details = json },
        ["AuditOutcome"] = json => new AuditOutcome(AuditStatus.Success, json),
        ["AuditOutcome with"] = json => new AuditOutcome(AuditStatus.Success) with { Output = json },
        ["NewSession"] = json => new NewSession { State = json },
        ["AgentSession"] = json => new AgentSession { State = json },
        ["IdempotencyClaim"] = json => new IdempotencyClaim { Result = json },
        ["IdempotencyRecord"] = json => new IdempotencyRecord { Result = json },
        ["IdempotencyResolution"] = json => new IdempotencyResolution(IdempotencyState.Completed, json),
        ["IdempotencyResolution with"] = json => new IdempotencyResolution(IdempotencyState.Completed) with { Result = json },
        ["CustomerContext"] = json => new CustomerContext { CustomNotes = json },
        ["CustomerContextUpdate"] = json => new CustomerContextUpdate { CustomNotes = json },
        ["CustomerInteraction"] = json => new CustomerInteraction { Notes = json },
        ["NewMessage"] = json => new NewMessage { Role = MessageRole.User, RawPayload = json },
        ["ChatMessage"] = json => new ChatMessage { RawPayload = json },
        ["NewArtifact"] = json => new NewArtifact { Kind = ArtifactKind.ToolResult, Content = json },
        ["ArtifactUpdate"] = json => new ArtifactUpdate { Content = json },
        ["NewKnowledgeDocument"] = json => new NewKnowledgeDocument { FileId = "f", Title = "t", Metadata = json },
        ["KnowledgeDocument"] = json => new KnowledgeDocument { Metadata = json },
        ["NewInteraction"] = json => new NewInteraction
        {
            AssistantMode = AssistantMode.Banker, UserQuery = "q", Outcome = InteractionOutcome.Resolved, Citations = json,
        },
        ["Interaction"] = json => new Interaction { Citations = json },
        ["MessageArtifact"] = json => new MessageArtifact { Content = json },
        ["NewTransaction.Input"] = json => new NewTransaction { Input = json },
        ["NewTransaction.RollbackData"] = json => new NewTransaction { RollbackData = json },
        ["TransactionResult.Output"] = json => new TransactionResult { Output = json },
        ["TransactionResult.RollbackData"] = json => new TransactionResult { RollbackData = json },
        ["JournaledTransaction"] = json => new JournaledTransaction { RollbackData = json },
        ["NewJob"] = json => new NewJob { Mode = "m", Payload = json },
        ["Job.Payload"] = json => new Job { Payload = json },
        ["Job.Result"] = json => new Job { Result = json },
        ["JobOutcome"] = json => JobOutcome.Done(json),
        ["NewIncident"] = json => new NewIncident { SignalCluster = "s", Confidence = 1, ActionsTaken = json },
        ["IncidentUpdate"] = json => new IncidentUpdate { Outcome = IncidentOutcome.Completed, ActionsTaken = json },
        ["Incident"] = json => new Incident { ActionsTaken = json },
    };

    public static TheoryData<string> Names => [.. Records.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Records_compare_json_by_its_text(string name)
    {
        var make = Records[name];

        Assert.Equal(make(Json("""{"a":1}""")), make(Json("""{"a":1}""")));
        Assert.Equal(make(Json("""{"a":1}""")).GetHashCode(), make(Json("""{"a":1}""")).GetHashCode());
        Assert.NotEqual(make(Json("""{"a":1}""")), make(Json("""{"a":2}""")));
        Assert.NotEqual(make(Json("null")), make(null));
        Assert.Equal(make(null), make(null));
        Assert.Equal(make(default(JsonElement)), make(default(JsonElement)));
        Assert.NotNull(make(default(JsonElement)).ToString());
    }

    [Fact]
    public void A_session_update_compares_its_state_by_its_text()
    {
        var update = new SessionUpdate { State = Json("[1]"), ExpectedVersion = 3 };

        Assert.Equal(update, update with { State = Json("[1]") });
        Assert.NotEqual(update, update with { State = Json("[2]") });
        Assert.Equal(new SessionUpdate { State = default }, new SessionUpdate { State = default });
    }

    [Fact]
    public void Approvals_compare_their_action_by_its_text()
    {
        var asked = new NewApproval { ProposalText = "?", Action = Json("[1]") };
        var stored = new Approval { Action = Json("[1]") };

        Assert.Equal(asked, asked with { Action = Json("[1]") });
        Assert.NotEqual(asked, asked with { Action = Json("[2]") });
        Assert.Equal(stored, stored with { Action = Json("[1]") });
        Assert.NotEqual(stored, stored with { Action = Json("[2]") });
        Assert.Equal(new Approval(), new Approval());
    }

    [Fact]
    public void Positional_records_deconstruct()
    {
        var (status, output, message) = new AuditOutcome(AuditStatus.Failure, Json("1"), "no");
        var (state, result, error) = new IdempotencyResolution(IdempotencyState.Failed, Error: "no");

        Assert.Equal((AuditStatus.Failure, "1", "no"), (status, output!.Value.GetRawText(), message));
        Assert.Equal((IdempotencyState.Failed, null, "no"), (state, result, error));
    }

    [Fact]
    public void Summaries_compare_their_numbers()
    {
        static RunSummary Make(long approved) => new()
        {
            TotalRuns = 2,
            P95DurationMs = 1.5,
            Outcomes = new Dictionary<string, long> { ["approved"] = approved, ["denied"] = 1 },
            Journeys = new Dictionary<string, RunSummary> { ["refund"] = new() { TotalRuns = 2 } },
        };

        Assert.Equal(Make(1), Make(1));
        Assert.Equal(Make(1).GetHashCode(), Make(1).GetHashCode());
        Assert.NotEqual(Make(1), Make(2));
        Assert.NotEqual(Make(1), Make(1) with { Journeys = new Dictionary<string, RunSummary> { ["refund"] = new() } });
        Assert.Equal(new RunSummary(), new RunSummary());
    }

    [Fact]
    public void Undone_runs_compare_their_steps_in_order()
    {
        var (a, b) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var undo = new RunUndo { RunId = "r", Undone = [a, b], Remaining = [b] };

        Assert.Equal(undo, undo with { Undone = [a, b], Remaining = [b] });
        Assert.Equal(undo.GetHashCode(), (undo with { Undone = [a, b] }).GetHashCode());
        Assert.NotEqual(undo, undo with { Undone = [b, a] });
        Assert.NotEqual(undo, undo with { Remaining = [a] });
        Assert.NotEqual(undo, undo with { Failure = new TimeoutException() });
        Assert.False(undo.IsComplete);
    }

    [Fact]
    public void Metrics_of_interactions_compare_their_numbers()
    {
        static InteractionMetrics Make(long resolved, long inBucket, long inPeriod) => new()
        {
            Totals = new InteractionCounts(9, resolved),
            Intents = new Dictionary<string, InteractionCounts> { ["fees"] = new(3, 2), ["transfer"] = new(1, 0) },
            Categories = new Dictionary<IntentCategory, InteractionCounts> { [IntentCategory.Sensitive] = new(4, 4) },
            EscalationTriggers = new Dictionary<string, long> { ["human_only"] = 2 },
            Confidence = new ConfidenceMetrics { Count = 1, Mean = 0.5, Distribution = [0, inBucket] },
            Series = [new InteractionPeriod(DateTimeOffset.UnixEpoch, new InteractionCounts(inPeriod, 0))],
        };

        Assert.Equal(Make(1, 2, 3), Make(1, 2, 3));
        Assert.Equal(Make(1, 2, 3).GetHashCode(), Make(1, 2, 3).GetHashCode());
        Assert.NotEqual(Make(1, 2, 3), Make(2, 2, 3));
        Assert.NotEqual(Make(1, 2, 3), Make(1, 3, 3));
        Assert.NotEqual(Make(1, 2, 3), Make(1, 2, 4));
        Assert.NotEqual(Make(1, 2, 3), Make(1, 2, 3) with { EscalationTriggers = new Dictionary<string, long> { ["human_only"] = 3 } });
        Assert.NotEqual(Make(1, 2, 3), Make(1, 2, 3) with { Intents = new Dictionary<string, InteractionCounts> { ["fees"] = new(3, 2) } });
        Assert.Equal(new InteractionMetrics(), new InteractionMetrics());
    }

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
