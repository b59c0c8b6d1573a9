namespace AgentPersistence.Auditing;

/// <summary>How the audit log is kept.</summary>
public sealed class AuditOptions
{
    /// <summary>
    /// The connection that <see cref="IAuditMaintenance"/> uses: the same database, as a role that may also update and delete rows of
    /// the log, which the role of every other store should not be allowed to.
    /// </summary>
    /// <remarks>A connection string of the configured provider. Opened at the first prune or erase.</remarks>
    /// <value>The default is null: the connection of every other store.</value>
    public string? MaintenanceConnectionString { get; set; }
}
