namespace AgentPersistence.Approvals;

/// <summary>What an approver decides.</summary>
public enum ApprovalDecision
{
    /// <summary>The action may be taken, once, exactly as proposed.</summary>
    Approve,

    /// <summary>The action must not be taken.</summary>
    Reject,
}
