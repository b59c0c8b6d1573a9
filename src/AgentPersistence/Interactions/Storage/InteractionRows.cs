using AgentPersistence.Internal;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Json;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Interactions.Storage;

/// <summary>What callers give turned into rows, and rows into records.</summary>
internal static class InteractionRows
{
    private const int FixedSize = 300;

    public static readonly AppendTable<InteractionEntity> Table = new()
    {
        Id = i => i.Id,
        Size = Size,
        Read = Read,
        Insert = new(
            typeof(InteractionEntity),
            [
                new(nameof(InteractionEntity.Id), StoredType.Id, i => i.Id),
                new(nameof(InteractionEntity.Timestamp), StoredType.Time, i => i.Timestamp),
                new(nameof(InteractionEntity.AssistantMode), StoredType.Text, i => i.AssistantMode),
                new(nameof(InteractionEntity.SessionId), StoredType.Text, i => i.SessionId),
                new(nameof(InteractionEntity.UserQuery), StoredType.Text, i => i.UserQuery),
                new(nameof(InteractionEntity.IntentName), StoredType.Text, i => i.IntentName),
                new(nameof(InteractionEntity.IntentCategory), StoredType.Text, i => i.IntentCategory),
                new(nameof(InteractionEntity.ClassificationReason), StoredType.Text, i => i.ClassificationReason),
                new(nameof(InteractionEntity.Step1IntentCompleted), StoredType.Flag, i => i.Step1IntentCompleted),
                new(nameof(InteractionEntity.Step2RoutingDecision), StoredType.Text, i => i.Step2RoutingDecision),
                new(nameof(InteractionEntity.Step3RetrievalPerformed), StoredType.Flag, i => i.Step3RetrievalPerformed),
                new(nameof(InteractionEntity.Step4ResponseGenerated), StoredType.Flag, i => i.Step4ResponseGenerated),
                new(nameof(InteractionEntity.Step5ConfidenceScore), StoredType.Real, i => i.Step5ConfidenceScore),
                new(nameof(InteractionEntity.Step6EscalationTriggered), StoredType.Flag, i => i.Step6EscalationTriggered),
                new(nameof(InteractionEntity.Outcome), StoredType.Text, i => i.Outcome),
                new(nameof(InteractionEntity.ConfidenceScore), StoredType.Real, i => i.ConfidenceScore),
                new(nameof(InteractionEntity.EscalationReason), StoredType.Text, i => i.EscalationReason),
                new(nameof(InteractionEntity.ResponseText), StoredType.Text, i => i.ResponseText),
                new(nameof(InteractionEntity.Citations), StoredType.Json, i => i.Citations),
                new(nameof(InteractionEntity.RetrievedChunksCount), StoredType.Number, i => (long?)i.RetrievedChunksCount),
                new(nameof(InteractionEntity.ProcessingTimeMs), StoredType.Number, i => (long?)i.ProcessingTimeMs),
                new(nameof(InteractionEntity.CreatedAt), StoredType.Time, i => i.CreatedAt),
            ]),
    };

    /// <exception cref="ArgumentException">A member of the interaction breaks its documented rule.</exception>
    public static InteractionEntity Prepare(NewInteraction interaction, StoreExecutor executor)
    {
        ArgumentNullException.ThrowIfNull(interaction);
        var now = executor.Dialect.Now;
        var steps = interaction.Steps ?? throw new ArgumentNullException(nameof(interaction.Steps));
        return new InteractionEntity
        {
            Id = executor.Ids.Next(),
            Timestamp = Input.Time(interaction.Timestamp) ?? now,
            AssistantMode = EnumText<AssistantMode>.From(Input.Defined(interaction.AssistantMode, nameof(interaction.AssistantMode))),
            SessionId = Input.OptionalKey(interaction.SessionId, nameof(interaction.SessionId)),
            UserQuery = Input.RequiredText(interaction.UserQuery, nameof(interaction.UserQuery)),
            IntentName = Input.Name(interaction.IntentName, nameof(interaction.IntentName)),
            IntentCategory = TextOf(interaction.IntentCategory, nameof(interaction.IntentCategory)),
            ClassificationReason = Input.Text(interaction.ClassificationReason),
            Step1IntentCompleted = steps.IntentCompleted,
            Step2RoutingDecision = Input.Name(steps.RoutingDecision, nameof(steps.RoutingDecision)),
            Step3RetrievalPerformed = steps.RetrievalPerformed,
            Step4ResponseGenerated = steps.ResponseGenerated,
            Step5ConfidenceScore = Score(steps.ConfidenceScore, nameof(steps.ConfidenceScore)),
            Step6EscalationTriggered = steps.EscalationTriggered,
            Outcome = EnumText<InteractionOutcome>.From(Input.Defined(interaction.Outcome, nameof(interaction.Outcome))),
            ConfidenceScore = Score(interaction.ConfidenceScore, nameof(interaction.ConfidenceScore)),
            EscalationReason = Input.Text(interaction.EscalationReason),
            ResponseText = Input.Text(interaction.ResponseText),
            Citations = Input.Json(interaction.Citations, nameof(interaction.Citations), executor.Options.MaxJsonBytes),
            RetrievedChunksCount = (int?)Input.NotNegative(interaction.RetrievedChunksCount, nameof(interaction.RetrievedChunksCount)),
            ProcessingTimeMs = (int?)Input.NotNegative(interaction.ProcessingTimeMs, nameof(interaction.ProcessingTimeMs)),
            CreatedAt = now,
        };
    }

    public static string? TextOf<TEnum>(TEnum? value, string argument)
        where TEnum : struct, Enum => value is { } given ? EnumText<TEnum>.From(Input.Defined(given, argument)) : null;

    public static Interaction Record(InteractionEntity row) => new()
    {
        Id = row.Id,
        Timestamp = row.Timestamp,
        AssistantMode = EnumText<AssistantMode>.Parse(row.AssistantMode),
        SessionId = row.SessionId,
        UserQuery = row.UserQuery,
        IntentName = row.IntentName,
        IntentCategory = row.IntentCategory is { } category ? EnumText<IntentCategory>.Parse(category) : null,
        ClassificationReason = row.ClassificationReason,
        Steps = new InteractionSteps
        {
            IntentCompleted = row.Step1IntentCompleted,
            RoutingDecision = row.Step2RoutingDecision,
            RetrievalPerformed = row.Step3RetrievalPerformed,
            ResponseGenerated = row.Step4ResponseGenerated,
            ConfidenceScore = row.Step5ConfidenceScore,
            EscalationTriggered = row.Step6EscalationTriggered,
        },
        Outcome = EnumText<InteractionOutcome>.Parse(row.Outcome),
        ConfidenceScore = row.ConfidenceScore,
        EscalationReason = row.EscalationReason,
        ResponseText = row.ResponseText,
        Citations = StoredJson.Parse(row.Citations),
        RetrievedChunksCount = row.RetrievedChunksCount,
        ProcessingTimeMs = row.ProcessingTimeMs,
        CreatedAt = row.CreatedAt,
    };

    /// <summary>Reads <c>{Interaction.*}</c>.</summary>
    public static InteractionEntity Read(StoreReader row)
    {
        var columns = row.Table<InteractionEntity>();
        return new InteractionEntity
        {
            Id = row.Id(columns.Ordinal(nameof(InteractionEntity.Id))),
            Timestamp = row.Time(columns.Ordinal(nameof(InteractionEntity.Timestamp))),
            AssistantMode = row.Text(columns.Ordinal(nameof(InteractionEntity.AssistantMode))),
            SessionId = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.SessionId))),
            UserQuery = row.Text(columns.Ordinal(nameof(InteractionEntity.UserQuery))),
            IntentName = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.IntentName))),
            IntentCategory = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.IntentCategory))),
            ClassificationReason = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.ClassificationReason))),
            Step1IntentCompleted = row.Flag(columns.Ordinal(nameof(InteractionEntity.Step1IntentCompleted))),
            Step2RoutingDecision = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.Step2RoutingDecision))),
            Step3RetrievalPerformed = row.Flag(columns.Ordinal(nameof(InteractionEntity.Step3RetrievalPerformed))),
            Step4ResponseGenerated = row.Flag(columns.Ordinal(nameof(InteractionEntity.Step4ResponseGenerated))),
            Step5ConfidenceScore = row.RealOrNull(columns.Ordinal(nameof(InteractionEntity.Step5ConfidenceScore))),
            Step6EscalationTriggered = row.Flag(columns.Ordinal(nameof(InteractionEntity.Step6EscalationTriggered))),
            Outcome = row.Text(columns.Ordinal(nameof(InteractionEntity.Outcome))),
            ConfidenceScore = row.RealOrNull(columns.Ordinal(nameof(InteractionEntity.ConfidenceScore))),
            EscalationReason = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.EscalationReason))),
            ResponseText = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.ResponseText))),
            Citations = row.TextOrNull(columns.Ordinal(nameof(InteractionEntity.Citations))),
            RetrievedChunksCount = (int?)row.NumberOrNull(columns.Ordinal(nameof(InteractionEntity.RetrievedChunksCount))),
            ProcessingTimeMs = (int?)row.NumberOrNull(columns.Ordinal(nameof(InteractionEntity.ProcessingTimeMs))),
            CreatedAt = row.Time(columns.Ordinal(nameof(InteractionEntity.CreatedAt))),
        };
    }

    private static int Size(InteractionEntity row) =>
        FixedSize + row.UserQuery.Length + Length(row.ClassificationReason) + Length(row.EscalationReason) + Length(row.ResponseText)
        + Length(row.Citations);

    private static int Length(string? text) => text?.Length ?? 0;

    // Not a number compares with nothing, so it is refused too.
    private static double? Score(double? value, string argument) => value is null or (>= 0 and <= 1)
        ? value
        : throw new ArgumentOutOfRangeException(argument, "A confidence score must be between 0 and 1.");
}
