using System.ComponentModel.DataAnnotations;

namespace AgentPersistence.Sessions;

/// <summary>Defaults for sessions.</summary>
public sealed class SessionOptions
{
    /// <summary>How long a session lives after its last activity when <see cref="NewSession.TimeToLive"/> does not say.</summary>
    /// <remarks>From one second to ten years.</remarks>
    /// <value>The default is null: for ever.</value>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan? TimeToLive { get; set; }
}
