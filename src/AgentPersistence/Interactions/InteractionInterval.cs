namespace AgentPersistence.Interactions;

/// <summary>How long one period of a series is. Periods begin at whole hours or days in UTC.</summary>
public enum InteractionInterval
{
    /// <summary>A day.</summary>
    Day,

    /// <summary>An hour.</summary>
    Hour,
}
