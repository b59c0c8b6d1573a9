namespace AgentPersistence.Approvals;

/// <summary>Where an approval stands. It is decided once.</summary>
public enum ApprovalStatus
{
    /// <summary>Nobody has decided.</summary>
    Pending,

    /// <summary>Allowed. Until it is consumed it may still be superseded or expire.</summary>
    Approved,

    /// <summary>Refused, for good.</summary>
    Rejected,

    /// <summary>Replaced by an edited proposal, which needs a decision of its own.</summary>
    Superseded,

    /// <summary>Past its expiry before it was consumed, whether or not <see cref="IApprovalStore.ExpireAsync"/> has run.</summary>
    Expired,
}
