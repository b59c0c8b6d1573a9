namespace AgentPersistence.Sessions;

/// <summary>Where a session stands. Only an active one can be saved.</summary>
public enum SessionStatus
{
    /// <summary>In use.</summary>
    Active,

    /// <summary>Ended, its purpose reached.</summary>
    Completed,

    /// <summary>Ended, given up.</summary>
    Abandoned,

    /// <summary>Past its expiry, whether or not clean-up has run.</summary>
    Expired,
}
