using AgentPersistence.Interactions;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers;

// By hand because a write is one round trip that also returns the row, and because a page is sought by two columns at once.
internal abstract partial class SqlDialect
{
    public SqlStatement FindInteraction => field ??= Statement("""
        SELECT {Interaction.*} FROM {Interaction} WHERE {Interaction.Id} = @id
        """);

    public SqlStatement DeleteInteraction => field ??= Statement("""
        DELETE FROM {Interaction} WHERE {Interaction.Id} = @id
        """);

    /// <summary>
    /// Adds an escalation; no row comes back if its id is there, or its interaction is not. A deletion waits, or comes first.
    /// </summary>
    public SqlStatement AddEscalation => field ??= Statement($$"""
        INSERT INTO {Escalation} (
            {Escalation.Id}, {Escalation.InteractionId}, {Escalation.TriggerType}, {Escalation.EscalationReason}, {Escalation.CreatedAt})
        SELECT @id, interaction.{Interaction.Id}, @trigger, @reason, {{Clock}}
        FROM {Interaction} AS interaction
        WHERE interaction.{Interaction.Id} = @interaction_id
        {{KeepFromDeletion("interaction")}}
        ON CONFLICT ({Escalation.Id}) DO NOTHING
        RETURNING {Escalation.*}
        """);

    public SqlStatement FindEscalation => field ??= Statement("""
        SELECT {Escalation.*} FROM {Escalation} WHERE {Escalation.Id} = @id
        """);

    /// <summary>One page, newest first. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QueryInteractions(InteractionQuery query) => Statement($$"""
        SELECT {Interaction.*}
        FROM {Interaction}
        WHERE true
            {{(query.AssistantMode is null ? "" : "AND {Interaction.AssistantMode} = @mode")}}
            {{(query.SessionId is null ? "" : "AND {Interaction.SessionId} = @session_id")}}
            {{(query.IntentName is null ? "" : "AND {Interaction.IntentName} = @intent")}}
            {{(query.IntentCategory is null ? "" : "AND {Interaction.IntentCategory} = @category")}}
            {{(query.Outcome is null ? "" : "AND {Interaction.Outcome} = @outcome")}}
            {{(query.From is null ? "" : "AND {Interaction.Timestamp} >= @from")}}
            {{(query.To is null ? "" : "AND {Interaction.Timestamp} < @to")}}
            {{(query.After is null ? "" : "AND ({Interaction.Timestamp}, {Interaction.Id}) < (@after_time, @after_id)")}}
        ORDER BY {Interaction.Timestamp} DESC, {Interaction.Id} DESC
        LIMIT @limit
        """);

    /// <summary>One page, newest first. A filter stands in the text only where it is asked for, so that its index serves it.</summary>
    public SqlStatement QueryEscalations(EscalationQuery query) => Statement($$"""
        SELECT {Escalation.*}
        FROM {Escalation}
        WHERE true
            {{(query.InteractionId is null ? "" : "AND {Escalation.InteractionId} = @interaction_id")}}
            {{(query.TriggerType is null ? "" : "AND {Escalation.TriggerType} = @trigger")}}
            {{(query.From is null ? "" : "AND {Escalation.CreatedAt} >= @from")}}
            {{(query.To is null ? "" : "AND {Escalation.CreatedAt} < @to")}}
            {{(query.After is null ? "" : "AND ({Escalation.CreatedAt}, {Escalation.Id}) < (@after_time, @after_id)")}}
        ORDER BY {Escalation.CreatedAt} DESC, {Escalation.Id} DESC
        LIMIT @limit
        """);
}
