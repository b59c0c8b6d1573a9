namespace AgentPersistence.Interactions;

/// <summary>What the six steps of the pipeline did, for debugging. By default none was reached.</summary>
public sealed record InteractionSteps
{
    /// <summary>Step 1: whether the intent was classified.</summary>
    public bool IntentCompleted { get; init; }

    /// <summary>Step 2: where the query was sent; null for nowhere. Free text of at most 255 characters.</summary>
    public string? RoutingDecision { get; init; }

    /// <summary>Step 3: whether documents were retrieved.</summary>
    public bool RetrievalPerformed { get; init; }

    /// <summary>Step 4: whether a response was generated.</summary>
    public bool ResponseGenerated { get; init; }

    /// <summary>Step 5: how confident the pipeline was then, 0 to 1; null for not asked.</summary>
    public double? ConfidenceScore { get; init; }

    /// <summary>Step 6: whether the pipeline escalated.</summary>
    public bool EscalationTriggered { get; init; }
}
