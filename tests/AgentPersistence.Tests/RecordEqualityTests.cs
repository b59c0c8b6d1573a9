using System.Text.Json;
using AgentPersistence.Auditing;
using AgentPersistence.Conversations;
using AgentPersistence.Customers;
using AgentPersistence.Idempotency;
using AgentPersistence.Incidents;
using AgentPersistence.Metrics;
using AgentPersistence.Sessions;

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
        ["MessageArtifact"] = json => new MessageArtifact { Content = json },
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

    private static JsonElement Json(string text) => JsonElement.Parse(text);
}
