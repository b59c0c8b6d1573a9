using System.Globalization;
using System.Text.Json;
using AgentPersistence.Benchmarks.Conversations;
using AgentPersistence.Interactions;

namespace AgentPersistence.Benchmarks.Interactions;

/// <summary>
/// What users of a bank ask: question and answer are as long as messages, answers cite three chunks, one in ten is escalated, and a session
/// is six interactions.
/// </summary>
internal static class InteractionSamples
{
    private const int InteractionsOfSession = 6;

    private static readonly (string Name, IntentCategory Category)[] Intents =
    [
        ("balance_inquiry", IntentCategory.Automatable), ("card_replacement", IntentCategory.Automatable),
        ("loan_terms", IntentCategory.Sensitive), ("fee_dispute", IntentCategory.Sensitive), ("fraud_report", IntentCategory.HumanOnly),
    ];

    private static readonly JsonElement[] Citations = [.. Enumerable.Range(0, 16).Select(Cite)];

    private static long s_next;

    public static NewInteraction Next()
    {
        var number = Interlocked.Increment(ref s_next);
        var (intent, isEscalated) = (Intents[number % Intents.Length], number % 10 == 0);
        var confidence = 0.5 + (number % 50 / 100.0);
        return new NewInteraction
        {
            AssistantMode = number % 4 == 0 ? AssistantMode.Banker : AssistantMode.Customer,
            SessionId = string.Create(CultureInfo.InvariantCulture, $"session-{number / InteractionsOfSession:x10}"),
            UserQuery = MessageTexts.At(2 * number),
            IntentName = intent.Name,
            IntentCategory = intent.Category,
            ClassificationReason = "named by the user",
            Steps = new InteractionSteps
            {
                IntentCompleted = true,
                RoutingDecision = isEscalated ? "human" : "retrieval",
                RetrievalPerformed = !isEscalated,
                ResponseGenerated = !isEscalated,
                ConfidenceScore = confidence,
                EscalationTriggered = isEscalated,
            },
            Outcome = isEscalated ? InteractionOutcome.Escalated : InteractionOutcome.Resolved,
            ConfidenceScore = confidence,
            EscalationReason = isEscalated ? "low confidence" : null,
            ResponseText = isEscalated ? null : MessageTexts.At((2 * number) + 1),
            Citations = isEscalated ? null : Citations[number % Citations.Length],
            RetrievedChunksCount = isEscalated ? 0 : 3,
            ProcessingTimeMs = 400 + (int)(number % 900),
        };
    }

    private static JsonElement Cite(int number) => JsonSerializer.SerializeToElement(Enumerable.Range(1, 3).Select(chunk => new
    {
        source = $"terms-{number}.pdf",
        chunk,
        score = 0.9 - (chunk / 10.0),
    }));
}
