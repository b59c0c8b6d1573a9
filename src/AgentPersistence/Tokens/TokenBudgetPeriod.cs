namespace AgentPersistence.Tokens;

/// <summary>How often what a budget has used starts again from zero. Periods are UTC.</summary>
public enum TokenBudgetPeriod
{
    /// <summary>Every hour.</summary>
    Hour,

    /// <summary>Every day, at midnight.</summary>
    Day,

    /// <summary>Every week, on Monday at midnight.</summary>
    Week,

    /// <summary>Every month, on the first at midnight.</summary>
    Month,

    /// <summary>Never.</summary>
    Total,
}
